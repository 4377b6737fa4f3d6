import type { FindingRow } from '$lib/api/types';
import { t } from '$lib/messages';
import { exact, rough, share, short } from '$lib/text/format';

/** What a finding is, in a few words. */
export function what(finding: FindingRow): string {
  const kind = t.trends.kinds[finding.kind] ?? finding.kind;
  if (finding.detail.of === 'series')
    return t.trends.of(kind, t.trends.metrics[finding.detail.metric] ?? finding.detail.metric);
  if (finding.detail.of === 'terms') return t.trends.of(kind, finding.detail.terms[0]?.text ?? '');
  return kind;
}

/** What was to be expected; a part of one is not said more exactly than it is known. */
const expectation = (value: number) => (value < 0.95 ? t.trends.underOne : rough(value));

/** How large it is, against what was to be expected; `named` says of what, where it stands alone. */
export function size(finding: FindingRow, named = false): { text: string; factor: string | null } {
  const { detail } = finding;
  if (detail.of === 'series') {
    const part = detail.metric === 'negative_share';
    const factor =
      !part && detail.expected > 0.5 && detail.value > detail.expected
        ? t.trends.times(rough(detail.value / detail.expected))
        : null;
    const value = part ? share(detail.value) : short(Math.round(detail.value));
    const amount = named ? `${value} ${part ? t.trends.negative : (t.trends.metrics[detail.metric] ?? '')}` : value;
    return { text: t.trends.sized(amount, part ? share(detail.expected) : expectation(detail.expected)), factor };
  }
  if (detail.of === 'terms') {
    const first = detail.terms[0];
    const text = first ? t.trends.sized(t.trends.voices(exact(first.authors)), expectation(first.expected)) : '';
    return { text, factor: null };
  }
  if (detail.of === 'shares') return { text: t.trends.accounts(detail.accounts.length, detail.objects), factor: null };
  return { text: '', factor: null };
}

/** How often chance alone would do this. */
export function chance(finding: FindingRow): string {
  if (finding.detail.of !== 'series') return '';
  const rate = finding.detail.per_week;
  if (rate >= 1) return t.trends.weekly(rough(rate));
  const weeks = 1 / Math.max(rate, 1e-9);
  if (weeks < 104) return t.trends.everyWeeks(short(Math.round(weeks)));
  return weeks / 52 > 20 ? t.trends.rarer : t.trends.everyYears(short(Math.round(weeks / 52)));
}

export const GROUPS = {
  all: '',
  peaks: 'peak,drop,silence',
  trends: 'trend,new_topic',
  mood: 'sentiment_shift',
  accounts: 'coordination',
} as const;
export type Group = keyof typeof GROUPS;
export const groupNames = Object.keys(GROUPS) as Group[];

import type { FindingRow } from '$lib/api/types';
import { t } from '$lib/messages';
import { decimal, share, short } from '$lib/text/format';

/** What a finding is, in a few words. */
export function what(finding: FindingRow): string {
  const kind = t.trends.kinds[finding.kind] ?? finding.kind;
  if (finding.detail.of === 'series')
    return t.trends.of(kind, t.trends.metrics[finding.detail.metric] ?? finding.detail.metric);
  if (finding.detail.of === 'terms') return t.trends.of(kind, finding.detail.terms[0]?.text ?? '');
  return kind;
}

/** How large it is, against what was to be expected. */
export function size(finding: FindingRow): { text: string; factor: string | null } {
  const { detail } = finding;
  if (detail.of === 'series') {
    const figure = (value: number) =>
      detail.metric === 'negative_share' ? share(value) : value < 10 ? decimal(value) : short(Math.round(value));
    const factor =
      detail.metric !== 'negative_share' && detail.expected > 0.5 && detail.value > detail.expected
        ? t.trends.times(decimal(detail.value / detail.expected))
        : null;
    const value = detail.metric === 'negative_share' ? share(detail.value) : short(Math.round(detail.value));
    return { text: t.trends.sized(value, figure(detail.expected)), factor };
  }
  if (detail.of === 'terms') {
    const first = detail.terms[0];
    return { text: first ? t.trends.sized(t.trends.voices(first.authors), decimal(first.expected)) : '', factor: null };
  }
  if (detail.of === 'shares') return { text: t.trends.accounts(detail.accounts.length, detail.objects), factor: null };
  return { text: '', factor: null };
}

/** How often chance alone would do this. */
export function chance(finding: FindingRow): string {
  if (finding.detail.of !== 'series') return '';
  const rate = finding.detail.per_week;
  if (rate >= 1) return t.trends.weekly(decimal(rate));
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

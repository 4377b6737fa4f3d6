import type { Value } from '$lib/api/types';
import { t } from '$lib/messages';
import { locale } from '$lib/messages/language';
import { exact, points, share, short } from '$lib/text/format';

/** How a figure is written: a number of things, a part of a whole, a balance in points, any number. */
export type Form = 'count' | 'share' | 'net' | 'number';

const COUNTS = new Set([
  'mentions',
  'authors',
  'texts',
  'copies',
  'negative',
  'neutral',
  'positive',
  'scored',
  'engagement',
  'audience',
]);

export function formOf(metric: string): Form {
  if (metric === 'net_sentiment') return 'net';
  if (COUNTS.has(metric)) return 'count';
  return metric === 'engagement_rate' || /share/.test(metric)
    ? metric.startsWith('=')
      ? 'number'
      : 'share'
    : 'number';
}

/** The name of a metric; a formula is its own name. */
export function metricName(metric: string): string {
  return t.explore.metrics[metric] ?? metric.replace(/^=/, '');
}

/** The name of a cut. */
export const cutName = (by: string): string => t.explore.cuts[by] ?? t.filter.by[by as keyof typeof t.filter.by] ?? by;

const plain = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });

/** A number of a form, every digit that counts. */
export function numberText(form: Form, value: number): string {
  switch (form) {
    case 'count':
      return exact(value);
    case 'share':
      return share(value);
    case 'net':
      return points(value);
    default:
      return Math.abs(value) >= 1000 ? exact(value) : plain.format(value);
  }
}

/** The same, short: for an axis. */
export function axisText(form: Form, value: number): string {
  return form === 'count' ? short(value) : numberText(form, value);
}

export function valueText(form: Form, value: Value | undefined): string {
  return value?.value == null ? '–' : numberText(form, value.value);
}

/** The interval of a figure, `39 % to 45 %`; `null` where it has none. */
export function intervalText(form: Form, value: Value | undefined): string | null {
  if (value?.value == null || value.low == null || value.high == null) return null;
  return t.explore.range(numberText(form, value.low), numberText(form, value.high));
}

/** A figure with all that is known of it, in one line. */
export function fullText(form: Form, value: Value | undefined): string {
  if (value?.value == null) return t.explore.fewer;
  const interval = intervalText(form, value);
  const parts = [numberText(form, value.value)];
  if (interval) parts.push(`(${interval})`);
  if (value.n != null) parts.push(t.explore.nOf(exact(value.n)));
  return parts.join(' ');
}

import type { Measured } from '$lib/api/types';
import { formOf, fullText, intervalText, metricName, valueText } from '$lib/measure/value';
import { change, headline, pointChange, SMALL_SAMPLE, type Change } from '$lib/text/format';

/** A figure of the whole period, as it is set in type. */
export interface Figure {
  metric: string;
  name: string;
  text: string;
  /** All that is known of it, in one line. */
  full: string;
  /** Its interval; `null` where it has none. */
  range: string | null;
  /** Whether it rests on too few to say much. */
  few: boolean;
  moved: Change | null;
  /** How far it moved, with its unit. */
  amount: string;
}

/** The figures of an answer, each with its interval and how it moved. */
export function figuresOf(answer: Measured): Figure[] {
  return answer.metrics.map((metric, i) => {
    const form = formOf(metric);
    const value = answer.total[i];
    const before = answer.before?.total[i]?.value ?? undefined;
    const now = value?.value ?? undefined;
    const points = form === 'net' || form === 'share';
    const moved: Change | null =
      now === undefined || before === undefined ? null : points ? pointChange(now, before) : change(now, before);
    return {
      metric,
      name: metricName(metric),
      text: form === 'count' && now !== undefined ? headline(now) : valueText(form, value),
      full: fullText(form, value),
      range: intervalText(form, value),
      few: value?.n != null && value.n < SMALL_SAMPLE,
      moved,
      amount: moved && points ? `${moved.amount} pp` : (moved?.amount ?? ''),
    };
  });
}

export const ARROWS = { up: '↑', down: '↓', same: '→' } as const;

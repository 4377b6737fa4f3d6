import type { Measured, Value } from '$lib/api/types';

/** What is known of a country in a period. */
export interface Place {
  /** ISO 3166-1, two letters. */
  country: string;
  mentions: number;
  authors: number | null;
  net: Value | undefined;
}

/** The countries of an answer that is cut by country, most mentions first, and how many mentions name no place. */
export function placesOf(answer: Measured): { places: Place[]; unknown: number; total: number } {
  const at = (metric: string) => answer.metrics.indexOf(metric);
  const total = answer.total[at('mentions')]?.value ?? 0;
  const keys = answer.axes[0]?.keys ?? [];
  const places = keys
    .map((key, i) => ({
      key,
      mentions: answer.rows[i]?.[at('mentions')]?.value ?? 0,
      authors: answer.rows[i]?.[at('authors')]?.value ?? null,
      net: answer.rows[i]?.[at('net_sentiment')],
    }))
    .filter(({ key, mentions }) => !key.other && !key.hidden && key.key !== '' && mentions > 0)
    .map(({ key, ...rest }) => ({ country: key.key, ...rest }))
    .toSorted((a, b) => b.mentions - a.mentions || a.country.localeCompare(b.country));
  const known = places.reduce((sum, { mentions }) => sum + mentions, 0);
  return { places, unknown: Math.max(0, total - known), total };
}

/** A class of counts, both ends inclusive. */
export interface Step {
  low: number;
  high: number;
}

const NICE = [1, 2, 5];

/** Classes of counts for shading, at most `most` of them: each about as many times the one before, with round limits. */
export function stepsOf(counts: readonly number[], most = 5): Step[] {
  const high = Math.max(0, ...counts);
  if (high < 1) return [];
  const factor = Math.max(2, high ** (1 / most));
  const limits = [1];
  for (let i = 1; i < most; i += 1) {
    const wanted = factor ** i;
    const ten = 10 ** Math.floor(Math.log10(wanted));
    const nice = [...NICE, 10].map((one) => one * ten).findLast((one) => one <= wanted * 1.01) ?? wanted;
    if (nice > (limits.at(-1) ?? 0) && nice <= high) limits.push(nice);
  }
  return limits.map((low, i) => ({ low, high: (limits[i + 1] ?? high + 1) - 1 }));
}

/** The class that a count is in. */
export function classOf(count: number, steps: readonly Step[]): number {
  return Math.max(
    0,
    steps.findLastIndex(({ low }) => count >= low),
  );
}

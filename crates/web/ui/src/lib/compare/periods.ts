import type { Difference, Measured, Value } from '$lib/api/types';

/** Counts that a comparison is read by: posts, texts without their copies, people. */
export const COUNTED = ['mentions', 'texts', 'authors'] as const;
export type Counted = (typeof COUNTED)[number];

/** What stands in the ranking, beside the earlier period, by what it is about. */
export const GROUPED: Record<string, readonly string[]> = {
  volume: ['mentions', 'texts', 'authors'],
  voice: ['share_of_voice', 'share_of_authors'],
  sentiment: ['net_sentiment', 'negative_share', 'neutral_share', 'positive_share'],
  engagement: ['engagement', 'engagement_per_mention', 'voices'],
};
export const RANKED = Object.values(GROUPED).flat();

/** The letter of a column: A, B, C. */
export const letter = (place: number): string => String.fromCharCode(65 + place);

export interface Row {
  monitor: string;
  label: string;
  values: Value[];
  before: Value[] | null;
}

/** The rows of an answer that is cut by monitor. */
export function rowsOf(answer: Measured): Row[] {
  return (answer.axes[0]?.keys ?? []).flatMap((key, i) =>
    key.other
      ? []
      : [{ monitor: key.key, label: key.label, values: answer.rows[i] ?? [], before: answer.before?.rows[i] ?? null }],
  );
}

/** Rows by one of their values; what is not known stands last, whichever way round. */
export function sorted(rows: readonly Row[], place: number, rising: boolean): Row[] {
  const known = (row: Row) => row.values[place]?.value ?? null;
  return rows.toSorted((a, b) => {
    const [x, y] = [known(a), known(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return rising ? x - y : y - x;
  });
}

/** From which other monitors one differs in a measure, beyond chance when all differences are looked at together. */
export function differsFrom(differences: readonly Difference[], monitor: string, measure: string): string[] {
  return differences
    .filter((one) => one.beyond_chance && one.measure === measure && (one.a === monitor || one.b === monitor))
    .map((one) => (one.a === monitor ? one.b : one.a));
}

/** How a value moved: in parts of what it was, or for shares and balances in points; `null` where either is not known. */
export function moved(form: 'count' | 'share' | 'net' | 'number', now?: Value, before?: Value): number | null {
  if (now?.value == null || before?.value == null) return null;
  if (form === 'share' || form === 'net') return now.value - before.value;
  return before.value === 0 ? null : now.value / before.value - 1;
}

/** Whether two intervals lie apart: then the move is more than what is not known of the two. `null`: one has none. */
export function apart(now?: Value, before?: Value): boolean | null {
  if (now?.low == null || now.high == null || before?.low == null || before.high == null) return null;
  return now.low > before.high || now.high < before.low;
}

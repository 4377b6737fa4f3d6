import type { ModelCard, ReliabilityBin, SetQuality } from '$lib/api/types';
import { SMALL_SAMPLE } from '$lib/text/format';

/** A share with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** What a set's quality is measured by. */
export const MEASURES = ['accuracy', 'macro_f1', 'macro_recall'] as const;
export type Measure = (typeof MEASURES)[number];

/** Wilson's interval of a share: holds for few answers and for shares near 0 and 1, too. */
export function wilson(share: number, n: number): Interval {
  if (n === 0) return { value: 0, low: 0, high: 1 };
  const z2 = 1.96 ** 2;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (1.96 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** The share of right answers over all sets of a card together. */
export function pooled(card: ModelCard): Interval & { n: number } {
  const n = card.validation.reduce((sum, set) => sum + set.n, 0);
  const right = card.validation.reduce((sum, set) => sum + set.n * (set.accuracy[0] ?? 0), 0);
  return { ...wilson(n === 0 ? 0 : right / n, n), n };
}

export function measured(set: SetQuality, by: Measure): Interval {
  const [value = 0, low = value, high = value] = set[by];
  return { value, low, high };
}

/** What one would reach by always giving the commonest label; `null` where the labels were not counted. */
export function commonest(sets: readonly SetQuality[]): number | null {
  const rows = new Map<string, number>();
  for (const set of sets)
    set.labels.forEach((label, i) => {
      const count = (set.confusion[i] ?? []).reduce((sum, count) => sum + count, 0);
      rows.set(label, (rows.get(label) ?? 0) + count);
    });
  const all = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return all === 0 ? null : Math.max(...rows.values()) / all;
}

export interface Matrix {
  labels: string[];
  /** Posts by true (row) and given (column) label. */
  counts: number[][];
}

/** The matrices of several sets together; `null` where none was counted. */
export function confusion(sets: readonly SetQuality[], order: readonly string[]): Matrix | null {
  const counted = sets.filter((set) => set.labels.length > 0);
  if (counted.length === 0) return null;
  const known = new Set(counted.flatMap((set) => set.labels));
  const labels = [
    ...order.filter((label) => known.has(label)),
    ...[...known].filter((label) => !order.includes(label)),
  ];
  const counts = labels.map(() => labels.map(() => 0));
  for (const set of counted)
    set.labels.forEach((truth, i) =>
      set.labels.forEach((given, j) => {
        const row = counts[labels.indexOf(truth)];
        const column = labels.indexOf(given);
        if (row) row[column] = (row[column] ?? 0) + (set.confusion[i]?.[j] ?? 0);
      }),
    );
  return { labels, counts };
}

/** The bins that hold answers, each with the interval of the share that is right. */
export function answered(bins: readonly ReliabilityBin[]): (ReliabilityBin & Interval)[] {
  return bins.filter((bin) => bin.n > 0).map((bin) => ({ ...bin, ...wilson(bin.accuracy, bin.n) }));
}

/**
 * What says most to a reader: the answers about 80 % sure, of as many neighbouring bins as it takes to speak of a share;
 * `null` where all answers together are too few.
 */
export function telling(bins: readonly ReliabilityBin[], sure = 0.8): (ReliabilityBin & Interval) | null {
  const near = answered(bins).sort((a, b) => Math.abs(a.confidence - sure) - Math.abs(b.confidence - sure));
  let n = 0;
  let confidence = 0;
  let right = 0;
  for (const bin of near) {
    n += bin.n;
    confidence += bin.n * bin.confidence;
    right += bin.n * bin.accuracy;
    if (n >= SMALL_SAMPLE) return { n, confidence: confidence / n, accuracy: right / n, ...wilson(right / n, n) };
  }
  return null;
}

/** Whether the probabilities claim more or less than is kept, on the whole: in points, above 0 where it is right more often than it says. */
export function drift(bins: readonly ReliabilityBin[]): number {
  const n = bins.reduce((sum, bin) => sum + bin.n, 0);
  return n === 0 ? 0 : bins.reduce((sum, bin) => sum + bin.n * (bin.accuracy - bin.confidence), 0) / n;
}

/** The Brier score of one who holds every label for equally likely. */
export function brierOfChance(labels: number): number {
  return labels === 0 ? 1 : 1 - 1 / labels;
}

const TASKS = ['sentiment', 'target', 'emotion', 'complaint', 'offensive', 'irony', 'language'];
const TIERS = ['fast', 'full'];

export interface Task {
  task: string;
  /** By tier, the fast one first. */
  cards: ModelCard[];
}

/** Cards by task, in the order in which a reader asks for them; tasks nobody foresaw come last. */
export function tasks(cards: readonly ModelCard[]): Task[] {
  const place = (list: string[], item: string) => (list.includes(item) ? list.indexOf(item) : list.length);
  const names = [...new Set(cards.map((card) => card.task))];
  names.sort((a, b) => place(TASKS, a) - place(TASKS, b) || a.localeCompare(b));
  return names.map((task) => ({
    task,
    cards: cards
      .filter((card) => card.task === task)
      .sort((a, b) => place(TIERS, a.tier) - place(TIERS, b.tier) || a.id.localeCompare(b.id)),
  }));
}

/** A row of dots with whiskers: one mark for each model. */
export interface WhiskerRow {
  key: string;
  label: string;
  hint?: string;
  /** Whether the page it leads to is the one in sight. */
  here?: boolean;
  href?: string;
  /** In the order of the columns; `null` where a model was not measured. */
  marks: (WhiskerMark | null)[];
  /** What comes of always giving the commonest label. */
  baseline?: number | null;
  /** All posts of the set have the same label. */
  oneLabel?: boolean;
}

/** A model in a chart of whiskers; the hollow one is told from the other by its dot, not by its colour alone. */
export interface Column {
  label: string;
  hollow: boolean;
}

export interface WhiskerMark extends Interval {
  n: number;
}

/** One row for each set, best first. */
export function bySet(cards: readonly ModelCard[], by: Measure, label: (set: string) => string): WhiskerRow[] {
  const sets = [...new Set(cards.flatMap((card) => card.validation.map((set) => set.set)))];
  const rows = sets.map((name): WhiskerRow => {
    const found = cards.map((card) => card.validation.find((set) => set.set === name));
    const common = commonest(found.filter((set) => set !== undefined).slice(-1));
    const source = cards.flatMap((card) => card.trained_on).find((data) => data.name === name)?.source;
    return {
      key: name,
      label: label(name),
      hint: source ? `${name}: ${source}` : name,
      marks: found.map((set) => (set ? { ...measured(set, by), n: set.n } : null)),
      baseline: by === 'accuracy' && common !== 1 ? common : null,
      oneLabel: common === 1,
    };
  });
  const best = (row: WhiskerRow) =>
    Math.max(...row.marks.map((mark) => (mark && mark.n >= SMALL_SAMPLE ? mark.value : -1)));
  return rows.sort((a, b) => best(b) - best(a));
}

import { t } from '$lib/messages/en';
import { wilson, type WhiskerRow } from '$lib/models/quality';
import { exact, share } from '$lib/text/format';

/** Quality as the server measures it, on posts the answering model had not seen. */
export interface Quality {
  n: number;
  accuracy: number;
  macro_f1: number;
  per_class: Record<string, { n: number; precision: number; recall: number; f1: number }>;
  labels: string[];
  /** Posts by true (row) and given (column) label. */
  confusion: number[][];
  ece: number;
  brier: number;
  intervals: { accuracy: [number, number]; macro_f1: [number, number] };
}

export interface LabelCount {
  label: string;
  rows: number;
}

export type Warning =
  | { kind: 'few_rows'; rows: number }
  | { kind: 'few_of_label'; labels: LabelCount[] }
  | { kind: 'imbalance'; label: string; share: number }
  | { kind: 'duplicates'; rows: number; texts: number }
  | { kind: 'contradictions'; texts: number; examples: number[][] }
  | { kind: 'wordless'; rows: number }
  | { kind: 'sampled'; used: number; of: number }
  | { kind: 'no_better'; accuracy: number; most_frequent: number }
  | { kind: 'confused'; pairs: [string, string, number][] };

export interface Report {
  rows: number;
  labels: LabelCount[];
  folds: number;
  quality: Quality;
  /** The same by its words alone, as where there is no time for the encoder. */
  words: Quality | null;
  most_frequent: number;
  ece_before: number;
  abstention: { answered: number; accuracy: number; curve: [number, number][] };
  warnings: Warning[];
}

/** A warning in words: what is the matter, and what to do. */
export function inWords(warning: Warning): [string, string] {
  const w = t.classifiers.warnings;
  switch (warning.kind) {
    case 'few_rows':
      return [w.fewRows(exact(warning.rows)), w.fewRowsDo];
    case 'few_of_label':
      return [w.fewOf(warning.labels.map(({ label, rows }) => `${label} (${exact(rows)})`).join(', ')), w.fewOfDo];
    case 'imbalance':
      return [w.imbalance(share(warning.share), warning.label), w.imbalanceDo];
    case 'duplicates':
      return [w.duplicates(exact(warning.rows), exact(warning.texts)), w.duplicatesDo];
    case 'contradictions':
      return [w.contradictions(exact(warning.texts)), w.contradictionsDo];
    case 'wordless':
      return [w.wordless(exact(warning.rows)), w.wordlessDo];
    case 'sampled':
      return [w.sampled(exact(warning.used), exact(warning.of)), w.sampledDo];
    case 'no_better':
      return [w.noBetter(share(warning.accuracy), share(warning.most_frequent)), w.noBetterDo];
    case 'confused':
      return [w.confused(warning.pairs.map(([a, b, part]) => w.pair(a, b, share(part))).join('; ')), w.confusedDo];
  }
}

/** How well each label is found, and how far its being given can be believed; rarest last. */
export function byLabel(quality: Quality): WhiskerRow[] {
  const rows = quality.labels.map((label, i): WhiskerRow => {
    const truth = (quality.confusion[i] ?? []).reduce((sum, count) => sum + count, 0);
    const given = quality.confusion.reduce((sum, row) => sum + (row[i] ?? 0), 0);
    const right = quality.confusion[i]?.[i] ?? 0;
    const mark = (n: number) => (n === 0 ? null : { ...wilson(right / n, n), n });
    return { key: label, label, marks: [mark(truth), mark(given)] };
  });
  return rows.sort((a, b) => (b.marks[0]?.n ?? 0) - (a.marks[0]?.n ?? 0));
}

/** Balanced score and right answers, with the encoder and by words alone. */
export function headlines(report: Report): WhiskerRow[] {
  const { quality, words } = report;
  const mark = (q: Quality | null, by: 'accuracy' | 'macro_f1') =>
    q ? { value: q[by], low: q.intervals[by][0], high: q.intervals[by][1], n: q.n } : null;
  const marks = (by: 'accuracy' | 'macro_f1') => (words ? [mark(words, by), mark(quality, by)] : [mark(quality, by)]);
  return [
    {
      key: 'macro_f1',
      label: t.models.measures.macro_f1,
      hint: t.models.measureHints.macro_f1,
      marks: marks('macro_f1'),
    },
    {
      key: 'accuracy',
      label: t.models.measures.accuracy,
      hint: t.models.measureHints.accuracy,
      marks: marks('accuracy'),
      baseline: report.most_frequent,
    },
  ];
}

/** Where a curve of abstaining passes a share answered, by the nearest of its points. */
export function atAnswered(curve: readonly [number, number][], answered: number): [number, number] | null {
  return curve.reduce<[number, number] | null>(
    (best, point) => (best === null || Math.abs(point[0] - answered) < Math.abs(best[0] - answered) ? point : best),
    null,
  );
}

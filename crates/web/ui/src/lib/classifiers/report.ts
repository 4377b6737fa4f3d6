import type { ReportWarning, VersionReport } from '$lib/api/types';
import { t } from '$lib/messages';
import { wilson, type WhiskerRow } from '$lib/models/quality';

/** A warning in words: what is the matter, as the server says it, and what to do. */
export function inWords({ code, message }: ReportWarning): [string, string] {
  const sentence = message.charAt(0).toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? '' : '.');
  return [sentence, t.classifiers.advice[code] ?? ''];
}

/** How well each label is found, and how far its being given can be believed; rarest last. */
export function byLabel({ labels, confusion }: Pick<VersionReport, 'labels' | 'confusion'>): WhiskerRow[] {
  const rows = labels.map(({ label, rows, recall, precision }, i): WhiskerRow => {
    const given = confusion.reduce((sum, row) => sum + (row[i] ?? 0), 0);
    const mark = (share: number, n: number) => (n === 0 ? null : { ...wilson(share, n), n });
    return { key: label, label, marks: [mark(recall, rows), mark(precision, given)] };
  });
  return rows.sort((a, b) => (b.marks[0]?.n ?? 0) - (a.marks[0]?.n ?? 0));
}

/** Balanced score and right answers, by its words alone, where that differs, and with all it can read. */
export function headlines(report: VersionReport): WhiskerRow[] {
  const mark = (figure: number[] | null) => {
    if (figure === null) return null;
    const [value = 0, low = value, high = value] = figure;
    return { value, low, high, n: report.rows };
  };
  const marks = (words: number[] | null, all: number[]) =>
    report.words_accuracy === null ? [mark(all)] : [mark(words), mark(all)];
  const { measures, measureHints } = t.models;
  return [
    { key: 'macro_f1', label: measures.macro_f1, hint: measureHints.macro_f1, marks: marks(null, report.macro_f1) },
    {
      key: 'accuracy',
      label: measures.accuracy,
      hint: measureHints.accuracy,
      marks: marks(report.words_accuracy, report.accuracy),
      baseline: report.most_frequent,
    },
  ];
}

/** Where a curve of abstaining passes a share answered, by the nearest of its points: share answered and share right. */
export function atAnswered(curve: readonly number[][], answered: number): number[] | null {
  const gap = (point: number[]) => Math.abs((point[0] ?? 0) - answered);
  return curve.reduce<number[] | null>((best, point) => (best === null || gap(point) < gap(best) ? point : best), null);
}

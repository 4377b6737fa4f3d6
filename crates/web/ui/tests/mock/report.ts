import type { LabelRows, ReportWarning, VersionReport } from '../../src/lib/api/types.ts';

/** A made-up report of a classifier trained on so many posts of each label: the more, the better. */
export function report(labels: LabelRows[], contradictions = 0): VersionReport {
  const rows = labels.reduce((sum, { rows }) => sum + rows, 0);
  const right = 0.9 - 0.45 * Math.exp(-rows / 120);
  const most = Math.max(...labels.map(({ rows }) => rows));
  const confusion = labels.map(({ rows }, i) => {
    const hits = Math.round(rows * Math.min(0.98, right + (i === 0 ? 0.04 : -0.03 * i)));
    const misses = rows - hits;
    const others = labels.map((_, j) => (j === i ? 0 : Math.floor(misses / (labels.length - 1))));
    const rest = misses - others.reduce((sum, count) => sum + count, 0);
    const next = (i + 1) % labels.length;
    return others.map((count, j) => (j === i ? hits : j === next ? count + rest : count));
  });
  const quality = labels.map(({ label, rows }, i) => {
    const given = confusion.reduce((sum, row) => sum + (row[i] ?? 0), 0);
    const hits = confusion[i]?.[i] ?? 0;
    const [precision, recall] = [given === 0 ? 0 : hits / given, rows === 0 ? 0 : hits / rows];
    return { label, rows, precision, recall, f1: (2 * precision * recall) / (precision + recall || 1) };
  });
  const accuracy = confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / rows;
  const macro = quality.reduce((sum, { f1 }) => sum + f1, 0) / quality.length;
  const around = (value: number, wide: number) => {
    const half = wide * Math.sqrt((value * (1 - value)) / rows);
    return [value, Math.max(0, value - half), Math.min(1, value + half)];
  };
  return {
    rows,
    folds: rows < 500 ? 10 : 5,
    accuracy: around(accuracy, 1.96),
    macro_f1: around(macro, 2.3),
    words_accuracy: around(accuracy - 0.07, 1.96),
    most_frequent: most / rows,
    ece: [0.11, 0.034],
    answered: [0.95, Math.min(1, accuracy + 0.015)],
    curve: [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1].map((answered) => [
      answered,
      accuracy + (1 - accuracy) * (1 - answered) ** 0.7 * 0.9,
    ]),
    labels: quality,
    confusion,
    warnings: warnings(labels, rows, most, contradictions),
  };
}

function warnings(labels: LabelRows[], rows: number, most: number, contradictions: number): ReportWarning[] {
  const out: ReportWarning[] = [];
  const say = (code: string, message: string) => out.push({ code, message });
  if (rows < 200) say('few_rows', `${rows} rows: take the figures with their wide intervals`);
  const few = labels.filter((label) => label.rows < 8).map(({ label, rows }) => `${label} (${rows})`);
  if (few.length > 0) say('few_of_label', `too few rows to learn or judge: ${few.join(' ')}`);
  const top = labels.find((label) => label.rows === most);
  if (top && most > 0.8 * rows)
    say('imbalance', `${Math.round((most / rows) * 100)} % of the rows are ${top.label}: label more of the others`);
  if (rows > 100) say('duplicates', '6 rows repeat one of 4 texts; repetitions teach nothing more');
  if (contradictions > 0)
    say('contradictions', `${contradictions} ${contradictions === 1 ? 'text has' : 'texts have'} different labels`);
  return out;
}

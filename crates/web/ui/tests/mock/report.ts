import type { LabelCount, Quality, Report, Warning } from '../../src/lib/classifiers/report.ts';

/** A made-up report of a classifier trained on so many posts of each label: the more, the better. */
export function report(labels: LabelCount[], contradictions: number): Report {
  const rows = labels.reduce((sum, { rows }) => sum + rows, 0);
  const right = 0.9 - 0.45 * Math.exp(-rows / 120);
  const most = Math.max(...labels.map(({ rows }) => rows));
  return {
    rows,
    labels,
    folds: rows < 500 ? 10 : 5,
    quality: quality(labels, right),
    words: quality(labels, right - 0.08),
    most_frequent: most / rows,
    ece_before: 0.11,
    abstention: {
      answered: 0.95,
      accuracy: Math.min(1, right + 0.015),
      curve: [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1].map((answered): [number, number] => [
        answered,
        right + (1 - right) * (1 - answered) ** 0.7 * 0.9,
      ]),
    },
    warnings: warnings(labels, rows, most, contradictions),
  };
}

function quality(labels: LabelCount[], right: number): Quality {
  const confusion = labels.map(({ rows }, i) => {
    const hits = Math.round(rows * Math.min(0.98, right + (i === 0 ? 0.04 : -0.03 * i)));
    const misses = rows - hits;
    const others = labels.map((_, j) => (j === i ? 0 : Math.floor(misses / (labels.length - 1))));
    const rest = misses - others.reduce((sum, count) => sum + count, 0);
    const next = (i + 1) % labels.length;
    return others.map((count, j) => (j === i ? hits : j === next ? count + rest : count));
  });
  const n = labels.reduce((sum, { rows }) => sum + rows, 0);
  const per_class: Quality['per_class'] = {};
  labels.forEach(({ label, rows }, i) => {
    const given = confusion.reduce((sum, row) => sum + (row[i] ?? 0), 0);
    const hits = confusion[i]?.[i] ?? 0;
    const [precision, recall] = [given === 0 ? 0 : hits / given, rows === 0 ? 0 : hits / rows];
    per_class[label] = { n: rows, precision, recall, f1: (2 * precision * recall) / (precision + recall || 1) };
  });
  const scores = Object.values(per_class);
  const macro_f1 = scores.reduce((sum, { f1 }) => sum + f1, 0) / scores.length;
  const accuracy = confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / n;
  const around = (value: number, wide: number): [number, number] => {
    const half = wide * Math.sqrt((value * (1 - value)) / n);
    return [Math.max(0, value - half), Math.min(1, value + half)];
  };
  return {
    n,
    accuracy,
    macro_f1,
    per_class,
    labels: labels.map(({ label }) => label),
    confusion,
    ece: 0.034,
    brier: (1 - accuracy) * 1.4,
    intervals: { accuracy: around(accuracy, 1.96), macro_f1: around(macro_f1, 2.3) },
  };
}

function warnings(labels: LabelCount[], rows: number, most: number, contradictions: number): Warning[] {
  const out: Warning[] = [];
  if (rows < 200) out.push({ kind: 'few_rows', rows });
  const few = labels.filter((label) => label.rows < 8);
  if (few.length > 0) out.push({ kind: 'few_of_label', labels: few });
  const top = labels.find((label) => label.rows === most);
  if (top && most > 0.8 * rows) out.push({ kind: 'imbalance', label: top.label, share: most / rows });
  if (rows > 100) out.push({ kind: 'duplicates', rows: 6, texts: 4 });
  if (contradictions > 0) out.push({ kind: 'contradictions', texts: contradictions, examples: [[3, 17]] });
  return out;
}

import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import ReportView from '$lib/classifiers/ReportView.svelte';
import { atAnswered, byLabel, headlines, inWords, type Warning } from '$lib/classifiers/report';
import { report } from '../mock/report';

const labels = [
  { label: 'delivery', rows: 90 },
  { label: 'price', rows: 60 },
  { label: 'support', rows: 4 },
];

describe('the report of a classifier', () => {
  const made = report(labels, 1);

  it('says how much of a label is found, and how far it can be believed', () => {
    const rows = byLabel({
      ...made.quality,
      labels: ['a', 'b'],
      confusion: [
        [8, 2],
        [12, 28],
      ],
    });
    expect(rows.map((row) => row.key)).toEqual(['b', 'a']);
    expect(rows[1]?.marks[0]).toMatchObject({ value: 0.8, n: 10 });
    expect(rows[1]?.marks[1]).toMatchObject({ value: 0.4, n: 20 });
    expect(rows[0]?.marks[1]?.value).toBeCloseTo(28 / 30);
  });

  it('has no mark for a label that was never given', () => {
    const [, row] = byLabel({ ...made.quality, labels: ['a', 'b'], confusion: [[9, 0], [3, 0]] });
    expect(row?.marks[1]).toBeNull();
  });

  it('shows one model where it has words alone, and two where it reads more', () => {
    expect(headlines(made).map((row) => row.marks.length)).toEqual([2, 2]);
    expect(headlines({ ...made, words: null }).map((row) => row.marks.length)).toEqual([1, 1]);
  });

  it('finds the point of a curve', () => {
    expect(atAnswered([[1, 0.8], [0.6, 0.9], [0.1, 1]], 0.5)).toEqual([0.6, 0.9]);
    expect(atAnswered([], 0.5)).toBeNull();
  });

  it('says each warning in words, and what to do', () => {
    const all: Warning[] = [
      { kind: 'few_rows', rows: 40 },
      { kind: 'few_of_label', labels: [{ label: 'support', rows: 4 }] },
      { kind: 'imbalance', label: 'delivery', share: 0.9 },
      { kind: 'duplicates', rows: 6, texts: 4 },
      { kind: 'contradictions', texts: 2, examples: [[1, 2]] },
      { kind: 'wordless', rows: 1 },
      { kind: 'sampled', used: 100_000, of: 150_000 },
      { kind: 'no_better', accuracy: 0.5, most_frequent: 0.6 },
      { kind: 'confused', pairs: [['price', 'delivery', 0.25]] },
    ];
    for (const warning of all) for (const words of inWords(warning)) expect(words).toMatch(/^\S.*\.$/);
    expect(inWords(all[8]!)[0]).toContain('“price” for “delivery” (25%)');
  });

  it('is drawn whole', () => {
    const { body } = render(ReportView, { props: { report: made } });
    expect(body).toContain('Too few posts to learn or judge: support (4).');
    expect(body).toContain('Only 154 posts are labelled');
    expect(body).toContain('Expected calibration error');
    expect(body.match(/<caption/g)).toHaveLength(3);
  });
});

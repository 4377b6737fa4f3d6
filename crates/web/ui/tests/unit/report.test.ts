import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import ReportView from '$lib/classifiers/ReportView.svelte';
import { atAnswered, byLabel, headlines, inWords } from '$lib/classifiers/report';
import { report } from '../mock/report';

const labels = [
  { label: 'delivery', rows: 90 },
  { label: 'price', rows: 60 },
  { label: 'support', rows: 4 },
];

describe('the report of a classifier', () => {
  const made = report(labels, 1);

  it('says how much of a label is found, and how far it can be believed', () => {
    const of = (label: string, rows: number, precision: number, recall: number) => ({
      label,
      rows,
      precision,
      recall,
      f1: 0,
    });
    const rows = byLabel({
      labels: [of('a', 10, 0.4, 0.8), of('b', 40, 28 / 30, 0.7)],
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
    const of = (label: string, rows: number) => ({ label, rows, precision: 0, recall: 0, f1: 0 });
    const [, row] = byLabel({
      labels: [of('a', 9), of('b', 3)],
      confusion: [
        [9, 0],
        [3, 0],
      ],
    });
    expect(row?.marks[1]).toBeNull();
  });

  it('shows one model where it has words alone, and two where it reads more', () => {
    expect(headlines(made).map((row) => row.marks.length)).toEqual([2, 2]);
    expect(headlines({ ...made, words_accuracy: null }).map((row) => row.marks.length)).toEqual([1, 1]);
  });

  it('finds the point of a curve', () => {
    expect(
      atAnswered(
        [
          [1, 0.8],
          [0.6, 0.9],
          [0.1, 1],
        ],
        0.5,
      ),
    ).toEqual([0.6, 0.9]);
    expect(atAnswered([], 0.5)).toBeNull();
  });

  it('says each warning in words, and what to do', () => {
    expect(inWords({ code: 'few_rows', message: '40 rows: take care' })).toEqual([
      '40 rows: take care.',
      'Label more: the whiskers shorten with every hundred.',
    ]);
    expect(inWords({ code: 'of tomorrow', message: 'nobody foresaw this' })).toEqual(['Nobody foresaw this.', '']);
  });

  it('is drawn whole', () => {
    const { body } = render(ReportView, { props: { report: made } });
    expect(body).toContain('Too few rows to learn or judge: support (4).');
    expect(body).toContain('154 rows: take the figures');
    expect(body).toContain('Expected calibration error');
    expect(body.match(/<caption/g)).toHaveLength(3);
  });
});

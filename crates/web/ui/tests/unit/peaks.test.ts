import { describe, expect, it } from 'vitest';
import type { FindingRow } from '$lib/api/types';
import { marked } from '$lib/trends/marks';

const axis = { times: [0, 250, 500, 750], end: 1000 };
const finding = (id: string, from: number, strength: number, monitor = 'a') =>
  ({ id, from, until: from + 10, strength, monitor }) as FindingRow;
const told = (findings: FindingRow[], monitors: string[] = []) =>
  marked(findings, monitors, axis).map(({ finding, number }) => [number, finding.id]);

describe('the peaks of a time axis', () => {
  it('are the strongest, numbered in the order of time', () => {
    const all = [finding('late', 900, 3), finding('early', 100, 9), finding('weak', 300, 1), finding('b', 400, 4)];
    expect(told([...all, finding('c', 600, 5)])).toEqual([
      [1, 'early'],
      [2, 'b'],
      [3, 'c'],
      [4, 'late'],
    ]);
  });

  it('leave a weaker one nearby, and what lies outside, unmarked', () => {
    expect(told([finding('strong', 500, 9), finding('near', 510, 8), finding('before', -5, 9)])).toEqual([
      [1, 'strong'],
    ]);
  });

  it('are those of the chosen monitors', () => {
    expect(told([finding('mine', 100, 2), finding('theirs', 700, 9, 'z')], ['a'])).toEqual([[1, 'mine']]);
    expect(marked([finding('x', 1, 1)], [], { times: [], end: 0 })).toEqual([]);
  });
});

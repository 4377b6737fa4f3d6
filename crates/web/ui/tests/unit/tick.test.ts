import { describe, expect, it } from 'vitest';
import type { LiveCommit, Series } from '$lib/api/types';
import { tick, trim } from '$lib/state/tick';

const MINUTE = 60_000;
const series = (): Series => ({
  interval_ms: 5 * MINUTE,
  times: [0, 5 * MINUTE],
  lines: [{ key: 'a', total: 3, counts: [1, 2] }],
  generation: 7,
  policy_labels: [],
});
const commit = (generation: number, minute: number, monitor = 'a', mentions = 2): LiveCommit => ({
  generation,
  project: 'default',
  added: [{ monitor, minute: minute * MINUTE, mentions, sentiment: [1, 0, 1] }],
  newest: [],
  refetch: false,
});

describe('a live commit on a chart', () => {
  it('lands in the bucket of its minute', () => {
    const next = tick(series(), commit(8, 9), 'monitor', []);
    expect(next.lines).toEqual([{ key: 'a', total: 5, counts: [1, 4] }]);
    expect(next.generation).toBe(8);
  });

  it('changes nothing when the answer already has it', () => {
    const before = series();
    expect(tick(before, commit(7, 9), 'monitor', [])).toBe(before);
    const once = tick(before, commit(8, 9), 'monitor', []);
    expect(tick(once, commit(8, 9), 'monitor', [])).toBe(once);
  });

  it('leaves the series it was given as it was', () => {
    const before = series();
    tick(before, commit(8, 12), 'monitor', []);
    expect(before).toEqual(series());
  });

  it('opens new buckets, with none left out', () => {
    const next = tick(series(), commit(8, 21), 'monitor', []);
    expect(next.times).toEqual([0, 5, 10, 15, 20].map((at) => at * MINUTE));
    expect(next.lines[0]?.counts).toEqual([1, 2, 0, 0, 2]);
  });

  it('draws a line for a monitor that had none', () => {
    const next = tick(series(), commit(8, 6, 'b'), 'monitor', []);
    expect(next.lines[1]).toEqual({ key: 'b', total: 2, counts: [0, 2] });
  });

  it('keeps to the chosen monitors', () => {
    const next = tick(series(), commit(8, 6, 'b'), 'monitor', ['a']);
    expect(next.lines).toHaveLength(1);
  });

  it('adds to the sentiments', () => {
    const next = tick({ ...series(), lines: [] }, commit(8, 6), 'sentiment', []);
    expect(next.lines.map((line) => [line.key, line.total])).toEqual([
      ['negative', 1],
      ['positive', 1],
    ]);
  });

  it('ignores what is before the chart or absurdly far ahead', () => {
    expect(tick(series(), commit(8, -3), 'monitor', []).lines).toEqual(series().lines);
    expect(tick(series(), commit(8, 9_999_999), 'monitor', []).times).toHaveLength(2);
  });
});

describe('a running period', () => {
  it('drops the buckets it has left behind', () => {
    const next = trim(series(), 6 * MINUTE);
    expect(next.times).toEqual([5 * MINUTE]);
    expect(next.lines).toEqual([{ key: 'a', total: 2, counts: [2] }]);
  });

  it('keeps a bucket it is still partly in', () => {
    const before = series();
    expect(trim(before, 4 * MINUTE)).toBe(before);
  });
});

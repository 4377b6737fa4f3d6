import { describe, expect, it } from 'vitest';
import { valueText } from '$lib/charts/describe';
import { heldOf, hasGaps, stretches, withPosts, type Cover, type Held } from '$lib/charts/held';
import type { ChartData } from '$lib/charts/model';
import { chartOption } from '$lib/charts/option';
import { timeTable } from '$lib/charts/time';
import { HOUR, MINUTE } from '$lib/text/time';

const BEGIN = 100 * HOUR;
const hours = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ from: BEGIN + i * HOUR, to: BEGIN + (i + 1) * HOUR }));
/** A source that was connected in these hours, counted from the beginning, and so much of each. */
const source = (name: string, connected: Record<number, number>, seen = 10) => ({
  source: name,
  slots: Object.entries(connected).map(([hour, live]) => ({
    at: BEGIN + Number(hour) * HOUR,
    width: HOUR,
    seen,
    lag_p50: null,
    lag_p95: null,
    refused: {},
    live: live * HOUR,
  })),
});
const cover = (sources: ReturnType<typeof source>[], since = BEGIN, gaps: Cover['coverage']['gaps'] = []): Cover => ({
  coverage: { from: BEGIN, to: BEGIN + 6 * HOUR + 2 * MINUTE, sources, gaps },
  since,
});
const states = (told: Cover | null, count = 6) => heldOf(told, hours(count))?.map(({ state }) => state) ?? null;
const all = { 0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 };

describe('what was collected', () => {
  it('is not known where no source was watched', () => {
    expect(states(null)).toBeNull();
    expect(states(cover([]))).toBeNull();
  });

  it('is whole while every source is connected', () => {
    expect(states(cover([source('a', all), source('b', all)]))).toEqual(Array(6).fill('whole'));
    expect(hasGaps(heldOf(cover([source('a', all)]), hours(6)))).toBe(false);
  });

  it('is nothing while none is, and before anything was held', () => {
    expect(states(cover([source('a', { 0: 1, 1: 1, 4: 1, 5: 1 })]))).toEqual([
      'whole',
      'whole',
      'none',
      'none',
      'whole',
      'whole',
    ]);
    expect(states(cover([source('a', { 3: 1, 4: 1, 5: 1 })], BEGIN + 2 * HOUR))).toEqual([
      'none',
      'none',
      // Held before it was watched: imported, say.
      'whole',
      'whole',
      'whole',
      'whole',
    ]);
  });

  it('is a part while one of several is away, which is named; a small one does not matter', () => {
    const one = cover([source('a', all), source('b', { 0: 1, 1: 1, 3: 1, 4: 1, 5: 0.2 })]);
    expect(states(one)).toEqual(['whole', 'whole', 'part', 'whole', 'whole', 'part']);
    expect(heldOf(one, hours(6))?.[2]?.away).toEqual(['b']);
    expect(states(cover([source('a', all, 1000), source('b', { 0: 1 }, 1)]))).toEqual(Array(6).fill('whole'));
  });

  it('is whole where what was missed was fetched later', () => {
    const gap = {
      source: 'a',
      from: BEGIN + 2 * HOUR,
      until: BEGIN + 3 * HOUR,
      kind: 'gap',
      reason: '',
      repaired: true,
    };
    const told = cover([source('a', { 0: 1, 1: 1, 3: 1, 4: 1, 5: 1 })], BEGIN, [gap]);
    expect(states(told)).toEqual(Array(6).fill('whole'));
    expect(states({ ...told, coverage: { ...told.coverage, gaps: [{ ...gap, repaired: false }] } })?.[2]).toBe('none');
  });

  it('is whole where the first source began to be watched at its end', () => {
    const began = source('a', { ...all, 0: 0.1 });
    expect(states(cover([began]))).toEqual(Array(6).fill('whole'));
    const away = source('a', { ...all, 1: 0.1 });
    expect(states(cover([away]))?.[1]).toBe('none');
  });

  it('is not judged where it is not over', () => {
    expect(states(cover([source('a', all)]), 8)).toEqual(Array(8).fill('whole'));
  });

  it('is a part where posts are held after all', () => {
    const held = heldOf(cover([source('a', { 0: 1, 3: 1, 4: 1, 5: 1 })]), hours(6));
    expect(
      withPosts(held, (i) => i === 1)
        ?.map(({ state }) => state)
        .slice(0, 4),
    ).toEqual(['whole', 'part', 'none', 'whole']);
    expect(stretches(held ?? [], 'none')).toEqual([{ first: 1, last: 2 }]);
  });
});

describe('a chart with gaps', () => {
  const held: Held[] = (['whole', 'none', 'whole', 'part', 'whole'] as const).map((state) => ({ state, away: [] }));
  const data: ChartData = {
    times: [0, 1, 2, 3, 4],
    intervalMs: 1,
    cut: false,
    unfinished: false,
    lines: [{ key: 'a', label: 'A', colour: '--monitor-0', counts: [4, 0, 5, 6, 7] }],
    held,
  };
  const drawn = (kind: 'lines' | 'stack') => {
    const { series } = chartOption(data, kind, { top: 0, right: 0, bottom: 0, left: 0 }, 400, () => '#000', true);
    return (Array.isArray(series) ? series : [series]).map((one) => one?.data as unknown[]);
  };

  it('draws no line through a gap, and dots what is held in part', () => {
    const [solid, partly] = drawn('lines');
    expect(solid).toEqual([{ value: 4, symbol: 'circle', symbolSize: 5 }, '-', 5, '-', 7]);
    expect(partly).toEqual(['-', '-', 5, 6, 7]);
  });

  it('draws no bar of zero in a gap', () => {
    const [bars] = drawn('stack');
    expect(bars?.[1]).toBe('-');
    expect(bars?.[2]).toBe(5);
    expect(bars?.[3]).toMatchObject({ value: 6, itemStyle: { opacity: 0.35 } });
  });

  it('says so in its table, and counts nothing', () => {
    const { rows } = timeTable(data);
    expect(rows[1]?.slice(2)).toEqual([null, 'not collected']);
    expect(rows[2]?.slice(2)).toEqual([5, 'yes']);
    expect(rows[3]?.slice(2)).toEqual([6, 'no']);
    expect(valueText(data, 1)).toContain('not collected');
  });
});

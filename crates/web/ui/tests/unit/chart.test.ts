import { describe, expect, it } from 'vitest';
import { rowsOf } from '$lib/annotations/place';
import { bucketAt, bucketCentre, lineAt, spread, type ChartData } from '$lib/charts/model';
import { DAY, HOUR, MINUTE, timeTicks } from '$lib/text/time';

const margins = { top: 0, right: 20, bottom: 0, left: 40 };
const data: ChartData = {
  times: [0, 1, 2],
  intervalMs: 1,
  cut: false,
  unfinished: false,
  lines: [
    { key: 'low', label: '', colour: '', counts: [10, 10, 0] },
    { key: 'high', label: '', colour: '', counts: [40, 50, 0] },
  ],
};
/** A plot of 100 pixels for values up to 100. */
const toPixel = (value: number) => 100 - value;

describe('what the pointer is on', () => {
  it('is the bucket whose middle is drawn there', () => {
    for (let index = 0; index < 7; index += 1) {
      expect(bucketAt(bucketCentre(index, 500, margins, 7), 500, margins, 7)).toBe(index);
    }
    expect(bucketAt(39, 500, margins, 7)).toBeNull();
    expect(bucketAt(481, 500, margins, 7)).toBeNull();
    expect(bucketAt(100, 500, margins, 0)).toBeNull();
  });

  it('is the nearest line within reach', () => {
    expect(lineAt(data, 'lines', 0, 88, toPixel)).toBe('low');
    expect(lineAt(data, 'lines', 0, 61, toPixel)).toBe('high');
    expect(lineAt(data, 'lines', 0, 20, toPixel)).toBeNull();
  });

  it('is the layer of a stack it lies in', () => {
    expect(lineAt(data, 'stack', 1, 95, toPixel)).toBe('low');
    expect(lineAt(data, 'stack', 1, 60, toPixel)).toBe('high');
    expect(lineAt(data, 'stack', 1, 30, toPixel)).toBeNull();
    expect(lineAt(data, 'stack', 2, 100, toPixel)).toBeNull();
  });
});

describe('labels at the line ends', () => {
  it('keep their order and their distance', () => {
    const tops = spread([50, 52, 51], 18, 0, 200);
    expect(tops[0]).toBeLessThan(tops[2] ?? 0);
    expect((tops[2] ?? 0) - (tops[0] ?? 0)).toBeGreaterThanOrEqual(18);
    expect((tops[1] ?? 0) - (tops[2] ?? 0)).toBeGreaterThanOrEqual(18);
  });

  it('stay inside the chart', () => {
    expect(Math.max(...spread([199, 199, 199], 18, 8, 190))).toBeLessThanOrEqual(190);
  });
});

describe('time labels', () => {
  it('fall on round local times and are not more than asked for', () => {
    const start = new Date(2026, 2, 3, 10, 20).getTime();
    const times = Array.from({ length: 97 }, (_, i) => start + i * 15 * MINUTE);
    const ticks = timeTicks(times, 9);
    expect(ticks.size).toBeGreaterThan(3);
    expect(ticks.size).toBeLessThanOrEqual(9);
    for (const index of ticks.keys()) expect(new Date(times[index] ?? 0).getHours() % 3).toBe(0);
  });

  it('cope with one bucket, none, and months', () => {
    expect(timeTicks([], 5).size).toBe(0);
    expect(timeTicks([HOUR], 5).size).toBeLessThanOrEqual(1);
    expect(
      timeTicks(
        Array.from({ length: 90 }, (_, i) => i * DAY),
        6,
      ).size,
    ).toBeLessThanOrEqual(7);
  });
});

describe('names of annotations', () => {
  it('stand in rows where they would lie over each other', () => {
    const at = (from: number, to: number) => ({ from, to });
    expect(rowsOf([at(0, 50), at(60, 90)])).toEqual([0, 0]);
    expect(rowsOf([at(40, 80), at(0, 50), at(45, 60), at(82, 90)])).toEqual([1, 0, 2, 0]);
    expect(rowsOf([])).toEqual([]);
  });
});

import type { Held } from './held';

/** One line, or one layer of a stack. */
export interface ChartLine {
  key: string;
  label: string;
  /** The custom property that holds its colour, such as `--monitor-0`. */
  colour: string;
  counts: number[];
}

export interface ChartData {
  times: number[];
  intervalMs: number;
  lines: ChartLine[];
  /** Whether the first bucket began before the period, and so is not counted whole. */
  cut: boolean;
  /** Whether the last bucket is still filling. */
  unfinished: boolean;
  /** What was collected of each bucket, where that is known. */
  held?: readonly Held[] | null;
}

/** Whether nothing was collected in a bucket: then it holds no zero, it holds nothing. */
export const isGap = (data: ChartData, index: number): boolean => data.held?.[index]?.state === 'none';

export type ChartKind = 'lines' | 'stack';

/** Room around the plot, in pixels; the same for all charts of a page, so that their times stand below each other. */
export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** The bucket a time falls into, or `null` where the chart does not reach. */
export function bucketOf(data: ChartData, time: number): number | null {
  const index = Math.floor((time - (data.times[0] ?? 0)) / data.intervalMs);
  return index >= 0 && index < data.times.length ? index : null;
}

/** The bucket under a horizontal position, or `null` outside the plot. */
export function bucketAt(x: number, width: number, margins: Margins, buckets: number): number | null {
  const inner = width - margins.left - margins.right;
  const index = Math.floor(((x - margins.left) / inner) * buckets);
  return buckets > 0 && index >= 0 && index < buckets ? index : null;
}

/** The middle of a bucket, in pixels from the left. */
export function bucketCentre(index: number, width: number, margins: Margins, buckets: number): number {
  return margins.left + ((index + 0.5) / Math.max(1, buckets)) * (width - margins.left - margins.right);
}

/** What stands at a height of a bucket: the nearest line within reach, or the layer of the stack; `null` for neither. */
export function lineAt(
  data: ChartData,
  kind: ChartKind,
  index: number,
  y: number,
  toPixel: (value: number) => number,
): string | null {
  if (kind === 'stack') {
    let sum = 0;
    for (const line of data.lines) {
      const low = toPixel(sum);
      sum += line.counts[index] ?? 0;
      if (y <= low && y > toPixel(sum)) return line.key;
    }
    return null;
  }
  const distances = data.lines.map((line) => ({ key: line.key, far: Math.abs(toPixel(line.counts[index] ?? 0) - y) }));
  const nearest = distances.sort((a, b) => a.far - b.far)[0];
  return nearest && nearest.far <= 16 ? nearest.key : null;
}

/** Moves labels apart so that none is nearer than `gap` to the next, keeping their order; result in the order given. */
export function spread(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const order = positions.map((at, place) => ({ at, place })).sort((a, b) => a.at - b.at);
  order.forEach((item, i) => {
    const above = order[i - 1];
    item.at = Math.max(item.at, above ? above.at + gap : low);
  });
  for (let i = order.length - 1; i >= 0; i -= 1) {
    const item = order[i];
    const below = order[i + 1];
    if (item) item.at = Math.min(item.at, below ? below.at - gap : high);
  }
  const result = new Array<number>(positions.length).fill(0);
  for (const item of order) result[item.place] = item.at;
  return result;
}

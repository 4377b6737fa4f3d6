import type { Margins } from '$lib/charts/model';

/** Buckets of a time axis by their begins, and the end of the last. */
export interface TimeAxis {
  times: readonly number[];
  end: number;
}

/** The pixel of a time on an axis whose buckets are equally wide; `null` outside. */
export function pixelOf(
  at: number,
  axis: TimeAxis,
  width: number,
  margins: Pick<Margins, 'left' | 'right'>,
): number | null {
  const { times, end } = axis;
  const first = times[0];
  if (first === undefined || at < first || at >= end) return null;
  const place = times.findLastIndex((time) => time <= at);
  const from = times[place] ?? first;
  const to = times[place + 1] ?? end;
  const part = (place + (at - from) / Math.max(1, to - from)) / times.length;
  return margins.left + part * (width - margins.left - margins.right);
}

/** The other way round: the time at a pixel. */
export function timeAt(
  x: number,
  axis: TimeAxis,
  width: number,
  margins: Pick<Margins, 'left' | 'right'>,
): number | null {
  const { times, end } = axis;
  const part = ((x - margins.left) / (width - margins.left - margins.right)) * times.length;
  const place = Math.floor(part);
  const from = times[place];
  if (part < 0 || from === undefined) return null;
  return from + (part - place) * ((times[place + 1] ?? end) - from);
}

/** Rows for stretches of one line, so that no two of a row lie over each other: each takes the first that is free, from the left. */
export function rowsOf(stretches: readonly { from: number; to: number }[]): number[] {
  const rows: number[] = new Array<number>(stretches.length).fill(0);
  const ends: number[] = [];
  const order = stretches.map((_, i) => i).toSorted((a, b) => (stretches[a]?.from ?? 0) - (stretches[b]?.from ?? 0));
  for (const i of order) {
    const { from, to } = stretches[i]!;
    const free = ends.findIndex((end) => end <= from);
    const row = free < 0 ? ends.length : free;
    ends[row] = to;
    rows[i] = row;
  }
  return rows;
}

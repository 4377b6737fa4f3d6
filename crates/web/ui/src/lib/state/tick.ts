import type { LiveCommit, Series } from '$lib/api/types';

/** Sentiments in the order in which the API counts them. */
export const SENTIMENTS = ['negative', 'neutral', 'positive'] as const;

/**
 * The start of the bucket that `minute` falls into, counted from the series' own first bucket. With buckets of a day or
 * more the server may cut at local midnights; live ticks then only ever touch the buckets at hand.
 */
function place(series: Series, minute: number): number {
  const first = series.times[0];
  return first === undefined ? -1 : Math.floor((minute - first) / series.interval_ms);
}

function grow(series: Series, size: number): void {
  const first = series.times[0] ?? 0;
  while (series.times.length < size) {
    series.times.push(first + series.times.length * series.interval_ms);
    for (const line of series.lines) line.counts.push(0);
  }
}

function add(series: Series, key: string, index: number, count: number): void {
  if (count === 0) return;
  let line = series.lines.find((line) => line.key === key);
  if (!line) {
    line = { key, total: 0, counts: series.times.map(() => 0) };
    series.lines.push(line);
  }
  line.counts[index] = (line.counts[index] ?? 0) + count;
  line.total += count;
}

/** No commit moves a chart more than this many buckets ahead: a clock gone wild must not fill the memory. */
const MOST_NEW_BUCKETS = 240;

/**
 * Adds what a live commit brought to a series, without asking the server again. A commit that the series already contains
 * (by generation) changes nothing, so that a commit may be applied twice, before or after the answer it is part of.
 *
 * `monitors` narrows what is added; empty means all.
 */
export function tick(
  series: Series,
  commit: LiveCommit,
  by: 'monitor' | 'sentiment',
  monitors: readonly string[],
): Series {
  if (commit.generation <= series.generation || series.times.length === 0) return series;
  const next: Series = {
    ...series,
    generation: commit.generation,
    times: [...series.times],
    lines: series.lines.map((line) => ({ ...line, counts: [...line.counts] })),
  };
  for (const count of commit.added) {
    if (monitors.length > 0 && !monitors.includes(count.monitor)) continue;
    const index = place(next, count.minute);
    if (index < 0 || index >= next.times.length + MOST_NEW_BUCKETS) continue;
    grow(next, index + 1);
    if (by === 'monitor') add(next, count.monitor, index, count.mentions);
    else SENTIMENTS.forEach((key, at) => add(next, key, index, count.sentiment[at] ?? 0));
  }
  return next;
}

/** Drops buckets that a running range has left behind. */
export function trim(series: Series, from: number): Series {
  const gone = series.times.findIndex((time) => time + series.interval_ms > from);
  if (gone <= 0) return series;
  return {
    ...series,
    times: series.times.slice(gone),
    lines: series.lines.map((line) => ({
      ...line,
      counts: line.counts.slice(gone),
      total: line.counts.slice(gone).reduce((sum, count) => sum + count, 0),
    })),
  };
}

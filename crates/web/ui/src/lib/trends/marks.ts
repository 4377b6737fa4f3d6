import type { TimeAxis } from '$lib/annotations/place';
import type { FindingRow } from '$lib/api/types';

/** A finding with its number on the time axes of a page. */
export interface Marked {
  finding: FindingRow;
  number: number;
}

/** So many are numbered: more would not be read. */
const MOST = 4;
/** The part of the axis that a mark has to itself; a weaker one nearby is left to its neighbour. */
const ROOM = 0.03;

/** The strongest findings of a time axis, numbered in the order of time. `monitors`: only theirs, where any are chosen. */
export function marked(findings: readonly FindingRow[], monitors: readonly string[], axis: TimeAxis): Marked[] {
  const first = axis.times[0];
  if (first === undefined) return [];
  const near = (axis.end - first) * ROOM;
  const shown: FindingRow[] = [];
  for (const one of findings.toSorted((a, b) => b.strength - a.strength)) {
    if (shown.length === MOST) break;
    if (one.from < first || one.from >= axis.end) continue;
    if (monitors.length > 0 && one.monitor != null && !monitors.includes(one.monitor)) continue;
    if (!shown.some((other) => Math.abs(other.from - one.from) < near)) shown.push(one);
  }
  return shown.toSorted((a, b) => a.from - b.from).map((finding, i) => ({ finding, number: i + 1 }));
}

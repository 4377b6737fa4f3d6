import type { FilterParams } from '$lib/api/types';

/**
 * What both filters let through, with the project and period of `outer`; `null` where they have nothing in common.
 * The server does the same for a share link (`api/dashboards/combine.rs`).
 */
export function both(outer: FilterParams, own: FilterParams): FilterParams | null {
  const sum: Record<string, unknown> = { ...outer };
  for (const [name, theirs] of Object.entries(own)) {
    if (typeof theirs !== 'string' || theirs.trim() === '' || name === 'project') continue;
    const ours = sum[name];
    const merged = typeof ours === 'string' && ours.trim() !== '' ? merge(name, ours.trim(), theirs.trim()) : theirs;
    if (merged === null) return null;
    sum[name] = merged;
  }
  return sum as FilterParams;
}

export function merge(name: string, a: string, b: string): string | null {
  if (a === b) return a;
  switch (name) {
    case 'q':
      return `(${a}) AND (${b})`;
    case 'followers':
    case 'engagement':
      return range(a, b);
    case 'voice':
    case 'relevance':
    case 'automation':
    case 'context':
      return neutral(a) ? b : neutral(b) ? a : null;
    default:
      return list(a, b);
  }
}

const neutral = (word: string) => word === 'all' || word === 'with';

function list(a: string, b: string): string | null {
  const each = (text: string, excluded: boolean) =>
    text
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== '' && value.startsWith('-') === excluded);
  const [mine, theirs] = [each(a, false), each(b, false)];
  const included = mine.length === 0 ? theirs : theirs.length === 0 ? mine : mine.filter((v) => theirs.includes(v));
  if (included.length === 0 && mine.length + theirs.length > 0) return null;
  return [...new Set([...included, ...each(a, true), ...each(b, true)])].join(',');
}

function range(a: string, b: string): string | null {
  const ends = (text: string) => text.split('..').map((end) => (end.trim() === '' ? null : Number(end)));
  const [[aFrom = null, aTo = null], [bFrom = null, bTo = null]] = [ends(a), ends(b)];
  const from = aFrom === null ? bFrom : bFrom === null ? aFrom : Math.max(aFrom, bFrom);
  const to = aTo === null ? bTo : bTo === null ? aTo : Math.min(aTo, bTo);
  if (from !== null && to !== null && from >= to) return null;
  return `${from ?? ''}..${to ?? ''}`;
}

import type { Coverage } from '$lib/api/sources';
import { MINUTE } from '$lib/text/time';

/** What is known of a stretch of time: all was collected, not every source was connected, or nothing was collected. */
export interface Held {
  state: 'whole' | 'part' | 'none';
  /** The sources that were not connected. */
  away: string[];
}

/** What the server says of a time, and from when on the project holds anything of it. */
export interface Cover {
  coverage: Pick<Coverage, 'from' | 'to' | 'sources' | 'gaps'>;
  /** Milliseconds since 1970; before it nothing was collected. */
  since: number;
}

export interface Span {
  from: number;
  to: number;
}

/** A source that brings less than this share of what is seen does not matter; as the detectors have it. */
const MATTERS = 0.05;
/** Connected for less than this part of a stretch is not connected. */
const ENOUGH = 0.5;
/** The server writes a minute down when it is over. */
const LATE = 2 * MINUTE;

const WHOLE: Held = { state: 'whole', away: [] };
const NONE: Held = { state: 'none', away: [] };

/** When a source began to be watched: somewhere in its first slot, of which it was connected to the end. */
function begun({ slots }: Coverage['sources'][number]): number | null {
  const first = slots[0];
  return first === undefined ? null : first.at + Math.max(0, first.width - first.live);
}

/** When the first source began to be watched in this time; `null` where none was. */
export function firstWatched(sources: Coverage['sources']): number | null {
  const firsts = sources.map(begun).filter((first) => first !== null);
  return firsts.length === 0 ? null : Math.min(...firsts);
}

/** The milliseconds of each span for which a source was connected, or what it missed was fetched later. */
function connected(cover: Cover, source: Coverage['sources'][number], spans: readonly Span[]): number[] {
  const sums = spans.map(() => 0);
  const add = (from: number, to: number, part: number) => {
    // Spans follow each other: the first that ends after `from` is found by halving.
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle]?.to ?? 0) > from) high = middle;
      else low = middle + 1;
    }
    for (let i = low; i < spans.length && (spans[i]?.from ?? 0) < to; i += 1) {
      const { from: begin, to: end } = spans[i]!;
      sums[i] = (sums[i] ?? 0) + (Math.min(end, to) - Math.max(begin, from)) * part;
    }
  };
  for (const { at, width, live } of source.slots)
    if (live > 0) add(at, at + width, Math.min(1, live / Math.max(1, width)));
  for (const gap of cover.coverage.gaps) if (gap.source === source.source && gap.repaired) add(gap.from, gap.until, 1);
  return sums;
}

/** What was collected of each span; they follow each other. `null` where nothing is known of it. */
export function heldOf(cover: Cover | null, spans: readonly Span[]): Held[] | null {
  const first = cover ? firstWatched(cover.coverage.sources) : null;
  if (cover === null || first === null) return null;
  const seen = cover.coverage.sources.map(({ slots }) => slots.reduce((sum, slot) => sum + slot.seen, 0));
  const all = seen.reduce((sum, one) => sum + one, 0);
  const matter = cover.coverage.sources
    .filter((_, i) => (seen[i] ?? 0) > 0 && (seen[i] ?? 0) >= MATTERS * all)
    .map((source) => ({
      name: source.source,
      first: begun(source) ?? Infinity,
      sums: connected(cover, source, spans),
    }));
  const known = cover.coverage.to - LATE;
  return spans.map((span, i) => {
    if (span.to <= cover.since) return NONE;
    const until = Math.min(span.to, known);
    const watched = matter.filter((source) => source.first < until);
    if (watched.length === 0 || until - span.from < (span.to - span.from) / 2) return WHOLE;
    const away = watched.filter(({ first: begin, sums }) => {
      const length = until - Math.max(span.from, Math.min(begin, until));
      return (sums[i] ?? 0) < ENOUGH * length;
    });
    if (away.length === 0) return WHOLE;
    return { state: away.length === watched.length ? 'none' : 'part', away: away.map(({ name }) => name) };
  });
}

/** Where posts are held after all, a time that was not watched is held in part. */
export function withPosts(held: Held[] | null, has: (index: number) => boolean): Held[] | null {
  return held?.map((one, i) => (one.state === 'none' && has(i) ? { ...one, state: 'part' as const } : one)) ?? null;
}

/** Stretches of neighbours in one state, by the first and the last. */
export function stretches(held: readonly Held[], state: Held['state']): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  held.forEach((one, i) => {
    if (one.state !== state) return;
    const before = found.at(-1);
    if (before?.last === i - 1) before.last = i;
    else found.push({ first: i, last: i });
  });
  return found;
}

/** Whether there is anything to say of it. */
export const hasGaps = (held: readonly Held[] | null | undefined): boolean =>
  held?.some(({ state }) => state !== 'whole') ?? false;

import { DAY, offset } from '$lib/text/time';

/** How many of some moments fell on each of the last days of the reader's zone, the oldest day first. */
export function byDay(moments: readonly number[], now: number, days: number): { at: number; count: number }[] {
  const dayOf = (at: number) => Math.floor((at + offset(at)) / DAY);
  const today = dayOf(now);
  const counts = new Map<number, number>();
  for (const at of moments) counts.set(dayOf(at), (counts.get(dayOf(at)) ?? 0) + 1);
  return Array.from({ length: days }, (_, i) => {
    const day = today - (days - 1 - i);
    // Noon of that day, as a moment that is surely within it.
    const at = day * DAY + DAY / 2 - offset(now);
    return { at, count: counts.get(day) ?? 0 };
  });
}

import type { Coverage } from '$lib/api/sources';

/** A step of the strip: how much of it the source was connected, and what it saw. */
export interface Step {
  at: number;
  /** 0 to 1. */
  connected: number;
  seen: number;
}

/** A source's slots summed to steps of equal length over the whole time asked about. */
export function stepsOf(coverage: Coverage, source: string, width: number): Step[] {
  const count = Math.max(1, Math.ceil((coverage.to - coverage.from) / width));
  const live = new Float64Array(count);
  const seen = new Float64Array(count);
  for (const slot of coverage.sources.find((one) => one.source === source)?.slots ?? []) {
    const from = Math.max(0, Math.floor((slot.at - coverage.from) / width));
    const last = Math.min(count - 1, Math.floor((slot.at + slot.width - 1 - coverage.from) / width));
    const share = 1 / Math.max(1, last - from + 1);
    for (let at = from; at <= last; at += 1) {
      live[at] = (live[at] ?? 0) + slot.live * share;
      seen[at] = (seen[at] ?? 0) + slot.seen * share;
    }
  }
  return Array.from({ length: count }, (_, i) => ({
    at: coverage.from + i * width,
    connected: Math.min(1, (live[i] ?? 0) / width),
    seen: Math.round(seen[i] ?? 0),
  }));
}

import { afterEach, describe, expect, it } from 'vitest';
import { zone } from '$lib/state/zone.svelte';
import { fromLocalTime, localTime, offset, timeTicks, zone as named, DAY, HOUR } from '$lib/text/time';

afterEach(() => zone.use(undefined));

describe('another time zone', () => {
  const summer = Date.UTC(2026, 6, 4, 12, 30);

  it('shifts what is shown and read', () => {
    zone.use('Asia/Tokyo');
    expect(named().name).toBe('Asia/Tokyo');
    expect(offset(summer)).toBe(9 * HOUR);
    expect(localTime(summer)).toBe('2026-07-04T21:30');
    expect(fromLocalTime('2026-07-04T21:30')).toBe(summer);
  });

  it('knows summer time, and reads a time back on both sides of its change', () => {
    zone.use('Europe/Berlin');
    for (let at = Date.UTC(2026, 9, 24); at < Date.UTC(2026, 9, 27); at += HOUR) {
      const again = fromLocalTime(localTime(at));
      // The hour that comes twice is read as one of the two.
      expect([0, HOUR, -HOUR]).toContain(again - at);
      expect(localTime(again)).toBe(localTime(at));
    }
    expect(Number.isNaN(fromLocalTime(''))).toBe(true);
  });

  it('puts the marks of an axis on its own midnights', () => {
    zone.use('America/New_York');
    const times = Array.from({ length: 72 }, (_, at) => Date.UTC(2026, 6, 1) + at * HOUR);
    const ticks = [...timeTicks(times, 4).keys()].map((index) => times[index]! - 4 * HOUR);
    expect(ticks.length).toBeGreaterThan(1);
    for (const tick of ticks) expect(tick % DAY).toBe(0);
  });

  it('is the viewer’s own where none is named', () => {
    zone.use('UTC');
    zone.use(undefined);
    expect(zone.choice).toBe('own');
  });
});

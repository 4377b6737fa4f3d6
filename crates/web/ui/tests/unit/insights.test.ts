import { describe, expect, it } from 'vitest';
import { beyond, isAboutOwn, isOwn, isTiny, ownWords, readable } from '$lib/insights/lead';
import type { Claim } from '$lib/insights/types';

const maple = { id: 'm', name: 'Maple', query: '(Maple OR #MapleSound OR @maple_sound) NOT (syrup OR "Maple Leafs")' };
const ozenti = { id: 'o', name: 'Ozenti', query: 'Ozenti* OR オゼンティ' };
const claim = (id: string, value: number, low: number, high: number): Claim => ({
  id,
  kind: 'driver',
  words: id,
  value: { value, low, high },
  people: null,
  p: 0.01,
  evidence: { filter: null, mentions: [] },
});

describe('what is looked for', () => {
  it('is no finding, alone or put together, in any script', () => {
    const own = ownWords([maple, ozenti]);
    for (const key of ['maple', 'Maple', '#maplesound', 'オゼンティ', 'maple ozenti'])
      expect(isOwn(key, own)).toBe(true);
    for (const key of ['maple buds', 'battery', 'or', '']) expect(isOwn(key, own)).toBe(false);
  });

  it('is a finding around somebody else', () => {
    expect(isAboutOwn(claim('more:m:term:maple', 1, 0.5, 2), [maple, ozenti])).toBe(true);
    expect(isAboutOwn(claim('more:m:term:ozenti', 1, 0.5, 2), [maple, ozenti])).toBe(false);
    expect(isAboutOwn(claim('better:m:aspect:ozenti', 0.8, 0.6, 1), [maple, ozenti])).toBe(true);
    expect(isAboutOwn(claim('adds:aspect:ozenti', 0.1, 0.05, 0.2), [maple, ozenti])).toBe(true);
    expect(isAboutOwn(claim('open:question', 9, 9, 9), [maple])).toBe(false);
  });
});

describe('what is read first', () => {
  it('is what changed most beyond its interval', () => {
    const told = readable(
      [
        claim('volume:m', 1.2, 1.1, 1.3),
        claim('volume:o', 8, 4, 16),
        claim('sentiment:m', -0.2, -0.3, -0.12),
        claim('adds:aspect:battery', -0.03, -0.04, -0.02),
      ],
      [maple],
    );
    expect(told.changes.map(({ id }) => id)).toEqual(['volume:o', 'sentiment:m', 'volume:m']);
    expect(told.others.map(({ id }) => id)).toEqual(['adds:aspect:battery']);
    expect(told.left).toBe(0);
  });

  it('is nothing whose interval holds no change', () => {
    expect(beyond(claim('volume:m', 1.2, 0.9, 1.6))).toBe(0);
    expect(beyond(claim('sentiment:m', 0.02, -0.01, 0.05))).toBe(0);
    expect(beyond(claim('volume:m', 0.5, 0.25, 0.5))).toBeCloseTo(1);
  });

  it('is not what would be written as nothing', () => {
    expect(isTiny(claim('adds:aspect:battery', 0.0004, 0.0001, 0.0008))).toBe(true);
    expect(isTiny(claim('volume:m', 0.001, 0.0005, 0.002))).toBe(false);
    expect(
      readable([claim('adds:aspect:battery', 0.0004, 0, 0.001), claim('adds:term:maple', 0.2, 0.1, 0.3)], [maple]).left,
    ).toBe(2);
  });
});

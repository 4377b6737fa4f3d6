import { describe, expect, it } from 'vitest';
import { beyond, readable } from '$lib/insights/lead';
import type { Claim } from '$lib/insights/types';
import { isOwn, ownWords } from '$lib/trends/own';

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
});

describe('what is read first', () => {
  it('is what changed most beyond its interval', () => {
    const told = readable([
      claim('volume:m', 1.2, 1.1, 1.3),
      claim('volume:o', 8, 4, 16),
      claim('sentiment:m', -0.2, -0.3, -0.12),
      claim('adds:aspect:battery', -0.03, -0.04, -0.02),
    ]);
    expect(told.changes.map(({ id }) => id)).toEqual(['volume:o', 'sentiment:m', 'volume:m']);
    expect(told.others.map(({ id }) => id)).toEqual(['adds:aspect:battery']);
  });

  it('is nothing whose interval holds no change', () => {
    expect(beyond(claim('volume:m', 1.2, 0.9, 1.6))).toBe(0);
    expect(beyond(claim('sentiment:m', 0.02, -0.01, 0.05))).toBe(0);
    expect(beyond(claim('volume:m', 0.5, 0.25, 0.5))).toBeCloseTo(1);
  });
});

import { describe, expect, it } from 'vitest';
import type { Explained } from '$lib/api/types';
import { heldAgainst, toldOf } from '$lib/trends/told';

const term = (text: string, low: number) => ({
  text,
  kind: 'word',
  authors: 9,
  authors_before: 0,
  log_odds: { value: 1, low, high: 2 },
  mentions: ['1', '2', '3'],
});
const explained = (terms: ReturnType<typeof term>[], part: Partial<Explained> = {}) =>
  ({
    posts: 4038,
    authors: 2491,
    excess: 4035,
    expected: 3,
    compared: 'the same hours of 1 earlier day',
    terms,
    sentences: [
      { text: '4038 mentions where 3 were to be expected', mentions: ['a'], quote: null },
      ...(terms.length > 0 ? [{ text: 'What is said more than before', mentions: ['b'], quote: null }] : []),
      { text: '32 % of the excess is on x.', mentions: ['c'], quote: null },
    ],
    ...part,
  }) as unknown as Explained;

describe('what an explanation says', () => {
  it('counts without a second number that was expected', () => {
    const [first] = toldOf(explained([]));
    expect(first).toEqual({
      text: '4,038 mentions by 2,491 people: 4,035 more than in the same hours of the day before.',
      mentions: ['a'],
    });
    expect(toldOf(explained([], { excess: -12, posts: 3 }))[0]?.text).toContain('12 fewer than');
    expect(toldOf(explained([], { compared: 'nothing: there is no earlier time' }))[0]?.text).toContain(
      'no earlier time',
    );
  });

  it('says of no term that it is said more whose interval spans none', () => {
    const texts = toldOf(explained([term('halo', -0.8), term('recall', 0.4)])).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts[1]).toContain('“recall” (9 people, 0 before)');
    expect(texts[1]).not.toContain('halo');
    expect(toldOf(explained([term('halo', -0.8)])).map(({ text }) => text)).toEqual([
      expect.stringContaining('4,038'),
      '32 % of the excess is on X.',
    ]);
  });

  it('names what it is held against', () => {
    expect(heldAgainst('the same hours of 3 earlier weeks')).toBe('the same hours of 3 earlier weeks');
    expect(heldAgainst('2 stretches of the same length just before')).toBe(
      '2 stretches of the same length just before',
    );
  });
});

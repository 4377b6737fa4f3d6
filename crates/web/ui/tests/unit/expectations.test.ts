import { describe, expect, it } from 'vitest';
import { isSame, joined } from '$lib/query/expecting';
import { weekHour } from '$lib/text/time';

describe('expectations', () => {
  const one = { matches: true, text: 'an apple' };
  const post = { matches: true, text: 'an apple', post: 'a'.repeat(32) };

  it('are the same where they are of one post, or of one text', () => {
    expect(isSame(one, { ...one, matches: false, lang: 'en' })).toBe(true);
    expect(isSame(one, post)).toBe(false);
    expect(isSame(post, { ...post, text: 'edited' })).toBe(true);
    expect(isSame(one, { ...one, title: 'News' })).toBe(false);
  });

  it('are joined without doubles, and what was said last holds', () => {
    const all = joined(
      [one, post],
      [
        { ...one, matches: false },
        { matches: true, text: 'a pear' },
      ],
    );
    expect(all).toEqual([{ ...one, matches: false }, post, { matches: true, text: 'a pear' }]);
    const list = [one];
    expect(joined(list, [one])[0]).toBe(one);
  });
});

describe('an hour of the week', () => {
  it('is said with its zone where that is another one', () => {
    expect(weekHour('33@Nowhere/Else')).toMatch(/^\S+ 09–10, Nowhere\/Else$/);
    expect(weekHour('168@UTC')).toBe('168@UTC');
    expect(weekHour('x')).toBe('x');
  });
});

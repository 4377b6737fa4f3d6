import { describe, expect, it } from 'vitest';
import { EMPTY, parseBasic, printBasic, shownTerm, termOf, withoutEach, type Basic } from '../../src/lib/query/basic';

const form = (part: Partial<Basic>): Basic => ({ ...EMPTY, ...part });

describe('a query as a form', () => {
  it.each([
    ['acme', form({ any: ['acme'] })],
    ['acme OR #acme OR "acme coffee"', form({ any: ['acme', '#acme', '"acme coffee"'] })],
    ['(acme OR #acme) AND lang:(de OR en)', form({ any: ['acme', '#acme'], lang: ['de', 'en'] })],
    ['acme AND coffee', form({ all: ['acme', 'coffee'] })],
    [
      '(acme OR kelda) AND price NOT (jobs OR "hiring now")',
      form({ any: ['acme', 'kelda'], all: ['price'], none: ['jobs', '"hiring now"'] }),
    ],
    ['acme NOT lang:fi', form({ any: ['acme'], none: ['lang:fi'] })],
    ['acme NOT a NOT -b', null],
    ['acme NOT a -b', form({ any: ['acme'], none: ['a', 'b'] })],
    [
      '((acme OR kelda) AND source:bluesky) NOT hiring',
      form({ any: ['acme', 'kelda'], source: ['bluesky'], none: ['hiring'] }),
    ],
    ['("Guide Test" OR #guidetest) NOT hiring', form({ any: ['"Guide Test"', '#guidetest'], none: ['hiring'] })],
    ['acme AND hashtags:"black friday"', form({ all: ['acme', 'hashtags:"black friday"'] })],
    ['"acme broke"~5 OR {AIM} OR brew*', form({ any: ['"acme broke"~5', '{AIM}', 'brew*'] })],
    ['acme AND followers:[1k TO *]', form({ all: ['acme', 'followers:[1k TO *]'] })],
  ])('%s', (query, wanted) => {
    expect(parseBasic(query)).toEqual(wanted);
  });

  it.each([
    'acme NEAR/5 broke',
    '(a OR b) AND (c OR d)',
    '(a AND b) OR c',
    'a OR b AND c',
    'a OR (b AND c)',
    'acme <<< our name >>>',
    'a NOT (b AND c)',
    'acme AND site:(a.example OR b.example)',
    'lang:de AND lang:en AND a',
    'two words',
    '(acme',
    'acme OR',
  ])('%s is more than the form can say', (query) => {
    expect(parseBasic(query)).toBeNull();
  });

  it('comes back as it was from each query it prints', () => {
    const terms = ['acme', '"cold brew"', '#acme', '@acme', 'brew*', '{AIM}', 'has:image'];
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const some = (from: readonly string[], most: number) => from.filter(() => random(from.length) < most);
    for (let i = 0; i < 2000; i += 1) {
      let [any, all] = [some(terms, 3), some(terms, 2)];
      // A single term is "any of" where nothing else must hold: a matter of words, not of meaning.
      if (any.length === 1 && all.length > 0) any = [];
      if (any.length === 0 && all.length === 1) [any, all] = [all, []];
      const one = form({
        any,
        all,
        none: some(terms, 2),
        lang: some(['de', 'en', 'fr'], 1),
        source: some(['bluesky', 'x'], 1),
        country: some(['de', 'at'], 1),
      });
      if (printBasic(one) === '') continue;
      expect(parseBasic(printBasic(one)), printBasic(one)).toEqual(one);
    }
  });

  it('takes what people type', () => {
    expect(termOf('cold  brew')).toBe('"cold brew"');
    expect(termOf('acme')).toBe('acme');
    expect(termOf('"acme broke"~5')).toBe('"acme broke"~5');
    expect(termOf('NOT')).toBe('"NOT"');
    expect(termOf('AT&T')).toBe('AT&T');
    expect(termOf('acme (coffee)')).toBe('"acme (coffee)"');
    expect(shownTerm('"cold brew"')).toBe('cold brew');
    expect(shownTerm('"acme"')).toBe('"acme"');
    expect(shownTerm('#acme')).toBe('#acme');
  });

  it('says what the query would be without each term', () => {
    expect(withoutEach(form({ any: ['a', 'b'], none: ['c'] })).map(({ part, query }) => [part, query])).toEqual([
      ['any', 'b NOT c'],
      ['any', 'a NOT c'],
      ['none', 'a OR b'],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { foldCopies } from '$lib/text/copies';
import { glyph, pseudonym } from '$lib/text/glyph';
import { World } from '../mock/world';

describe('copies', () => {
  const [base] = new World(1, false).mentions;
  if (!base) throw new Error('the mock world is empty');
  const post = (id: string, key: string, text: string) => ({ ...base, id, post: { ...base.post, key, text } });

  it('fold into the first with a count, links and case aside', () => {
    const folded = foldCopies([
      post('1', 'a', 'Use the code below for ten percent off https://a.example'),
      post('2', 'b', 'use the code  below for TEN percent off https://b.example'),
      post('3', 'c', 'thanks!'),
      post('4', 'd', 'thanks!'),
    ]);
    expect(folded.map(({ mention, copies }) => [mention.id, copies])).toEqual([
      ['1', 1],
      ['3', 0],
      ['4', 0],
    ]);
  });

  it('are those the server found, where it looked for them', () => {
    const folded = foldCopies([
      { ...post('1', 'a', 'one kettle'), group: '00000000000000aa' },
      { ...post('2', 'b', 'one kettle, edited a little'), group: '00000000000000aa' },
      { ...post('3', 'c', 'one kettle'), group: '00000000000000cc' },
    ]);
    expect(folded.map(({ mention, copies }) => [mention.id, copies])).toEqual([
      ['1', 1],
      ['3', 0],
    ]);
  });

  it('list a post of two monitors once', () => {
    const folded = foldCopies([
      post('1', 'a', 'both brands in one post, imagine'),
      post('2', 'a', 'both brands in one post, imagine'),
    ]);
    expect(folded).toHaveLength(1);
    expect(folded[0]?.others.map((mention) => mention.id)).toEqual(['2']);
    expect(folded[0]?.copies).toBe(0);
  });
});

describe('a pseudonym', () => {
  const key = '4f2a91c07be35d68a1b2c3d4e5f60718';

  it('always has the same mirrored sign', () => {
    expect(glyph(key)).toEqual(glyph(key));
    const cells = new Set(glyph(key).cells.map(([x, y]) => `${x},${y}`));
    for (const [x, y] of glyph(key).cells) expect(cells.has(`${4 - x},${y}`)).toBe(true);
  });

  it('has a short name, and foreign keys do no harm', () => {
    expect(pseudonym(key)).toBe('4f2·a91');
    expect(glyph('').cells).toEqual([]);
  });
});

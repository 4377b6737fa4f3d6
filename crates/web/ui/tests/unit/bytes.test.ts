import { describe, expect, it } from 'vitest';
import { byteOffsets, segments } from '$lib/text/bytes';
import { Random } from '../mock/random';

const marked = (text: string, ranges: number[][]) =>
  segments(text, ranges)
    .filter((part) => part.marked)
    .map((part) => part.text);
const bytes = (text: string) => new TextEncoder().encode(text).length;

describe('byte ranges of UTF-8 in a JavaScript string', () => {
  it('finds words behind characters of every length', () => {
    const text = 'é€😀 acme قهوة acme';
    const first = bytes('é€😀 ');
    const second = bytes('é€😀 acme قهوة ');
    expect(
      marked(text, [
        [first, first + 4],
        [second, second + 4],
      ]),
    ).toEqual(['acme', 'acme']);
    expect(byteOffsets(text, [first, second])).toEqual([text.indexOf('acme'), text.lastIndexOf('acme')]);
  });

  it('marks a character of four bytes whole', () => {
    expect(marked('a😀b', [[1, 5]])).toEqual(['😀']);
  });

  it('never cuts a character: an offset inside one moves to its start', () => {
    expect(byteOffsets('😀b', [1, 2, 3, 4])).toEqual([0, 0, 0, 2]);
  });

  it('joins overlapping and touching ranges, whatever their order', () => {
    expect(
      segments('abcdef', [
        [2, 4],
        [0, 2],
        [3, 5],
      ]),
    ).toEqual([
      { text: 'abcde', marked: true },
      { text: 'f', marked: false },
    ]);
  });

  it('ignores empty, inverted and far ranges', () => {
    expect(
      marked('abc', [
        [1, 1],
        [3, 2],
        [50, 60],
      ]),
    ).toEqual([]);
    expect(marked('abc', [[2, 99]])).toEqual(['c']);
  });

  it('loses and adds no character', () => {
    const random = new Random(5);
    const alphabet = ['a', 'ß', '漢', '😀', '\n', 'ق'];
    for (let round = 0; round < 300; round += 1) {
      const text = Array.from({ length: random.below(12) }, () => random.pick(alphabet)).join('');
      const ranges = Array.from({ length: random.below(4) }, () => [random.below(30), random.below(30)]);
      expect(
        segments(text, ranges)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    }
  });
});

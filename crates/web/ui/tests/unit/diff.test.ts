import { describe, expect, it } from 'vitest';
import { added } from '$lib/text/diff';

const marked = (before: string, after: string) =>
  added(before, after)
    .map((piece) => (piece.added ? `[${piece.text}]` : piece.text))
    .join('');

describe('what is new in a query', () => {
  it('is marked by words, and nothing else is', () => {
    expect(marked('acme', 'acme OR #acme')).toBe('acme [OR] [#acme]');
    expect(marked('acme OR tea', 'acme OR coffee')).toBe('acme OR [coffee]');
    expect(marked('acme', 'acme')).toBe('acme');
    expect(marked('(acme OR tea)', 'acme')).toBe('acme');
    expect(marked('a b', '"a b"')).toBe('["]a b["]');
  });

  it('leaves the text whole, whatever it is', () => {
    const texts = ['', 'a', '(a OR "b c") NOT lang:fi', 'x'.repeat(10), 'w '.repeat(900), '焼き OR ラーメン'];
    for (const before of texts)
      for (const after of texts)
        expect(
          added(before, after)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(after);
  });
});

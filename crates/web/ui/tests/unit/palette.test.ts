import { describe, expect, it } from 'vitest';
import { score } from '$lib/palette/score';

describe('what the palette finds', () => {
  const best = (search: string, labels: string[]) =>
    labels
      .toSorted((a, b) => score('', search, [b]) - score('', search, [a]))
      .filter((label) => score('', search, [label]) > 0);

  it('is what has all the words, each from its begin', () => {
    expect(best('theme da', ['Theme: Dark', 'Theme: Light', 'Dark matter'])).toEqual(['Theme: Dark']);
    expect(best('verview', ['Overview'])).toEqual([]);
  });

  it('comes first where it stands first, and is shorter', () => {
    expect(best('in', ['Annotations in German', 'Insights', 'Inbox'])).toEqual([
      'Inbox',
      'Insights',
      'Annotations in German',
    ]);
  });

  it('needs no accents, and takes signs as they are', () => {
    expect(best('uberblick', ['Überblick'])).toEqual(['Überblick']);
    expect(best('#recall (2', ['#recall (2026)'])).toEqual(['#recall (2026)']);
  });

  it('is everything while nothing is typed', () => {
    expect(score('', '', ['Overview'])).toBeGreaterThan(0);
  });
});

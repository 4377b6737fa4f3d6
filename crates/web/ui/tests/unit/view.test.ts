import { describe, expect, it } from 'vitest';
import {
  apiFilter,
  parseFocus,
  parseView,
  viewParams,
  withFilter,
  writeFocus,
  type Focus,
  type View,
} from '$lib/state/view';

const plain: View = { project: 'default', monitors: [], range: { last: '24h' }, filters: [] };
const now = Date.UTC(2026, 6, 4, 12, 30, 15);

describe('the address bar', () => {
  it('says nothing for the plain view', () => {
    expect(viewParams(plain).toString()).toBe('');
    expect(parseView(new URLSearchParams())).toEqual(plain);
  });

  it('gives back every view it was given', () => {
    const view: View = {
      project: 'p 1',
      monitors: ['a', 'b'],
      range: { from: 1000, to: 5000 },
      filters: [
        { by: 'source', value: 'x', exclude: true },
        { by: 'hashtag', value: 'café', exclude: false },
        { by: 'q', value: 'hot, -wet AND "a,b"', exclude: false },
      ],
    };
    expect(parseView(new URLSearchParams(viewParams(view).toString()))).toEqual(view);
  });

  it('falls back where a hand-written address makes no sense', () => {
    expect(parseView(new URLSearchParams('range=eternity&from=9&to=3')).range).toEqual({ last: '24h' });
    expect(parseView(new URLSearchParams('from=abc&to=3')).range).toEqual({ last: '24h' });
    expect(parseView(new URLSearchParams('range=toString')).range).toEqual({ last: '24h' });
  });

  it('keeps the panel beside the view', () => {
    const focus: Focus = { monitors: ['m'], from: 5, to: 9, filters: [{ by: 'lang', value: 'de', exclude: false }] };
    const params = viewParams({ ...plain, filters: [{ by: 'lang', value: 'en', exclude: true }] });
    writeFocus(params, focus);
    expect(parseFocus(params)).toEqual(focus);
    expect(parseView(params).filters).toEqual([{ by: 'lang', value: 'en', exclude: true }]);
    expect(parseFocus(new URLSearchParams())).toBeNull();
  });
});

describe('the question to the server', () => {
  it('starts a running period on a whole minute and leaves its end open', () => {
    expect(apiFilter(plain, now)).toEqual({ project: 'default', from: Date.UTC(2026, 6, 3, 12, 30) });
  });

  it('joins values of a dimension and marks the excluded', () => {
    const filters = [
      { by: 'source' as const, value: 'x', exclude: true },
      { by: 'source' as const, value: 'bluesky', exclude: false },
    ];
    expect(apiFilter({ ...plain, filters }, now).source).toBe('-x,bluesky');
  });

  it('is narrowed by the panel: its bar replaces the chips of that dimension, and keeps exclusions', () => {
    const view: View = {
      ...plain,
      monitors: ['a', 'b'],
      filters: [
        { by: 'lang', value: 'en', exclude: false },
        { by: 'lang', value: 'fr', exclude: true },
      ],
    };
    const focus: Focus = { monitors: ['b'], from: 10, to: 20, filters: [{ by: 'lang', value: 'de', exclude: false }] };
    expect(apiFilter(view, now, focus)).toEqual({ project: 'default', monitor: 'b', from: 10, to: 20, lang: '-fr,de' });
  });

  it('writes a country as it is kept, however it was typed', () => {
    const { filters } = parseView(new URLSearchParams('country=de,-fr,JP'));
    expect(filters.map(({ value, exclude }) => [value, exclude])).toEqual([
      ['DE', false],
      ['FR', true],
      ['JP', false],
    ]);
  });

  it('lets a new filter replace its opposite', () => {
    const filters = withFilter([{ by: 'lang', value: 'en', exclude: true }], {
      by: 'lang',
      value: 'en',
      exclude: false,
    });
    expect(filters).toEqual([{ by: 'lang', value: 'en', exclude: false }]);
  });
});

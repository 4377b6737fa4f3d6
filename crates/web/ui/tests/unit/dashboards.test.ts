import { describe, expect, it } from 'vitest';
import { both, merge } from '$lib/dashboards/combine';
import { clamp, compact, overlap, put, room, rowsOf, screens } from '$lib/dashboards/layout';
import type { Kind, Place, Widget } from '$lib/dashboards/types';
import { as, clean, fit, fresh, KINDS, measureOf, titleOf, within } from '$lib/dashboards/widget';
import { questionOf, type Question } from '$lib/measure/question';

const placed = (id: string, x: number, y: number, w: number, h: number) => ({ id, place: { x, y, w, h } });
const place = (widgets: { id: string; place: Place }[], id: string) => {
  const found = widgets.find((one) => one.id === id)?.place;
  return found && [found.x, found.y, found.w, found.h];
};
const free = (widgets: { place: Place }[]) =>
  widgets.every((one, i) => widgets.every((other, j) => i === j || !overlap(one.place, other.place)));

describe('the grid', () => {
  const three = [placed('a', 0, 0, 6, 2), placed('b', 6, 0, 6, 2), placed('c', 0, 2, 12, 3)];

  it('lets what stands in the way give way, and closes up', () => {
    const moved = put(three, 'b', { x: 0, y: 0, w: 6, h: 2 });
    expect([place(moved, 'b'), place(moved, 'a')]).toEqual([
      [0, 0, 6, 2],
      [0, 2, 6, 2],
    ]);
    expect(free(moved)).toBe(true);
    const down = put(three, 'a', { x: 0, y: 3, w: 6, h: 2 });
    expect(place(down, 'c')).toEqual([0, 2, 12, 3]);
    expect(place(down, 'a')).toEqual([0, 5, 6, 2]);
  });

  it('keeps within twelve columns', () => {
    expect(clamp({ x: 11, y: -3, w: 20, h: 0 })).toEqual({ x: 0, y: 0, w: 12, h: 1 });
    expect(clamp({ x: 11, y: 0, w: 4, h: 99 })).toEqual({ x: 8, y: 0, w: 4, h: 24 });
    expect(place(put(three, 'a', { x: 0, y: 0, w: 12, h: 2 }), 'a')).toEqual([0, 0, 12, 2]);
  });

  it('never covers anything, whatever is moved where', () => {
    let seed = 7;
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    let widgets = compact(
      Array.from({ length: 14 }, (_, i) => placed(`w${i}`, next(7), next(20), 1 + next(6), 1 + next(5))),
    );
    for (let i = 0; i < 400; i += 1) {
      widgets = put(widgets, `w${next(14)}`, { x: next(14) - 1, y: next(24) - 1, w: 1 + next(13), h: 1 + next(6) });
      expect(free(widgets)).toBe(true);
      expect(compact(widgets)).toEqual(widgets);
      expect(widgets.every(({ place: { x, w } }) => x >= 0 && x + w <= 12)).toBe(true);
    }
  });

  it('finds room for a new widget', () => {
    expect(room([placed('a', 0, 0, 6, 2)], 4, 2)).toEqual({ x: 6, y: 0, w: 4, h: 2 });
    expect(room(three, 4, 2)).toEqual({ x: 0, y: 5, w: 4, h: 2 });
  });

  it('is cut into screens through no widget', () => {
    const tall = [...three, placed('d', 0, 5, 6, 9), placed('e', 6, 5, 6, 4), placed('f', 6, 9, 6, 5)];
    const cut = screens(tall, 6);
    expect(cut.map((page) => page.map(({ id }) => id))).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ]);
    expect(cut.map(rowsOf)).toEqual([5, 9]);
    expect(screens([], 6)).toEqual([]);
  });
});

describe('two filters together', () => {
  it('both hold', () => {
    const outer = { project: 'p', from: 5, monitor: 'a,b', sentiment: '-neutral' };
    expect(both(outer, { monitor: 'b,c', sentiment: 'negative', lang: 'de' })).toEqual({
      project: 'p',
      from: 5,
      monitor: 'b',
      sentiment: 'negative,-neutral',
      lang: 'de',
    });
    expect(both(outer, { monitor: 'c' })).toBeNull();
  });

  it('is what the server says', () => {
    for (const [name, a, b, together] of [
      ['monitor', 'm_1,m_2', 'm_2,m_3', 'm_2'],
      ['monitor', 'm_1', 'm_2', null],
      ['source', '-x', 'bluesky,reddit', 'bluesky,reddit,-x'],
      ['source', '-x', '-reddit,-x', '-x,-reddit'],
      ['q', 'a OR b', 'c', '(a OR b) AND (c)'],
      ['followers', '10..', '..100', '10..100'],
      ['followers', '10..20', '20..', null],
      ['voice', 'all', 'owned', 'owned'],
      ['voice', 'earned', 'owned', null],
      ['automation', 'with', 'without', 'without'],
    ] as const)
      expect(merge(name, a, b)).toBe(together);
  });
});

const widget = (kind: Kind, part: Partial<Widget> = {}): Widget => ({ ...fresh(kind, []), ...part });

describe('a widget', () => {
  const cuts = ['', 'time', 'week_hour', 'monitor', 'source', 'sentiment'];
  const questions: Question[] = cuts.flatMap((by) =>
    cuts
      .filter((then) => then === '' || (by !== '' && then !== by))
      .map((then) => ({ metrics: ['mentions'], by, then, interval: '', compare: '' })),
  );

  it('asks what it can show, whatever it was before', () => {
    for (const question of questions) {
      const cutsOf = (kind: Kind) => {
        const { by, then } = fit(kind, question);
        expect(by === '' && then !== '').toBe(false);
        return [by, then];
      };
      expect(cutsOf('number')).toEqual(['', '']);
      expect(cutsOf('series')).toContain('time');
      const [bar, none] = cutsOf('bars');
      expect([bar === '' || bar === 'time', none]).toEqual([false, '']);
      const [of, by] = cutsOf('sentiment');
      expect([of === '' || of === 'sentiment', by]).toEqual([false, 'sentiment']);
      const [row, column] = cutsOf('heat');
      expect(row === 'time' || column === 'time' || row === column).toBe(false);
      expect(row === 'week_hour' || column !== '').toBe(true);
    }
  });

  it('becomes another kind and says nothing that the kind has not', () => {
    for (const from of KINDS)
      for (const to of KINDS) {
        const next = clean(as(to, widget(from)));
        expect(next.text === '').toBe(to !== 'note');
        expect(Object.keys(next.measure).length > 0).toBe(!['note', 'mentions', 'topics', 'findings'].includes(to));
      }
  });

  it('is named by what it measures, unless it has a title', () => {
    expect(titleOf(widget('bars'))).toBe('Mentions by source');
    expect(titleOf(widget('bars', { title: 'Where' }))).toBe('Where');
    expect(titleOf(widget('sentiment'))).toBe('Sentiment over time');
    expect(titleOf(widget('mentions'))).toBe('Newest posts');
  });

  it('opens the posts of a mark within its own filter', () => {
    const own = widget('bars', { filter: { monitor: 'm_1,m_2', sentiment: 'negative', source: 'x,-reddit' } });
    const clicked = { monitors: [], from: 1, to: 2, filters: [{ by: 'source' as const, value: 'x', exclude: false }] };
    expect(within(own, clicked, ['m_2'])).toEqual({
      monitors: ['m_2'],
      from: 1,
      to: 2,
      filters: [
        { by: 'source', value: 'reddit', exclude: true },
        { by: 'sentiment', value: 'negative', exclude: false },
        { by: 'source', value: 'x', exclude: false },
      ],
    });
  });

  it('is kept as it is asked', () => {
    const question: Question = {
      metrics: ['mentions', 'authors'],
      by: 'time',
      then: 'monitor',
      interval: 'day',
      compare: 'previous',
    };
    expect(questionOf(measureOf(question))).toEqual(question);
  });
});

import { describe, expect, it } from 'vitest';
import { frameOf, wrapped } from '$lib/charts/frame';
import { fileName } from '$lib/charts/name';
import { mix } from '$lib/charts/palette';
import { figuresOf, funnelOf, intakeOf } from '$lib/parts/funnel';
import { letters } from '$lib/places/codes';
import { classOf, placesOf, stepsOf } from '$lib/places/places';
import { csvText } from '$lib/text/csv';
import { placeWords, sizeOf, type Placed } from '$lib/words/layout';
import { moodOf } from '$lib/words/words';
import type { Measured } from '$lib/api/types';

const ruler = (text: string, size: number) => text.length * size * 0.5;

describe('a picture of a chart', () => {
  it('has its words and its drawing one below the other, none beyond the edge', () => {
    const legend = Array.from({ length: 20 }, (_, i) => ({ label: `monitor ${i}`, colour: '#000000' }));
    const words = { title: 'Mentions over time', notes: ['word '.repeat(200).trim()], legend };
    const { height, chart, texts, swatches } = frameOf(words, 600, 320, ruler);
    const title = texts[0];
    expect(title?.text).toBe('Mentions over time');
    expect(swatches).toHaveLength(20);
    for (const { x, text, size } of texts) expect(x + ruler(text, size)).toBeLessThanOrEqual(600 - 24);
    const notes = texts.filter(({ quiet }) => quiet);
    expect(notes.length).toBeGreaterThan(3);
    for (const { y } of notes) expect(y).toBeGreaterThan(chart.y + chart.height);
    for (const { y } of texts) expect(y).toBeLessThan(height);
    expect(swatches.every(({ y }) => y < chart.y)).toBe(true);
  });

  it('breaks lines at spaces and loses no word', () => {
    const text = 'one two three four five';
    const lines = wrapped(text, 9, (part) => part.length);
    expect(lines.join(' ')).toBe(text);
    expect(lines.every((line) => line.length <= 9)).toBe(true);
    expect(wrapped('', 9, (part) => part.length)).toEqual([]);
  });

  it('is a file whose name speaks', () => {
    const day = Date.UTC(2026, 10, 26);
    expect(fileName('Über: Köln & Bonn', { from: day - 86_400_000, to: day })).toBe(
      'groundswell-uber-koln-bonn-2026-11-25-to-2026-11-26',
    );
    expect(fileName('!', { from: day, to: day + 5 })).toBe('groundswell-chart-2026-11-26');
    expect(fileName('Topics', null)).toBe('groundswell-topics');
  });

  it('is a table whose texts are quoted and never formulas, while figures stay figures', () => {
    expect(
      csvText({
        head: ['a,b', '=x'],
        rows: [
          ['say "hi"', -3],
          [null, 0.5],
        ],
      }),
    ).toBe('"a,b",\'=x\r\n"say ""hi""",-3\r\n,0.5\r\n');
  });

  it('mixes colours', () => {
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
    expect(mix('#102030', '#ffffff', 0)).toBe('#102030');
  });
});

describe('the map', () => {
  it('knows countries by their numbers', () => {
    expect([letters('276', 'Germany'), letters('840', 'x'), letters(undefined, 'Kosovo')]).toEqual(['DE', 'US', 'XK']);
    expect(letters('999', 'Nowhere')).toBe('');
  });

  it('says how many mentions name no place', () => {
    const key = (key: string, other = false) => ({ key, label: key, other, hidden: false, from: null, to: null });
    const answer = {
      metrics: ['mentions', 'authors'],
      axes: [{ by: 'country', keys: [key('FR'), key('DE'), key('', true)] }],
      rows: [
        [{ value: 2 }, { value: 1 }],
        [{ value: 5 }, { value: 4 }],
        [{ value: 1 }, { value: 1 }],
      ],
      total: [{ value: 20 }, { value: 9 }],
    } as unknown as Measured;
    const { places, unknown, total } = placesOf(answer);
    expect(places.map(({ country, mentions }) => [country, mentions])).toEqual([
      ['DE', 5],
      ['FR', 2],
    ]);
    expect([unknown, total]).toEqual([13, 20]);
  });

  it('shades every count by a class that holds it, classes without a gap between', () => {
    for (const high of [1, 2, 3, 7, 50, 186, 999, 12_345, 9_999_999]) {
      const steps = stepsOf([high]);
      expect(steps[0]?.low).toBe(1);
      expect(steps.at(-1)?.high).toBe(high);
      steps.slice(1).forEach(({ low }, i) => expect(low).toBe((steps[i]?.high ?? 0) + 1));
      for (const count of [1, Math.ceil(high / 2), high]) {
        const step = steps[classOf(count, steps)];
        expect(count >= (step?.low ?? Infinity) && count <= (step?.high ?? 0)).toBe(true);
      }
    }
    expect(stepsOf([])).toEqual([]);
  });
});

describe('the cloud of words', () => {
  const boxes = Array.from({ length: 60 }, (_, i) => ({ key: `w${i}`, width: 120 - i, height: 40 - i / 2 }));

  it('stands still, inside of its room, and no word lies on another', () => {
    const placed = placeWords(boxes, 700, 320);
    expect(placeWords(boxes, 700, 320)).toEqual(placed);
    expect(placed.length).toBeGreaterThan(20);
    const meet = (a: Placed, b: Placed) =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    placed.forEach((one, i) => {
      expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= 700 && one.y + one.height <= 320).toBe(true);
      expect(placed.slice(i + 1).some((other) => meet(one, other))).toBe(false);
    });
  });

  it('leaves out what has no room', () => {
    expect(placeWords([{ key: 'long', width: 900, height: 10 }], 700, 320)).toEqual([]);
  });

  it('sizes words by the root of their count, and judges by the whole interval', () => {
    expect([sizeOf(100, 100, 10, 50), sizeOf(25, 100, 10, 50), sizeOf(0, 0, 10, 50)]).toEqual([50, 30, 10]);
    expect(moodOf({ value: 0.2, low: 0.1, high: 0.3 })).toBe('positive');
    expect(moodOf({ value: 0.2, low: -0.1, high: 0.3 })).toBe('neutral');
    expect(moodOf({ value: -0.2, low: -0.3, high: -0.1 })).toBe('negative');
    expect(moodOf({ value: null, n: 4 })).toBe('neutral');
  });
});

describe('what was left out', () => {
  const counts = { open: 100, muted: 7, earned: 90, relevant: 70, people: 60, texts: 20 };

  it('adds up: every stage is the one before without what was taken off', () => {
    for (const leavesOut of [true, false]) {
      const stages = funnelOf(leavesOut ? { ...counts, texts: 15 } : counts, leavesOut);
      stages.slice(1).forEach(({ count, off }, i) => {
        const taken = off.reduce((sum, one) => sum + one.count, 0);
        expect(count).toBe((stages[i]?.count ?? 0) - taken);
      });
    }
    expect(funnelOf(counts, false)[1]?.off.map(({ key }) => key)).toEqual(['own', 'muted', 'irrelevant']);
  });

  it('reads the way in from the figures for operators, and adds up there, too', () => {
    const figures = figuresOf(
      [
        '# HELP groundswell_posts_admitted_total Posts',
        'groundswell_posts_admitted_total 70',
        'groundswell_events_total 9',
        'groundswell_posts_duplicate_total 3',
        'groundswell_posts_refused_total{reason="no_text"} 5',
        'groundswell_source_posts_total{source="a b"} 80',
        'groundswell_source_posts_total{source="c"} 10',
        'groundswell_mentions_written_total 33',
        'nonsense',
      ].join('\n'),
    );
    const { stages, mentions } = intakeOf(figures, 4);
    expect(mentions).toBe(33);
    expect(stages.map(({ count }) => count)).toEqual([94, 70]);
    expect(stages[1]?.off.reduce((sum, { count }) => sum + count, 0)).toBe(24);
    expect(stages[1]?.off.map(({ key }) => key)).toEqual([
      'ignored',
      'events',
      'duplicates',
      'refused:no_text',
      'open',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { AxisKey, Measured } from '$lib/api/types';
import { cellsOf, csvOf, drawingOf, focusOf, isEmpty, sameFigures } from '$lib/measure/answer';
import { linesOf } from '$lib/measure/option';
import { measureParams, parseQuestion, questionParams, splitMetrics, type Question } from '$lib/measure/question';
import { formOf, fullText, intervalText } from '$lib/measure/value';
import { pixelOf, timeAt } from '$lib/annotations/place';

const key = (key: string, part: Partial<AxisKey> = {}): AxisKey => ({
  key,
  label: key,
  from: null,
  to: null,
  other: false,
  hidden: false,
  ...part,
});

const HOUR = 3_600_000;
const answer = (part: Partial<Measured>): Measured => ({
  from: 0,
  to: 2 * HOUR,
  zone: 'UTC',
  metrics: ['mentions'],
  formulas: [],
  axes: [],
  cells: [[[{ value: 3 }]]],
  rows: [[{ value: 3 }]],
  total: [{ value: 3 }],
  before: null,
  generation: 1,
  policy_labels: [],
  ...part,
});

describe('a question', () => {
  it('survives the address bar', () => {
    const question: Question = {
      metrics: ['mentions', '=(positive-negative)/mentions'],
      by: 'monitor',
      then: 'time',
      interval: 'day',
      compare: 'year',
    };
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(questionParams(question))) if (value) params.set(name, value);
    expect(parseQuestion(new URLSearchParams(params.toString()))).toEqual(question);
  });

  it('says nothing for the plain one, and can be cut by nothing', () => {
    const plain = parseQuestion(new URLSearchParams());
    expect(Object.values(questionParams(plain)).every((value) => value === null)).toBe(true);
    expect(parseQuestion(new URLSearchParams('by=none&then=lang'))).toMatchObject({ by: '', then: '' });
  });

  it('keeps commas inside of brackets together', () => {
    expect(splitMetrics('mentions,=(a-(b,c))/d, authors')).toEqual(['mentions', '=(a-(b,c))/d', 'authors']);
  });

  it('asks for buckets only where there is time, and never cuts twice by the same', () => {
    const question: Question = { metrics: ['mentions'], by: 'lang', then: 'lang', interval: 'day', compare: '' };
    expect(measureParams(question, 'UTC')).toEqual({ metric: 'mentions', by: 'lang', zone: 'UTC' });
  });
});

describe('an answer', () => {
  const times = [key('0', { from: 0, to: HOUR }), key('1', { from: HOUR, to: 2 * HOUR })];
  const cut = answer({
    axes: [
      { by: 'lang', keys: [key('en'), key('', { other: true })] },
      { by: 'time', keys: times },
    ],
    cells: [
      [[{ value: 1 }], [{ value: 2 }]],
      [[{ value: 0 }], [{ value: 0 }]],
    ],
  });

  it('is drawn as fits its cuts', () => {
    expect(drawingOf([])).toBe('figure');
    expect(drawingOf([{ by: 'lang' }, { by: 'time' }])).toBe('lines');
    expect(drawingOf([{ by: 'week_hour' }])).toBe('week');
    expect(drawingOf([{ by: 'lang' }])).toBe('bars');
    expect(drawingOf([{ by: 'lang' }, { by: 'source' }])).toBe('matrix');
  });

  it('has the same lines whichever cut is the time, and none for an empty rest', () => {
    const { lines } = linesOf(cut, 0, () => '--monitor-0');
    expect(lines.map(({ values }) => values.map((value) => value?.value))).toEqual([[1, 2]]);
    const turned = answer({
      axes: [cut.axes[1]!, cut.axes[0]!],
      cells: [
        [[{ value: 1 }], [{ value: 0 }]],
        [[{ value: 2 }], [{ value: 0 }]],
      ],
    });
    expect(linesOf(turned, 0, () => '').lines[0]?.values).toEqual(lines[0]?.values);
  });

  it('leads to the posts behind a cell, and nowhere for the rest or an hour of the day', () => {
    const cells = cellsOf(cut);
    expect(focusOf(cut, cells[1]!)).toEqual({
      monitors: [],
      from: HOUR,
      to: 2 * HOUR,
      filters: [{ by: 'lang', value: 'en', exclude: false }],
    });
    expect(focusOf(cut, cells[2]!)).toBeNull();
    const hours = answer({ axes: [{ by: 'hour', keys: [key('7')] }] });
    expect(focusOf(hours, cellsOf(hours)[0]!)).toBeNull();
    // An hour of the week is one on the clocks of the zone that was asked in.
    const week = answer({ zone: 'Europe/Berlin', axes: [{ by: 'week_hour', keys: [key('33')] }] });
    expect(focusOf(week, cellsOf(week)[0]!)?.filters).toEqual([
      { by: 'week_hour', value: '33@Europe/Berlin', exclude: false },
    ]);
  });

  it('is a CSV whose cells are quoted and never formulas', () => {
    const table = answer({
      metrics: ['net_sentiment'],
      axes: [{ by: 'term', keys: [key('a,"b"'), key('=1+1')] }],
      cells: [[[{ value: -0.5, low: -0.6, high: -0.4, n: 40 }]], [[{ value: null, n: 3 }]]],
    });
    const lines = csvOf(table).split('\r\n');
    expect(lines[0]).toBe('term,net_sentiment,net_sentiment_low,net_sentiment_high,net_sentiment_n');
    expect(lines[1]).toBe('"a,""b""",-0.5,-0.6,-0.4,40');
    expect(lines[2]).toBe("'=1+1,,,,3");
  });

  it('is the same but for the last digits of a number', () => {
    const of = (value: number | null) => answer({ total: [{ value }] });
    expect(sameFigures(of(0.2236234598844419), of(0.22362345988444188))).toBe(true);
    expect(sameFigures(of(0.2236), of(0.2237))).toBe(false);
    expect(sameFigures(of(null), of(0))).toBe(false);
  });

  it('knows when nothing was found', () => {
    expect(isEmpty(answer({ cells: [[[{ value: 0 }, { value: null }]]] }))).toBe(true);
    expect(isEmpty(cut)).toBe(false);
  });
});

describe('a figure', () => {
  it('is written as what it is', () => {
    expect(formOf('mentions')).toBe('count');
    expect(formOf('negative_share')).toBe('share');
    expect(formOf('net_sentiment')).toBe('net');
    expect(formOf('=negative_share*2')).toBe('number');
    expect(fullText('net', { value: -0.2, low: -0.3, high: -0.1, n: 100 })).toBe('-20 (-30 to -10) n = 100');
    expect(intervalText('count', { value: 3 })).toBeNull();
    expect(fullText('share', { value: null, n: 3 })).toBe('Too few to say');
  });
});

describe('the place of an annotation', () => {
  const axis = { times: [0, 100, 300], end: 400 };
  const margins = { left: 10, right: 10 };

  it('goes from time to pixel and back', () => {
    for (const at of [0, 50, 100, 250, 399]) {
      const pixel = pixelOf(at, axis, 320, margins);
      expect(timeAt(pixel ?? -1, axis, 320, margins)).toBeCloseTo(at);
    }
  });

  it('is nowhere outside of the axis', () => {
    expect(pixelOf(400, axis, 320, margins)).toBeNull();
    expect(pixelOf(-1, axis, 320, margins)).toBeNull();
    expect(timeAt(5, axis, 320, margins)).toBeNull();
  });
});

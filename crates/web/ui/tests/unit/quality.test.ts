import { describe, expect, it } from 'vitest';
import type { ModelCard, SetQuality } from '$lib/api/types';
import { setName, speech } from '$lib/models/names';
import { brierOfChance, bySet, commonest, confusion, drift, pooled, tasks, telling, wilson } from '$lib/models/quality';

function set(name: string, confusion: number[][], labels = ['none', 'complaint']): SetQuality {
  const n = confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / n;
  const share = [right, right - 0.1, right + 0.1];
  return { set: name, n, accuracy: share, macro_f1: share, macro_recall: share, ece: 0.02, labels, confusion };
}

function card(tier: string, validation: SetQuality[], task = 'complaint'): ModelCard {
  return {
    id: `${tier}@1`,
    task,
    tier,
    date: '2026-11-26',
    bytes: 1,
    labels: ['none', 'complaint'],
    languages: ['en'],
    trained_on: [{ name: 'a', licence: 'MIT', source: 'somewhere', texts: 10 }],
    validation,
    calibration: { method: 'temperature', ece_before: null, ece: 0.02, brier: 0.2, bins: [] },
    known_failures: [],
  };
}

const bin = (confidence: number, accuracy: number, n: number) => ({ confidence, accuracy, n });

describe('how often right', () => {
  it('has an interval that holds at the ends', () => {
    expect(wilson(1, 10).high).toBe(1);
    expect(wilson(1, 10).low).toBeCloseTo(0.722, 3);
    expect(wilson(0.5, 400).low).toBeCloseTo(0.451, 3);
    expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
  });

  it('weighs sets by their posts', () => {
    const all = pooled(
      card('fast', [
        set('a', [
          [50, 0],
          [0, 50],
        ]),
        set('b', [
          [0, 150],
          [150, 0],
        ]),
      ]),
    );
    expect(all.n).toBe(400);
    expect(all.value).toBeCloseTo(0.25);
    expect(all.low).toBeLessThan(0.25);
    expect(all.high).toBeGreaterThan(0.25);
  });

  it('knows what always giving the commonest answer is worth', () => {
    expect(
      commonest([
        set('a', [
          [60, 20],
          [10, 10],
        ]),
      ]),
    ).toBeCloseTo(0.8);
    expect(commonest([set('a', [], [])])).toBeNull();
  });

  it('puts the best set first and one of too few posts last', () => {
    const fast = card('fast', [
      set('few', [
        [3, 0],
        [0, 3],
      ]),
      set('bad', [
        [20, 40],
        [30, 10],
      ]),
      set('a', [
        [50, 5],
        [5, 40],
      ]),
    ]);
    const full = card('full', [
      set('bad', [
        [30, 30],
        [20, 20],
      ]),
    ]);
    const rows = bySet([fast, full], 'accuracy', (name) => name.toUpperCase());
    expect(rows.map((row) => row.label)).toEqual(['A', 'BAD', 'FEW']);
    expect(rows[0]?.marks[1]).toBeNull();
    expect(rows[0]?.hint).toBe('a: somewhere');
    expect(rows[1]?.marks.map((mark) => mark?.n)).toEqual([100, 100]);
  });

  it('says where all posts of a set have one label', () => {
    const [row] = bySet(
      [
        card('fast', [
          set('a', [
            [0, 0],
            [10, 90],
          ]),
        ]),
      ],
      'accuracy',
      (name) => name,
    );
    expect(row?.oneLabel).toBe(true);
    expect(row?.baseline).toBeNull();
  });
});

describe('the matrix', () => {
  it('adds sets whose labels stand in another order', () => {
    const sets = [
      set('a', [
        [5, 1],
        [2, 7],
      ]),
      set(
        'b',
        [
          [70, 20],
          [10, 50],
        ],
        ['complaint', 'none'],
      ),
    ];
    expect(confusion(sets, ['none', 'complaint'])).toEqual({
      labels: ['none', 'complaint'],
      counts: [
        [55, 11],
        [22, 77],
      ],
    });
  });

  it('is not there where nothing was counted', () => {
    expect(confusion([set('a', [], [])], ['none'])).toBeNull();
  });
});

describe('the percentages', () => {
  it('are told by the answers about 80 % sure', () => {
    expect(telling([bin(0.5, 0.6, 100), bin(0.82, 0.78, 50), bin(0.95, 1, 400)])).toMatchObject({
      confidence: 0.82,
      accuracy: 0.78,
    });
  });

  it('take neighbours in until there are enough of them', () => {
    const found = telling([bin(0.75, 0.5, 20), bin(0.82, 1, 20), bin(0.3, 0, 400)]);
    expect(found?.n).toBe(40);
    expect(found?.accuracy).toBeCloseTo(0.75);
    expect(found?.confidence).toBeCloseTo(0.785);
    expect(telling([bin(0.8, 1, 29), bin(0, 0, 0)])).toBeNull();
  });

  it('drift to one side or to none', () => {
    expect(drift([bin(0.8, 0.9, 10), bin(0.6, 0.7, 10)])).toBeCloseTo(0.1);
    expect(drift([bin(0.8, 0.9, 10), bin(0.6, 0.5, 10)])).toBeCloseTo(0);
    expect(drift([])).toBe(0);
  });

  it('are worth something below the score of knowing nothing', () => {
    expect(brierOfChance(2)).toBe(0.5);
    expect(brierOfChance(3)).toBeCloseTo(2 / 3);
  });
});

describe('names and order', () => {
  it('puts tasks in the order of a reader, the fast model first, and what nobody foresaw last', () => {
    const list = tasks([
      card('full', [], 'irony'),
      card('full', [], 'sentiment'),
      card('fast', [], 'sentiment'),
      card('fast', [], 'spam'),
    ]);
    expect(list.map(({ task, cards }) => `${task} ${cards.map((one) => one.tier).join('+')}`)).toEqual([
      'sentiment fast+full',
      'irony full',
      'spam fast',
    ]);
  });

  it('names a set after its language where it stands for one', () => {
    expect(setName('umsab-de')).toBe('German (umsab)');
    expect(setName('afrisenti-ary')).toBe('Moroccan Arabic (afrisenti)');
    expect(setName('topic-ce')).toBe('topic-ce');
    expect(setName('language.carter.val')).toBe('carter');
    expect(speech('en')).toBe('English');
  });
});

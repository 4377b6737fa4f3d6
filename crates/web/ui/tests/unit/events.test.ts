import { describe, expect, it } from 'vitest';
import type { FindingRow } from '$lib/api/types';
import { eventsOf, movement, stageOf, termsOf } from '$lib/trends/events';
import { HOUR, MINUTE } from '$lib/text/time';

const NOW = 1000 * HOUR;
const series = (metric: string) => ({ of: 'series', metric, value: 10, expected: 1, per_week: 0.1 });
const terms = (...texts: string[]) => ({
  of: 'terms',
  terms: texts.map((text) => ({ text, authors: 9, expected: 1 })),
  mentions: [],
});
const finding = (id: string, hour: number, part: Partial<FindingRow> | object = {}) =>
  ({
    id,
    kind: 'peak',
    monitor: 'a',
    from: NOW - hour * HOUR,
    until: NOW - hour * HOUR + HOUR,
    strength: 5,
    dismissed: false,
    detail: series('mentions'),
    ...part,
  }) as FindingRow;

const told = (findings: FindingRow[]) =>
  eventsOf(findings).map(({ lead, others }) => [lead.id, ...others.map(({ id }) => id).sort()]);

describe('events', () => {
  it('gather what one monitor met at the same time, the mentions first', () => {
    const all = [
      finding('people', 10, { detail: series('new_authors'), strength: 99 }),
      finding('mentions', 10),
      finding('words', 10, { kind: 'trend', detail: terms('recall') }),
      finding('other', 10, { monitor: 'b' }),
      finding('late', 5),
    ];
    expect(told(all)).toEqual([['late'], ['mentions', 'people', 'words'], ['other']]);
  });

  it('keep apart what lessens, what is put aside, and what is about no monitor', () => {
    const all = [
      finding('peak', 10),
      finding('drop', 10, { kind: 'drop' }),
      finding('gone', 10, { dismissed: true }),
      finding('together', 10, { kind: 'coordination', monitor: null }),
    ];
    expect(told(all).every((one) => one.length === 1)).toBe(true);
  });

  it('hold every finding exactly once', () => {
    const all = Array.from({ length: 40 }, (_, i) => finding(`f${i}`, (i * 7) % 23, { monitor: i % 3 ? 'a' : 'b' }));
    expect(told(all).flat().sort()).toEqual(all.map(({ id }) => id).sort());
  });

  it('are new, grow, go on, fade or are over', () => {
    const event = (from: number, until: number) => ({
      lead: finding('x', 0, { from: NOW - from * HOUR, until: NOW - until * MINUTE }),
      others: [],
    });
    expect(stageOf(event(10, 5), NOW, [1, 1, 1, 40, 50, 60])).toBe('growing');
    expect(stageOf(event(10, 5), NOW, [60, 50, 40, 5, 4, 3])).toBe('fading');
    expect(stageOf(event(10, 5), NOW, [50, 52, 49, 51, 50, 52])).toBe('steady');
    expect(stageOf(event(10, 5), NOW, null)).toBe('steady');
    expect(stageOf(event(1, 5), NOW, [1, 50])).toBe('new');
    expect(stageOf(event(10, 400), NOW, [1, 50])).toBe('finished');
  });

  it('are not said to grow by chance', () => {
    expect(movement([1, 2, 1, 3])).toBe('steady');
    expect(movement([])).toBe('steady');
    expect(movement([5])).toBe('steady');
  });

  it('name each word once, and none that says nothing', () => {
    const event = {
      lead: finding('x', 1),
      others: [finding('y', 1, { detail: terms('kelvora', 'dock 3', 'dock', 'recall dock', '3') })],
    };
    expect(termsOf(event, 6)).toEqual(['kelvora', 'dock 3', 'recall dock']);
    expect(termsOf(event, 6, (term) => term !== 'kelvora')).toEqual(['dock 3', 'recall dock']);
    expect(termsOf(event, 1)).toEqual(['kelvora']);
  });
});

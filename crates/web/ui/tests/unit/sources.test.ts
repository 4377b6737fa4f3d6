import { describe, expect, it } from 'vitest';
import type { Connector, Coverage, Source } from '../../src/lib/api/sources';
import { stepsOf } from '../../src/lib/sources/coverage';
import { fieldsOf, inputOf, Wrong } from '../../src/lib/sources/form';

const key = (name: string, kind: string, needed = false) => ({ name, kind, needed, doc: '' });
const connector = {
  name: 'feed',
  keys: [
    key('urls', 'texts', true),
    key('token', 'secret'),
    key('poll_seconds', 'number'),
    key('tagged', 'flag'),
    key('map', 'table'),
  ],
} as unknown as Connector;

describe('the form of a source', () => {
  it('asks for what was written, and leaves out what was not', () => {
    const input = inputOf(connector, {
      mode: 'sealed',
      'own.urls': ' https://a.example/feed \n\nhttps://b.example/feed\n',
      'own.token': 's3cret',
      'own.poll_seconds': '300',
      'own.tagged': 'false',
      'own.map': '{"text": "body"}',
      'budget.posts_per_day': '100',
      'budget.money_per_day': '',
    });
    expect(input).toEqual({
      connector: 'feed',
      options: {
        mode: 'sealed',
        urls: ['https://a.example/feed', 'https://b.example/feed'],
        poll_seconds: 300,
        tagged: false,
        map: { text: 'body' },
        budget: { posts_per_day: 100 },
      },
      secrets: { token: 's3cret' },
    });
    expect(inputOf(connector, {})).toEqual({ connector: 'feed', options: {}, secrets: {} });
  });

  it('gives back what a source holds, without its secrets and its platform’s quotas', () => {
    const source = {
      mode: 'none',
      options: { urls: ['https://a.example/feed'], poll_seconds: 60, tagged: true, map: { text: 'body' } },
      secrets: ['token'],
      budget: [
        { unit: 'posts', period: 'day', most: 100 },
        { unit: 'money', period: 'month', most: 2_500_000 },
        { unit: 'search', period: 'day', most: 7 },
      ],
    } as unknown as Source;
    const fields = fieldsOf(connector, source);
    expect(fields).toMatchObject({
      'own.token': '',
      'own.tagged': 'true',
      'budget.posts_per_day': '100',
      'budget.money_per_month': '2.5',
    });
    const { options, secrets } = inputOf(connector, fields);
    expect(secrets).toEqual({});
    expect(options).toEqual({ ...source.options, mode: 'none', budget: { posts_per_day: 100, money_per_month: 2.5 } });
  });

  it('names the key that holds something else', () => {
    expect(() => inputOf(connector, { 'own.map': '{' })).toThrow(new Wrong('map'));
    expect(() => inputOf(connector, { 'own.poll_seconds': 'often' })).toThrow(new Wrong('poll_seconds'));
  });
});

describe('the strip of coverage', () => {
  it('keeps the sums, whatever the width of slots and steps', () => {
    const minute = 60_000;
    const slots = [
      ...Array.from({ length: 30 }, (_, i) => ({ at: i * minute, width: minute, live: minute, seen: 2, refused: {} })),
      { at: 60 * minute, width: 60 * minute, live: 30 * minute, seen: 120, refused: {} },
    ];
    const coverage = { from: 0, to: 120 * minute, gaps: [], sources: [{ source: 'a', slots }] } as unknown as Coverage;
    const steps = stepsOf(coverage, 'a', 15 * minute);
    expect(steps).toHaveLength(8);
    expect(steps.reduce((sum, { seen }) => sum + seen, 0)).toBe(180);
    expect(steps.map(({ connected }) => connected)).toEqual([1, 1, 0, 0, 0.5, 0.5, 0.5, 0.5]);
    expect(stepsOf(coverage, 'b', 15 * minute).every(({ seen, connected }) => seen + connected === 0)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { agentName } from '$lib/account/agent';
import { ordered, pText } from '$lib/compare/differences';
import { effects } from '$lib/rules/words';
import { filtersOf, paramsOf, withFilter, type Filter } from '$lib/state/view';

describe('the filter of a rule', () => {
  it('becomes chips and back', () => {
    const filters: Filter[] = [
      { by: 'sentiment', value: 'negative', exclude: false },
      { by: 'tag', value: 'done', exclude: true },
      { by: 'followers', value: '1000..', exclude: false },
    ];
    const params = paramsOf('default', ['m'], filters);
    expect(params).toEqual({
      project: 'default',
      monitor: 'm',
      sentiment: 'negative',
      tag: '-done',
      followers: '1000..',
    });
    expect(filtersOf(params)).toEqual({ monitors: ['m'], filters });
  });

  it('has one range of followers at a time', () => {
    const first: Filter = { by: 'followers', value: '..10', exclude: false };
    const second: Filter = { by: 'followers', value: '10..', exclude: false };
    expect(withFilter([first], second)).toEqual([second]);
  });
});

it('names what a rule does', () => {
  expect(effects({ add_tags: ['a', 'b'], relevant: false, starred: true })).toEqual([
    ['Add tags', 'a, b'],
    ['Relevance', 'Not relevant'],
    ['Star it', ''],
  ]);
});

it('puts differences beyond chance first', () => {
  const one = (p: number, beyond_chance: boolean) => ({
    a: 'a',
    b: 'b',
    measure: 'm',
    by: { value: 0 },
    p,
    beyond_chance,
  });
  expect(ordered([one(0.01, false), one(0.2, false), one(0.001, true)]).map(({ p }) => p)).toEqual([0.001, 0.01, 0.2]);
  expect(pText(0.0004)).toBe('< 0.001');
});

it('reads what a browser calls itself', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36';
  expect(agentName(chrome)).toEqual({ browser: 'Chrome', system: 'Linux' });
  expect(agentName(null)).toBeNull();
  expect(agentName('something else')).toBeNull();
});

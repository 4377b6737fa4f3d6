import { describe, expect, it } from 'vitest';
import { definitionOf } from '$lib/alerts/drafts';
import { countable, countOf } from '$lib/welcome/count';

const key = (name: string, kind: string, needed: boolean) => ({ name, kind, needed, doc: '' });

describe('which platforms are asked for counts', () => {
  const connectors = [
    { name: 'hackernews', abilities: ['follow', 'past'], keys: [], price: 0 },
    { name: 'mastodon', abilities: ['past'], keys: [key('token', 'secret', false)], price: 0 },
    { name: 'youtube', abilities: ['past'], keys: [key('key', 'secret', true)], price: 0 },
    { name: 'x', abilities: ['past'], keys: [], price: 0.005 },
    { name: 'inbox', abilities: [], keys: [], price: 0 },
  ];
  const named = (...names: string[]) => names.map((name) => ({ name: `my-${name}`, connector: name }));

  it('those without a key and a price that can search their past, each once', () => {
    const sources = named('hackernews', 'hackernews', 'mastodon', 'youtube', 'x', 'inbox');
    expect(countable(sources, connectors).map(({ connector }) => connector)).toEqual(['hackernews', 'mastodon']);
  });

  it('says no number where the platform says none', () => {
    const answer = { estimated_posts: null, lines: ['no count'], error: null } as unknown as Parameters<
      typeof countOf
    >[0];
    expect(countOf(answer)).toEqual({ state: 'unknown', why: 'no count' });
    expect(countOf({ ...answer, estimated_posts: 0 })).toEqual({ state: 'known', posts: 0 });
  });
});

describe('an alert that goes with an objective', () => {
  const draft = {
    name: 'Acme: peak',
    kind: 'peak',
    why: '',
    scope: { project: 'p', monitor: 'a,b' },
    condition: { per_week: 0.25 },
  };

  it('keeps its monitors and how often it may be wrong', () => {
    const made = definitionOf(draft, 'UTC');
    expect(made).toMatchObject({
      name: 'Acme: peak',
      monitors: ['a', 'b'],
      when: { kind: 'peak', per_week: 0.25 },
      zone: 'UTC',
    });
    expect(made?.filter).toEqual({});
  });

  it('about single mentions keeps its filter', () => {
    const complaints = definitionOf({ ...draft, kind: 'mention', condition: { intent: 'complaint' } }, 'UTC');
    expect(complaints).toMatchObject({ when: { kind: 'every_mention' }, filter: { intent: 'complaint' } });
  });

  it('of a kind that is not known is left out', () => {
    expect(definitionOf({ ...draft, kind: 'telepathy' }, 'UTC')).toBeNull();
  });
});

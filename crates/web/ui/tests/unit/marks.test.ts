import { describe, expect, it } from 'vitest';
import type { MarkView } from '$lib/api/types';
import { changed, changeOf, inWords, tagsIn } from '$lib/marks/change';

const plain: MarkView = {
  tags: ['legal'],
  category: null,
  status: 'open',
  assignee: 'ann',
  sentiment: null,
  relevant: null,
  starred: false,
  muted: false,
};

describe('a change of marks', () => {
  it('leaves alone what is not said', () => {
    expect(changed(plain, {})).toEqual(plain);
    expect(changed(plain, { starred: true })).toEqual({ ...plain, starred: true });
  });

  it('clears first, then sets', () => {
    expect(changed(plain, { clear: ['tags', 'status'], add_tags: ['b', 'a', 'b'] })).toEqual({
      ...plain,
      tags: ['a', 'b'],
      status: null,
    });
    expect(changed({ ...plain, sentiment: 'negative' }, { clear: ['sentiment'] }).sentiment).toBeNull();
  });

  it('takes tags off and adds them', () => {
    expect(changed(plain, { remove_tags: ['legal'], add_tags: ['press'] }).tags).toEqual(['press']);
  });

  it('says no to the server as well as yes', () => {
    expect(changed({ ...plain, muted: true }, { muted: false }).muted).toBe(false);
  });
});

describe('the form', () => {
  const untouched = { addTags: [], removeTags: [], category: null, status: null, assignee: null };

  it('asks for nothing where nothing was touched', () => {
    expect(changeOf(untouched)).toBeNull();
  });

  it('sets what is written and clears what is emptied', () => {
    expect(changeOf({ ...untouched, category: 'a/b', status: '', assignee: '' })).toEqual({
      category: 'a/b',
      clear: ['status', 'assignee'],
    });
  });

  it('reads tags as they are typed', () => {
    expect(tagsIn(' legal, #press,, legal ,')).toEqual(['legal', 'press']);
  });
});

it('says what a change does', () => {
  expect(inWords({ starred: true, add_tags: ['legal', 'press'] })).toBe('Starred, Tagged legal, press');
  expect(inWords({ clear: ['sentiment'] })).toBe('Changed');
});

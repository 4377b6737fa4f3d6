import { describe, expect, it } from 'vitest';
import { stroke } from '$lib/classifiers/keys';

class Element {
  constructor(readonly within: string[]) {}
  closest(selector: string) {
    return this.within.some((tag) => selector.split(', ').includes(tag)) ? this : null;
  }
}
Object.assign(globalThis, { Element });

const press = (key: string, more: object = {}) =>
  stroke({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    repeat: false,
    target: new Element([]),
    ...more,
  } as never);

describe('the keys of labelling', () => {
  it('give labels by their number', () => {
    expect(press('1')).toEqual({ do: 'label', at: 0 });
    expect(press('9')).toEqual({ do: 'label', at: 8 });
    expect(press('0')).toBeNull();
  });

  it('skip, take back and name', () => {
    expect(press('s')).toEqual({ do: 'skip' });
    expect(press('z')).toEqual({ do: 'undo' });
    expect(press('n')).toEqual({ do: 'add' });
  });

  it('do nothing while somebody writes, holds a key, or means the browser', () => {
    expect(press('1', { target: new Element(['input']) })).toBeNull();
    expect(press('1', { repeat: true })).toBeNull();
    expect(press('z', { ctrlKey: true })).toBeNull();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nearer } from '$lib/components/arriving';
import { Turn } from '$lib/state/turn';

describe('what comes in by itself', () => {
  let frames: (() => void)[] = [];
  const page = { hidden: false };
  const nextFrame = () => frames.splice(0).forEach((frame) => frame());

  beforeEach(() => {
    frames = [];
    page.hidden = false;
    vi.stubGlobal('document', page);
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is shown one part a frame, in the order in which it came', () => {
    const done: string[] = [];
    new Turn().take(() => done.push('chart'));
    new Turn().take(() => done.push('list'));
    expect(done).toEqual([]);
    nextFrame();
    expect(done).toEqual(['chart']);
    nextFrame();
    expect(done).toEqual(['chart', 'list']);
    expect(frames).toEqual([]);
  });

  it('replaces what still waits for the same part', () => {
    const done: number[] = [];
    const turn = new Turn();
    turn.take(() => done.push(1));
    turn.take(() => done.push(2));
    nextFrame();
    nextFrame();
    expect(done).toEqual([2]);
  });

  it('goes on in a later frame where a part has more to show', () => {
    const done: string[] = [];
    const list = new Turn();
    list.take(() => {
      done.push('first card');
      list.take(() => done.push('second card'));
    });
    new Turn().take(() => done.push('chart'));
    for (let i = 0; i < 3; i += 1) nextFrame();
    expect(done).toEqual(['first card', 'chart', 'second card']);
  });

  it('waits for no frame in a page out of sight, where none comes', () => {
    const done: string[] = [];
    new Turn().take(() => done.push('before'));
    page.hidden = true;
    new Turn().take(() => done.push('hidden'));
    expect(done).toEqual(['before', 'hidden']);
    page.hidden = false;
    nextFrame();
    new Turn().take(() => done.push('in sight'));
    nextFrame();
    expect(done).toEqual(['before', 'hidden', 'in sight']);
  });
});

describe('cards that arrive', () => {
  const cards = (ids: string) => [...ids].map((id) => ({ mention: { id } }));
  const ids = (list: { mention: { id: string } }[]) => list.map(({ mention }) => mention.id).join('');

  it('join at the head a few a step, the oldest first, in a list that keeps its length', () => {
    const wanted = cards('hgfeda');
    const steps = [cards('dcbaxy')];
    while (steps.at(-1) !== wanted) steps.push(nearer(steps.at(-1) ?? [], wanted));
    expect(steps.map(ids)).toEqual(['dcbaxy', 'fedacb', 'hgfeda']);
  });

  it('are all there at the end where the list is replaced as a whole', () => {
    const wanted = cards('54321');
    const first = nearer(cards('abcde'), wanted);
    expect(ids(first)).toBe('21abc');
    const second = nearer(first, wanted);
    expect(ids(second)).toBe('4321a');
    expect(nearer(second, wanted)).toBe(wanted);
  });

  it('are there at once where they are few', () => {
    const wanted = cards('fedcb');
    expect(nearer(cards('dcba'), wanted)).toBe(wanted);
    expect(nearer(cards('abc'), [])).toEqual([]);
  });
});

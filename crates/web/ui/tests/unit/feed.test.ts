import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Feed, type Heard } from '$lib/state/feed';

/** A stream that the test speaks through. */
class Stream extends EventTarget {
  static all: Stream[] = [];
  closed = false;
  constructor() {
    super();
    Stream.all.push(this);
  }
  close() {
    this.closed = true;
  }
  say(type: string, data = '') {
    this.dispatchEvent(new MessageEvent(type, { data }));
  }
}

/** Locks as a browser has them, of one name. */
function locks() {
  const waiting: (() => Promise<void>)[] = [];
  let held = false;
  const next = () => {
    const first = waiting.shift();
    held = first !== undefined;
    if (first) void first().then(next);
  };
  return {
    request: (_name: string, _options: object, take: () => Promise<void>) => {
      waiting.push(take);
      if (!held) next();
      return Promise.resolve();
    },
  };
}

const open = () => new Stream() as unknown as EventSource;
const told = async () => new Promise((done) => setTimeout(done, 20));

beforeEach(() => (Stream.all = []));
afterEach(() => vi.unstubAllGlobals());

describe('the live stream of a browser', () => {
  it('is one for all tabs, and is taken over when the tab that holds it goes', async () => {
    vi.stubGlobal('navigator', { locks: locks() });
    const heard: [Heard[], Heard[]] = [[], []];
    const first = new Feed('p', open, (event) => heard[0].push(event));
    const second = new Feed('p', open, (event) => heard[1].push(event));
    expect(Stream.all).toHaveLength(1);
    await told();
    Stream.all[0]!.say('open');
    Stream.all[0]!.say('commit', '{"generation":1}');
    await told();
    expect(heard[1]).toEqual(heard[0]);
    expect(heard[1].at(-1)).toEqual({ type: 'commit', data: '{"generation":1}' });

    first.close();
    await told();
    expect(Stream.all).toHaveLength(2);
    expect(Stream.all[0]!.closed).toBe(true);
    Stream.all[1]!.say('open');
    expect(heard[1].at(-1)).toEqual({ type: 'open' });
    second.close();
  });

  it('tells a tab that comes later how it stands', async () => {
    vi.stubGlobal('navigator', { locks: locks() });
    const first = new Feed('q', open, () => {});
    Stream.all[0]!.say('status', '{}');
    const late: Heard[] = [];
    const second = new Feed('q', open, (event) => late.push(event));
    await told();
    expect(late).toEqual([{ type: 'status', data: '{}' }]);
    first.close();
    second.close();
  });

  it('is each tab’s own where the browser has no locks', () => {
    vi.stubGlobal('navigator', {});
    const feeds = [new Feed('r', open, () => {}), new Feed('r', open, () => {})];
    expect(Stream.all).toHaveLength(2);
    feeds[0]!.again();
    expect(Stream.all[0]!.closed).toBe(true);
    for (const feed of feeds) feed.close();
  });
});

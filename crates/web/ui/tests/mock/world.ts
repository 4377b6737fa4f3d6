import type { Backfill, MentionView, Monitor, PostView } from '../../src/lib/api/types.ts';
import { Random } from './random.ts';
import { COPYPASTA, SOURCES, TEMPLATES, type Template } from './texts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = 9;

export interface Author {
  key: string;
  handle: string | null;
  name: string | null;
  followers: number;
}

function makeMonitor(
  id: string,
  name: string,
  color: number,
  query: string,
  role: Monitor['role'],
  at: number,
): Monitor {
  return {
    id,
    project: 'default',
    name,
    role,
    color,
    query,
    version: 1,
    active: true,
    origin: 'ui',
    created_at: at,
    updated_at: at,
    mentions: 0,
    in_force_from: 7,
    in_force_at: at,
    backfill: null,
    cost: null,
  };
}

const SEEDS: [string, string, string, Monitor['role'], number][] = [
  ['m1', 'Northbeam', '(northbeam OR #northbeam OR @northbeam) NOT "northbeam avenue"', 'brand', 0.5],
  ['m2', 'Kelda', 'kelda AND (coffee OR machine OR grinder)', 'competitor', 0.3],
  ['m3', 'Orrin', '"orrin one" OR #orrin OR {ORRIN}', 'competitor', 0.2],
];

/** A made-up world of posts about three rival coffee machines, the same for the same seed. */
export class World {
  monitors: Monitor[];
  /** Newest last. */
  mentions: MentionView[] = [];
  posts = 1_240_000;
  generation = 1;
  readonly started = Date.now() - 3 * HOUR;
  #random: Random;
  #authors: Author[];
  #next = 0;

  constructor(seed: number, empty: boolean) {
    this.#random = new Random(seed);
    this.#authors = Array.from({ length: 900 }, (_, i) => this.#author(i));
    const at = Date.now() - DAYS * 24 * HOUR;
    this.monitors = empty ? [] : SEEDS.map(([id, name, query, role], i) => makeMonitor(id, name, i, query, role, at));
    if (!empty) this.#history(at);
  }

  #author(i: number): Author {
    const open = i % 41 === 3;
    const key = this.#random.hex(32);
    return {
      key,
      handle: open ? `coffeepress${i}.example` : null,
      name: open ? `The Coffee Press ${i}` : null,
      followers: Math.floor(10 / (this.#random.next() ** 1.6 + 0.001)),
    };
  }

  /** Mentions a minute: a day rhythm, and a recall that bursts six hours ago. */
  #rate(at: number, now: number): number {
    const hour = new Date(at).getUTCHours() + new Date(at).getUTCMinutes() / 60;
    const rhythm = 7 + 4.4 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
    const since = (at - (now - 6 * HOUR)) / HOUR;
    const burst = since > 0 && since < 4 ? 22 * since * Math.exp(1 - since * 1.4) : 0;
    return rhythm + burst;
  }

  #history(from: number): void {
    const now = Date.now();
    for (let at = from; at < now; at += MINUTE) {
      const mean = this.#rate(at, now);
      const count = Math.floor(mean + this.#random.next());
      for (let i = 0; i < count; i += 1) this.add(at + this.#random.below(MINUTE), (at - (now - 6 * HOUR)) / HOUR);
    }
    this.mentions.sort((a, b) => a.post.created_at - b.post.created_at);
  }

  /** One new mention; `since` is the time since the recall, in hours. */
  add(at: number, since: number): MentionView | null {
    const active = this.monitors.filter((monitor) => monitor.active);
    if (active.length === 0) return null;
    const random = this.#random;
    const recall = since > 0 && since < 4 && random.next() < 0.55;
    const weighted = random.next();
    const monitor =
      (recall
        ? active[0]
        : weighted < 0.5
          ? active[0]
          : weighted < 0.8
            ? active[1]
            : active[2 + random.below(Math.max(1, active.length - 2))]) ?? random.pick(active);
    const template: Template = recall
      ? random.pick(TEMPLATES.filter((item) => item.mood === 'negative'))
      : random.next() < 0.04
        ? COPYPASTA
        : random.next() < 0.55
          ? random.pick(TEMPLATES.filter((item) => item.lang === 'en'))
          : random.pick(TEMPLATES);
    const mention = this.#mention(monitor, template, at);
    this.mentions.push(mention);
    monitor.mentions += 1;
    return mention;
  }

  #mention(monitor: Monitor, template: Template, at: number): MentionView {
    const random = this.#random;
    this.#next += 1;
    const text = template.text.replaceAll('%', monitor.name);
    const sure = 0.55 + random.next() * 0.42;
    const rest = (1 - sure) / 2;
    const covered = template.lang !== 'tr' && template.lang !== 'pl';
    const scores = { negative: rest, neutral: rest, positive: rest, [template.mood]: sure };
    return {
      id: `n${this.#next}`,
      monitor: monitor.id,
      monitor_version: monitor.version,
      post: this.#post(text, template.lang, monitor.name, at),
      sentiment: covered
        ? { label: template.mood, ...scores, model: 'panel@1', is_toward: text.includes(monitor.name) }
        : null,
      post_sentiment: null,
      classes:
        covered && template.mood === 'negative'
          ? [{ task: 'complaint', label: 'complaint', probability: sure, model: 'panel@1' }]
          : [],
      entities: [],
      aspects: [],
      copies: null,
      group: null,
      topic: null,
      context: false,
      mark: {
        tags: [],
        category: null,
        status: null,
        assignee: null,
        starred: false,
        muted: false,
        sentiment: null,
        relevant: null,
      },
    };
  }

  #post(text: string, lang: string, name: string, at: number): PostView {
    const random = this.#random;
    const author = random.zipf(this.#authors);
    const source = random.zipf(SOURCES);
    const start = text.indexOf(name);
    const bytes = (part: string) => new TextEncoder().encode(part).length;
    const likes = random.next() < 0.4 ? Math.floor(3 / (random.next() + 0.01)) : 0;
    return {
      key: random.hex(16),
      source,
      kind: random.next() < 0.25 ? 'reply' : source === 'rss' ? 'article' : 'post',
      author: { ...author, verified: author.handle ? true : null },
      created_at: at,
      seen_at: at + random.below(2000),
      edited_at: random.next() < 0.02 ? at + MINUTE : null,
      title: source === 'rss' ? `${name} in the news` : null,
      text,
      highlights: start < 0 ? [] : [[bytes(text.slice(0, start)), bytes(text.slice(0, start)) + bytes(name)]],
      lang: random.next() < 0.02 ? 'und' : lang,
      hashtags: [...text.matchAll(/#([\p{L}\p{N}]+)/gu)].map((match) => match[1] as string),
      urls: [...text.matchAll(/https?:\/\/\S+/g)].map((match) => match[0]),
      community: source === 'reddit' ? 'r/espresso' : null,
      likes,
      reposts: source === 'reddit' ? null : Math.floor(likes / 4),
      replies: Math.floor(likes / 6),
    };
  }

  backfill(monitor: Monitor): void {
    const state: Backfill = {
      state: 'running',
      done: 0,
      total: 180_000,
      found: 0,
      from: Date.now() - DAYS * 24 * HOUR,
    };
    monitor.backfill = state;
    const timer = setInterval(() => {
      state.done = Math.min(state.total, state.done + 30_000);
      for (let i = 0; i < 12; i += 1) {
        if (this.#random.next() > 0.3) this.#backfilled(monitor, state);
      }
      this.mentions.sort((a, b) => a.post.created_at - b.post.created_at);
      this.generation += 1;
      if (state.done === state.total) {
        state.state = 'done';
        clearInterval(timer);
      }
    }, 400);
    timer.unref();
  }

  #backfilled(monitor: Monitor, state: Backfill): void {
    const at = Date.now() - this.#random.below(24 * HOUR);
    this.mentions.push(this.#mention(monitor, this.#random.pick(TEMPLATES), at));
    monitor.mentions += 1;
    state.found += 1;
  }
}

import type {
  Breakdown,
  BreakdownItem,
  Estimate,
  Figures,
  MentionPage,
  MentionView,
  Overview,
  Series,
} from '../../src/lib/api/types.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LABELS = ['negative', 'neutral', 'positive'] as const;

function values(params: URLSearchParams, name: string): { only: string[]; not: string[] } {
  const all = (params.get(name) ?? '').split(',').filter((item) => item !== '');
  return {
    only: all.filter((item) => !item.startsWith('-')),
    not: all.filter((item) => item.startsWith('-')).map((item) => item.slice(1)),
  };
}

const words = (text: string) => [
  ...new Set(
    text
      .toLowerCase()
      .replace(/https?:\S+/g, '')
      .match(/[\p{L}]{4,}/gu) ?? [],
  ),
];

/** What a mention has in a dimension. */
export function dimension(mention: MentionView, by: string): string[] {
  const { post } = mention;
  if (by === 'monitor') return [mention.monitor];
  if (by === 'source') return [post.source];
  if (by === 'lang') return [post.lang];
  if (by === 'kind') return [post.kind];
  if (by === 'sentiment') return mention.sentiment ? [mention.sentiment.label] : [];
  if (by === 'hashtag') return post.hashtags;
  if (by === 'author') return post.author ? [post.author.key] : [];
  if (by === 'term') return words(post.text);
  if (by === 'site') return post.urls.map((url) => new URL(url).hostname);
  return [];
}

export function select(world: World, params: URLSearchParams, from: number, to: number): MentionView[] {
  const tests = ['monitor', 'source', 'lang', 'sentiment', 'kind', 'hashtag', 'author', 'site', 'term'].map((by) => ({
    by,
    ...values(params, by),
  }));
  const q = params.get('q')?.toLowerCase();
  return world.mentions.filter((mention) => {
    const at = mention.post.created_at;
    if (at < from || at >= to) return false;
    if (q && !mention.post.text.toLowerCase().includes(q)) return false;
    return tests.every(({ by, only, not }) => {
      if (only.length === 0 && not.length === 0) return true;
      const has = dimension(mention, by);
      return (only.length === 0 || only.some((item) => has.includes(item))) && !not.some((item) => has.includes(item));
    });
  });
}

export function period(params: URLSearchParams): [number, number] {
  const to = Number(params.get('to') ?? Date.now() + 1000);
  return [Number(params.get('from') ?? to - 24 * HOUR), to];
}

function wilson(part: number, all: number): Estimate | null {
  if (all < 30) return null;
  const p = part / all;
  const z2 = 1.96 ** 2;
  const centre = (p + z2 / (2 * all)) / (1 + z2 / all);
  const half = (1.96 * Math.sqrt((p * (1 - p)) / all + z2 / (4 * all * all))) / (1 + z2 / all);
  return { value: p, low: centre - half, high: centre + half };
}

function sentiments(mentions: MentionView[]): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  for (const mention of mentions) {
    const at = LABELS.indexOf(mention.sentiment?.label as (typeof LABELS)[number]);
    if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

function figures(mentions: MentionView[]): Figures {
  const [negative, neutral, positive] = sentiments(mentions);
  const scored = negative + neutral + positive;
  const value = (positive - negative) / scored;
  const half = 1.96 * Math.sqrt(((positive + negative) / scored - value * value) / scored);
  return {
    mentions: mentions.length,
    authors: new Set(mentions.map((mention) => mention.post.author?.key)).size,
    authors_interval: null,
    engagement: mentions.reduce(
      (sum, { post }) => sum + (post.likes ?? 0) + (post.reposts ?? 0) + (post.replies ?? 0),
      0,
    ),
    negative,
    neutral,
    positive,
    net_sentiment: scored < 30 ? null : { value, low: value - half, high: value + half },
  };
}

export function overview(world: World, params: URLSearchParams): Overview {
  const [from, to] = period(params);
  const earliest = world.mentions[0]?.post.created_at ?? to;
  const start = from - (to - from);
  const before = start < earliest ? null : figures(select(world, params, start, from));
  return {
    from,
    to,
    now: figures(select(world, params, from, to)),
    before,
    left_out: null,
    generation: world.generation,
    policy_labels: [],
  };
}

const STEPS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR];

export function series(world: World, params: URLSearchParams): Series {
  const [from, to] = period(params);
  const step = STEPS.find((step) => (to - from) / step <= 120) ?? 24 * HOUR;
  const first = Math.floor(from / step) * step;
  const times: number[] = [];
  for (let at = first; at < to; at += step) times.push(at);
  const lines = new Map<string, number[]>();
  const by = params.get('by') ?? '';
  for (const mention of select(world, params, from, to)) {
    for (const key of by === '' ? [''] : dimension(mention, by)) {
      const counts = lines.get(key) ?? times.map(() => 0);
      const at = Math.floor((mention.post.created_at - first) / step);
      counts[at] = (counts[at] ?? 0) + 1;
      lines.set(key, counts);
    }
  }
  return {
    policy_labels: [],
    interval_ms: step,
    times,
    lines: [...lines]
      .map(([key, counts]) => ({ key, counts, total: counts.reduce((a, b) => a + b, 0) }))
      .sort((a, b) => b.total - a.total),
    generation: world.generation,
  };
}

export function breakdown(world: World, params: URLSearchParams): Breakdown {
  const by = params.get('by') ?? 'source';
  const limit = Number(params.get('limit') ?? 10);
  const mentions = select(world, params, ...period(params));
  const groups = new Map<string, MentionView[]>();
  for (const mention of mentions) {
    for (const key of dimension(mention, by)) {
      const group = groups.get(key);
      if (group) group.push(mention);
      else groups.set(key, [mention]);
    }
  }
  const sorted = [...groups].sort((a, b) => b[1].length - a[1].length);
  const items = sorted.slice(0, limit).map(([key, group]): BreakdownItem => ({
    key,
    label: by === 'author' ? (group[0]?.post.author?.handle ?? key) : key,
    mentions: group.length,
    authors: ['hashtag', 'term', 'site'].includes(by)
      ? new Set(group.map((mention) => mention.post.author?.key)).size
      : null,
    share: wilson(group.length, mentions.length),
    sentiment: sentiments(group),
  }));
  const other = sorted.slice(limit).reduce((sum, [, group]) => sum + group.length, 0);
  return { items, other, total: mentions.length, generation: world.generation, policy_labels: [] };
}

export function mentions(world: World, params: URLSearchParams): MentionPage {
  const all = select(world, params, ...period(params)).sort((a, b) => b.post.created_at - a.post.created_at);
  const start = Number(params.get('cursor') ?? 0);
  const end = start + Number(params.get('limit') ?? 50);
  const next = end < all.length ? String(end) : null;
  return { items: all.slice(start, end), next, total: all.length, policy_labels: [] };
}

import type {
  Estimate,
  Job,
  JudgmentInput,
  MentionView,
  Monitor,
  Refinements,
  RelevanceState,
  RelevanceVersionView,
  ToJudge,
} from '../../src/lib/api/types.ts';
import type { Refuse } from './classifiers.ts';
import type { World } from './world.ts';

const FIRST = 10;
const EVERY = 5;

interface Learning {
  given: Map<string, { relevant: boolean; random: boolean }>;
  versions: RelevanceVersionView[];
  wanted: number;
  hide: boolean;
  job: Job | null;
}

/** Relevance as the server keeps it, with a model that grows better with every judgment. */
export class Relevance {
  #world: World;
  #refuse: Refuse;
  #all = new Map<string, Learning>();

  constructor(world: World, refuse: Refuse) {
    this.#world = world;
    this.#refuse = refuse;
  }

  /** Answers a request under `/monitors/{id}/relevance`. */
  answer(method: string, path: string, params: URLSearchParams, body: string): unknown {
    const [, id = '', what = ''] = /^\/monitors\/([^/]+)\/relevance(?:\/(\w+))?$/.exec(path) ?? [];
    const monitor = this.#world.monitors.find((one) => one.id === id);
    if (!monitor) throw this.#refuse(404, 'not_found', 'there is no such monitor');
    const one = this.#of(id);
    switch (`${method} ${what}`.trim()) {
      case 'GET':
        return this.#state(monitor, one);
      case 'GET next':
        return this.#next(monitor, one, Number(params.get('count') ?? 10));
      case 'PUT judgments':
        this.#judge(one, (JSON.parse(body) as { judgments: JudgmentInput[] }).judgments);
        return this.#state(monitor, one);
      case 'PUT threshold': {
        const input = JSON.parse(body) as { wanted_precision: number; hide?: boolean };
        one.wanted = input.wanted_precision;
        one.hide = input.hide ?? one.hide;
        return this.#state(monitor, one);
      }
      case 'GET versions':
        return one.versions;
      case 'PUT active':
        this.#activate(one, (JSON.parse(body) as { version: number | null }).version);
        return this.#state(monitor, one);
      case 'POST apply':
        one.job = job('apply', active(one)?.version ?? null, this.#mentions(monitor).length);
        return one.job;
      case 'GET refinements':
        return refinements(monitor, one);
      default:
        throw this.#refuse(404, 'not_found', 'there is no such question');
    }
  }

  #of(id: string): Learning {
    const known = this.#all.get(id) ?? { given: new Map(), versions: [], wanted: 0.9, hide: false, job: null };
    this.#all.set(id, known);
    return known;
  }

  #mentions(monitor: Monitor): MentionView[] {
    return this.#world.mentions.filter((mention) => mention.monitor === monitor.id);
  }

  #judge(one: Learning, judgments: JudgmentInput[]): void {
    for (const { mention, relevant, how } of judgments) {
      if (relevant === null || relevant === undefined) one.given.delete(mention);
      else one.given.set(mention, { relevant, random: how === 'random' });
    }
    const learned = one.versions[0]?.judged ?? 0;
    if (one.given.size < FIRST || one.given.size - learned < EVERY) return;
    const version = (one.versions[0]?.version ?? 0) + 1;
    const relevant = [...one.given.values()].filter((given) => given.relevant).length;
    one.versions.unshift({
      version,
      active: true,
      created_at: Date.now(),
      judged: one.given.size,
      relevant,
      bytes: 131_000,
    });
    this.#activate(one, version);
    one.job = job('train', version, 0);
  }

  #activate(one: Learning, version: number | null): void {
    for (const known of one.versions) known.active = known.version === version;
  }

  #next(monitor: Monitor, one: Learning, count: number): ToJudge[] {
    const open = this.#mentions(monitor).filter((mention) => !one.given.has(mention.id));
    const knows = active(one) !== undefined;
    return open
      .slice(-count)
      .reverse()
      .map(({ id, post }, i) => ({
        mention: id,
        how: i % 5 === 0 ? 'random' : knows ? 'unsure' : 'seed',
        platform: post.source,
        created_at: post.created_at,
        lang: post.lang,
        title: post.title,
        text: post.text,
        probability: knows ? 0.35 + 0.05 * (i % 5) : null,
      }));
  }

  #state(monitor: Monitor, one: Learning): RelevanceState {
    const all = [...one.given.values()];
    const yes = all.filter((given) => given.relevant).length;
    const random = all.filter((given) => given.random).length;
    const now = active(one);
    const share = all.length === 0 ? 0 : yes / all.length;
    const better = now ? share + (1 - share) * (1 - 4 / now.judged) : share;
    const stored = this.#mentions(monitor).length;
    return {
      monitor: monitor.id,
      version: now?.version ?? null,
      judged: all.length,
      relevant: yes,
      at_random: random,
      before: random > 0 && all.length >= 5 ? around(share, all.length) : null,
      precision: now ? around(better, all.length) : null,
      recall: now ? around(0.94, all.length) : null,
      calibration_error: all.length >= 50 ? 0.04 : null,
      wanted_precision: one.wanted,
      threshold: now ? one.wanted - 0.3 : null,
      reachable: now !== undefined && one.wanted < 0.97,
      hide: one.hide,
      removed_share: now ? (1 - share) * 0.9 : null,
      stored_relevant: 0,
      stored_irrelevant: one.job?.kind === 'apply' ? Math.round(stored * (1 - share)) : 0,
      stored,
      drift: null,
      job: one.job,
    };
  }
}

function active(one: Learning): RelevanceVersionView | undefined {
  return one.versions.find((version) => version.active);
}

function around(value: number, n: number): Estimate {
  const half = 0.9 / Math.sqrt(n + 4);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

function job(kind: 'train' | 'apply', version: number | null, of: number): Job {
  return {
    kind,
    state: 'done',
    stage: kind === 'train' ? 'fitting' : 'applying',
    done: of,
    of,
    version,
    changed: of,
    started_at: Date.now(),
    ended_at: Date.now(),
    error: null,
  };
}

function refinements(monitor: Monitor, one: Learning): Refinements {
  if (one.given.size < FIRST) return { excluding: [], adding: [] };
  return {
    excluding: [
      {
        term: 'giveaway',
        judged: 7,
        authors: 6,
        before: { value: 0.81, low: 0.7, high: 0.89 },
        after: { value: 0.93, low: 0.87, high: 0.96 },
        lost: { value: 0.012, low: 0.004, high: 0.02 },
        query: `${monitor.query} AND NOT giveaway`,
      },
    ],
    adding: [
      {
        term: '#flatwhite',
        posts: 64,
        relevant: { value: 0.9, low: 0.7, high: 0.97 },
        samples: ['the new grinder makes a fine #flatwhite'],
        query: `${monitor.query} OR #flatwhite`,
      },
    ],
  };
}

import type {
  ClassAnswer,
  Classifier,
  ImportAnswer,
  ImportProblem,
  LabelInput,
  LabelRows,
  Suggestion,
  Version,
} from '../../src/lib/api/types.ts';
import { Random } from './random.ts';
import { report } from './report.ts';
import type { World } from './world.ts';

/** Told to the server of the mock as a status, a code and a message. */
export type Refuse = (status: number, code: string, message: string) => Error;

const MINUTE = 60_000;
const STAGES: [string, number][] = [
  ['reading', 212],
  ['encoding', 212],
  ['validating', 10],
  ['fitting', 1],
];

interface Taught extends Omit<Classifier, 'labels'> {
  /** By post or text. */
  given: Map<string, string>;
  versions: Version[];
}

/** Classifiers of one's own as the server keeps them, with a model that guesses by words it has seen. */
export class Classifiers {
  #world: World;
  #refuse: Refuse;
  #random = new Random(41);
  #all: Taught[] = [];
  #made = 0;

  constructor(world: World, empty: boolean, refuse: Refuse) {
    this.#world = world;
    this.#refuse = refuse;
    if (empty) return;
    const topic = this.#create('default', 'topic');
    const counts = { delivery: 84, quality: 61, price: 40, support: 27 };
    for (const [label, count] of Object.entries(counts))
      for (let i = 0; i < count; i += 1) topic.given.set(`${label} ${i}`, label);
    topic.versions = [this.#version(topic, 2, 26 * 60), this.#version(topic, 1, 3 * 24 * 60)];
    const [, first] = topic.versions;
    if (first)
      first.report = report(
        [
          { label: 'delivery', rows: 30 },
          { label: 'quality', rows: 22 },
          { label: 'price', rows: 11 },
          { label: 'support', rows: 5 },
        ],
        2,
      );
    this.#activate(topic, 2);
    this.#create('default', 'team');
  }

  /** Answers a request under `/projects/{project}/classifiers`. */
  answer(method: string, path: string, params: URLSearchParams, body: string): unknown {
    const [, project = '', id, what] = /^\/projects\/([^/]+)\/classifiers(?:\/([^/]+)(?:\/(\w+))?)?$/.exec(path) ?? [];
    if (id === undefined) {
      if (method === 'GET') return this.#all.filter((one) => one.project === project).map(shown);
      return shown(this.#named(project, (JSON.parse(body) as { name: string }).name));
    }
    const one = this.#all.find((one) => one.id === id && one.project === project);
    if (!one) throw this.#refuse(404, 'not_found', 'there is no such classifier');
    switch (`${method} ${what ?? ''}`.trim()) {
      case 'GET':
        return shown(one);
      case 'DELETE':
        this.#all = this.#all.filter((other) => other !== one);
        return undefined;
      case 'GET versions':
        return one.versions;
      case 'PUT active':
        this.#activate(one, (JSON.parse(body) as { version: number | null }).version);
        return shown(one);
      case 'POST labels':
        return this.#label(one, (JSON.parse(body) as { labels: LabelInput[] }).labels);
      case 'POST import':
        return this.#import(one, body);
      case 'GET suggest':
        return this.#suggest(one, Number(params.get('count') ?? 10));
      case 'POST train':
        return this.#train(one);
      case 'POST apply':
        return this.#apply(one);
      case 'DELETE job':
        if (one.job) Object.assign(one.job, { state: 'stopped', ended_at: Date.now() });
        return undefined;
      case 'POST classify':
        return this.#classify(one, (JSON.parse(body) as { text: string }).text);
      default:
        throw this.#refuse(404, 'not_found', 'there is no such question');
    }
  }

  #named(project: string, name: string): Taught {
    if (['sentiment', 'emotion', 'irony', 'language'].includes(name))
      throw this.#refuse(409, 'conflict', `\`${name}\` is a task that comes with the program; choose another name`);
    if (this.#all.some((one) => one.project === project && one.name === name))
      throw this.#refuse(409, 'conflict', `the name ${name} is taken`);
    return this.#create(project, name);
  }

  #create(project: string, name: string): Taught {
    this.#made += 1;
    const made: Taught = {
      id: `c_${this.#made}`,
      project,
      name,
      active: null,
      created_at: Date.now(),
      job: null,
      given: new Map(),
      versions: [],
    };
    this.#all.push(made);
    return made;
  }

  #version(one: Taught, version: number, minutesAgo: number): Version {
    return {
      version,
      created_at: Date.now() - minutesAgo * MINUTE,
      active: false,
      encoder: 'encoder@1',
      bytes: 1_240_000,
      report: report(counted(one), 2),
    };
  }

  #activate(one: Taught, version: number | null): void {
    one.active = version;
    for (const known of one.versions) known.active = known.version === version;
  }

  #label(one: Taught, labels: LabelInput[]): Classifier {
    for (const { post, text, label } of labels) {
      const key = post ?? text ?? '';
      if (label === '') one.given.delete(key);
      else one.given.set(key, label);
    }
    return shown(one);
  }

  /** A file as the server reads it, near enough: a label after the last comma, or JSON lines. */
  #import(one: Taught, file: string): ImportAnswer {
    const problems: ImportProblem[] = [];
    let taken = 0;
    const lines = file.split(/\r?\n/);
    const json = lines[0]?.startsWith('{');
    if (!json && !/text/.test(lines[0] ?? ''))
      throw this.#refuse(400, 'bad_request', `the first line has no column text; it has ["${lines[0] ?? ''}"]`);
    lines.forEach((line, i) => {
      if (line.trim() === '' || (!json && i === 0)) return;
      const [text, label] = json ? fields(line) : [line.slice(0, line.lastIndexOf(',')), line.split(',').at(-1)];
      const say = (column: string | null, message: string) => problems.push({ line: i + 1, column, message });
      if (!json && !line.includes(',')) say(null, '1 fields, the first line has 2');
      else if (!text) say('text', 'is missing');
      else if (!label) say('label', 'is empty');
      else {
        one.given.set(text, label.trim());
        taken += 1;
      }
    });
    return { taken, refused: problems.length, problems };
  }

  #suggest(one: Taught, count: number): Suggestion[] {
    const labels = counted(one).map(({ label }) => label);
    const seen = new Set<string>();
    const out: Suggestion[] = [];
    for (const { post } of this.#world.mentions.slice(-2000).reverse()) {
      if (out.length === count) break;
      if (seen.has(post.text) || one.given.has(post.key)) continue;
      seen.add(post.text);
      const guess = one.versions.length > 0 ? this.#random.pick(labels) : null;
      out.push({
        post: post.key,
        title: post.title,
        text: post.text,
        label: guess,
        probability: guess === null ? null : 0.34 + this.#random.next() * 0.2,
      });
    }
    return out;
  }

  #begin(one: Taught, kind: 'train' | 'apply', version: number): NonNullable<Taught['job']> {
    if (one.job?.state === 'running')
      throw this.#refuse(409, 'conflict', 'this classifier is being trained or applied already');
    const job: NonNullable<Taught['job']> = {
      kind,
      state: 'running',
      stage: kind === 'train' ? 'reading' : 'applying',
      done: 0,
      of: 0,
      version,
      changed: 0,
      started_at: Date.now(),
      ended_at: null,
      error: null,
    };
    one.job = job;
    return job;
  }

  #train(one: Taught) {
    const version = Math.max(0, ...one.versions.map((known) => known.version)) + 1;
    const job = this.#begin(one, 'train', version);
    const labels = counted(one);
    let at = 0;
    const timer = setInterval(() => {
      const [stage, of] = STAGES[at] ?? ['fitting', 1];
      job.stage = stage;
      job.of = of;
      job.done = Math.min(of, job.done + Math.ceil(of / 4));
      if (job.done < of) return;
      at += 1;
      job.done = 0;
      if (at < STAGES.length) return;
      clearInterval(timer);
      const failed = labels.length < 2;
      if (failed)
        job.error = `every post has the label "${labels[0]?.label ?? ''}": a classifier needs posts of at least 2 labels`;
      else one.versions.unshift(this.#version(one, version, 0));
      Object.assign(job, { state: failed ? 'failed' : 'done', ended_at: Date.now() });
    }, 250);
    timer.unref();
    return job;
  }

  #apply(one: Taught) {
    if (one.active === null) throw this.#refuse(409, 'conflict', 'no version is in force: put one in force first');
    const job = this.#begin(one, 'apply', one.active);
    job.of = this.#world.mentions.length;
    const timer = setInterval(() => {
      if (job.state !== 'running') return clearInterval(timer);
      job.done = Math.min(job.of, job.done + Math.ceil(job.of / 12));
      job.changed = Math.floor(job.done * 0.9);
      if (job.done === job.of) Object.assign(job, { state: 'done', ended_at: Date.now() });
    }, 250);
    timer.unref();
    return job;
  }

  #classify(one: Taught, text: string): ClassAnswer {
    if (one.versions.length === 0) throw this.#refuse(409, 'conflict', 'it has not been trained yet');
    const labels = counted(one).map(({ label }) => label);
    const weights = labels.map((label, i) => (text.toLowerCase().includes(label.slice(0, 5)) ? 9 : 1 / (i + 1)));
    const sum = weights.reduce((a, b) => a + b, 0);
    const probabilities = labels
      .map((label, i) => ({ label, probability: (weights[i] ?? 0) / sum }))
      .sort((a, b) => b.probability - a.probability);
    const [best] = probabilities;
    return {
      label: best?.label ?? '',
      probability: best?.probability ?? 0,
      abstained: text.trim().length < 12,
      probabilities,
      model: `${one.name}@${one.active ?? one.versions[0]?.version ?? 1}`,
    };
  }
}

function counted(one: Pick<Taught, 'given'>): LabelRows[] {
  const rows = new Map<string, number>();
  for (const label of one.given.values()) rows.set(label, (rows.get(label) ?? 0) + 1);
  return [...rows].map(([label, rows]) => ({ label, rows })).sort((a, b) => b.rows - a.rows);
}

function shown(one: Taught): Classifier {
  const { id, project, name, active, created_at, job } = one;
  return { id, project, name, active, created_at, job, labels: counted(one) };
}

function fields(line: string): [string | undefined, string | undefined] {
  try {
    const { text, label } = JSON.parse(line) as { text?: string; label?: string };
    return [text, label];
  } catch {
    return [undefined, undefined];
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  LiveCommit,
  Monitor,
  MonitorInput,
  MonitorVersion,
  Project,
  ProjectInput,
  Status,
} from '../../src/lib/api/types.ts';
import { breakdown, mentions, overview, series } from './answers.ts';
import { Classifiers } from './classifiers.ts';
import { models } from './models.ts';
import { People } from './people.ts';
import { check, preview } from './query.ts';
import { Random } from './random.ts';
import { Relevance } from './relevance.ts';
import { World } from './world.ts';

const MINUTE = 60_000;

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

async function words(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function body<T>(request: IncomingMessage): Promise<T> {
  return JSON.parse(await words(request)) as T;
}

export class MockServer {
  #world: World;
  #empty: boolean;
  #classifiers: Classifiers;
  #relevance: Relevance;
  #people = new People();
  #random = new Random(99);
  #listeners = new Set<ServerResponse>();
  #projects: Project[] = [
    { id: 'default', name: 'Coffee machines', objective: 'brand_mentions', created_at: Date.now() },
  ];
  #made = 0;
  #versions = new Map<string, MonitorVersion[]>();

  constructor(seed: number, empty: boolean) {
    this.#world = new World(seed, empty);
    this.#empty = empty;
    this.#classifiers = new Classifiers(
      this.#world,
      empty,
      (status, code, message) => new Refusal(status, code, message),
    );
    this.#relevance = new Relevance(this.#world, (status, code, message) => new Refusal(status, code, message));
    setInterval(() => this.#tick(), 1000).unref();
    setInterval(() => this.#send('status', this.#status()), 5000).unref();
  }

  #status(): Status {
    const world = this.#world;
    const now = Date.now();
    const names = ['bluesky', 'mastodon', 'reddit'];
    const idle = world.monitors.length === 0;
    const sources = this.#empty
      ? names.map((name, i) => ({
          name,
          connector: name,
          state: idle && i !== 1 ? 'idle' : i === 1 ? 'waiting' : 'live',
          posts: idle ? 0 : world.posts,
          lag_ms: null,
          last_post_at: null,
          error: i === 1 ? 'no address found for streaming.example.org' : null,
          retry_at: i === 1 ? now + 20_000 : null,
        }))
      : [
          {
            name: 'demo',
            connector: 'demo',
            state: 'live',
            posts: world.posts,
            lag_ms: 420,
            last_post_at: now - 300,
            error: null,
            retry_at: null,
          },
          {
            name: 'push',
            connector: 'push',
            state: 'idle',
            posts: 0,
            lag_ms: null,
            last_post_at: null,
            error: null,
            retry_at: null,
          },
        ];
    return {
      version: '0.1.0',
      mode: this.#empty ? 'run' : 'demo',
      started_at: world.started,
      now,
      sources,
      posts: idle ? 0 : world.posts,
      refused: this.#empty
        ? []
        : [
            { reason: 'too_long', posts: 12 },
            { reason: 'invalid_date', posts: 3 },
          ],
      mentions: world.mentions.length,
      generation: world.generation,
      journal: {
        from: idle ? null : now - 9 * 24 * 60 * MINUTE,
        to: idle ? null : now,
        entries: idle ? 0 : 184_332,
        bytes: idle ? 0 : 91_400_000,
      },
      blocked: null,
      left_out: [],
      clock: null,
    };
  }

  #tick(): void {
    const now = Date.now();
    const fresh = Array.from({ length: this.#random.next() < 0.25 ? 1 : 0 }, () =>
      this.#world.add(now - this.#random.below(1500), 9),
    ).filter((mention) => mention !== null);
    if (fresh.length === 0) return;
    this.#world.posts += 40 + this.#random.below(30);
    this.#world.generation += 1;
    const added = fresh.map((mention) => ({
      monitor: mention.monitor,
      minute: Math.floor(mention.post.created_at / MINUTE) * MINUTE,
      mentions: 1,
      sentiment: ['negative', 'neutral', 'positive'].map((label) => Number(mention.sentiment?.label === label)),
    }));
    const commit: LiveCommit = {
      generation: this.#world.generation,
      project: 'default',
      added,
      newest: fresh.reverse(),
      refetch: false,
    };
    this.#send('commit', commit, commit.generation);
  }

  #send(event: string, data: unknown, id?: number): void {
    const text = `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const listener of this.#listeners) listener.write(text);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://mock');
    const path = url.pathname.replace('/api/v1', '');
    if (path === '/live') return this.#live(request, response);
    try {
      const answer = await this.#answer(request, `${request.method} ${path}`, url.searchParams);
      response.statusCode = answer === undefined ? 204 : 200;
      response.setHeader('content-type', 'application/json');
      response.end(answer === undefined ? undefined : JSON.stringify(answer));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'internal', String(error));
      response.statusCode = refusal.status;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ code: refusal.code, message: refusal.message, hint: refusal.hint }));
    }
  }

  #live(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('content-type', 'text/event-stream');
    response.setHeader('cache-control', 'no-cache');
    response.write(`event: status\ndata: ${JSON.stringify(this.#status())}\n\n`);
    this.#listeners.add(response);
    request.on('close', () => this.#listeners.delete(response));
  }

  async #answer(request: IncomingMessage, route: string, params: URLSearchParams): Promise<unknown> {
    const world = this.#world;
    const [method = '', path = ''] = route.split(' ');
    if (/^\/projects\/[^/]+\/classifiers/.test(path))
      return this.#classifiers.answer(method, path, params, await words(request));
    if (/^\/monitors\/[^/]+\/relevance/.test(path))
      return this.#relevance.answer(method, path, params, await words(request));
    if (/^\/(session|sign-in|users|keys|shares)|\/shares$/.test(path)) {
      const about = this.#people.answer(method, path, await words(request));
      if (about !== null) return about;
    }
    switch (route) {
      case 'GET /status':
        return this.#status();
      case 'GET /projects':
        return this.#projects;
      case 'POST /projects':
        return this.#createProject(await body<ProjectInput>(request));
      case 'GET /overview':
        return overview(world, params);
      case 'GET /series':
        return series(world, params);
      case 'GET /breakdown':
        return breakdown(world, params);
      case 'GET /mentions':
        return mentions(world, params);
      case 'GET /models':
        return models();
      case 'POST /queries/check':
        return check((await body<{ query: string }>(request)).query);
      case 'POST /queries/preview': {
        const input = await body<{ query: string; limit?: number }>(request);
        if (!check(input.query).ok) throw new Refusal(422, 'invalid_query', 'the query has faults');
        return preview(world, input.query, input.limit ?? 20);
      }
    }
    const [, verb, kind, id, rest] =
      /^(\w+) \/(projects|monitors)\/([^/]+)(\/monitors|\/versions|\/rollback)?$/.exec(route) ?? [];
    if (kind === 'projects' && rest)
      return verb === 'POST'
        ? this.#createMonitor(id ?? '', await body<MonitorInput>(request))
        : world.monitors.filter((monitor) => monitor.project === id);
    if (kind === 'projects' && verb === 'PUT')
      return Object.assign(this.#find(this.#projects, id), await body<ProjectInput>(request));
    if (kind === 'monitors' && rest === '/versions') return this.#history(this.#find(world.monitors, id));
    if (kind === 'monitors' && rest === '/rollback')
      return this.#rollback(this.#find(world.monitors, id), (await body<{ version: number }>(request)).version);
    if (kind === 'monitors') return this.#monitor(verb ?? '', this.#find(world.monitors, id), request);
    throw new Refusal(404, 'not_found', `there is no ${route}`);
  }

  #find<T extends { id: string }>(items: T[], id: string | undefined): T {
    const item = items.find((item) => item.id === id);
    if (!item) throw new Refusal(404, 'not_found', `there is no ${id}`);
    return item;
  }

  #createProject(input: ProjectInput): Project {
    const project = { ...input, id: `p${this.#projects.length}`, created_at: Date.now() };
    this.#projects.push(project);
    return project;
  }

  #createMonitor(project: string, input: MonitorInput): Monitor {
    if (!check(input.query).ok)
      throw new Refusal(422, 'invalid_query', 'the query has faults', 'see the places marked in the editor');
    this.#made += 1;
    const used = this.#world.monitors.map((monitor) => monitor.color);
    const color = input.color ?? [0, 1, 2, 3, 4, 5, 6, 7].find((color) => !used.includes(color)) ?? 0;
    const now = Date.now();
    const monitor: Monitor = {
      ...input,
      color,
      id: `n${this.#made}`,
      project,
      version: 1,
      origin: 'ui',
      created_at: now,
      updated_at: now,
      mentions: 0,
      in_force_from: 184_332,
      in_force_at: now,
      backfill: null,
      cost: null,
    };
    this.#world.monitors.push(monitor);
    this.#world.backfill(monitor);
    return monitor;
  }

  async #monitor(method: string, monitor: Monitor, request: IncomingMessage): Promise<unknown> {
    const world = this.#world;
    if (method === 'DELETE') {
      world.monitors = world.monitors.filter((other) => other !== monitor);
      world.mentions = world.mentions.filter((mention) => mention.monitor !== monitor.id);
      return undefined;
    }
    if (method === 'PUT') {
      const input = await body<MonitorInput>(request);
      if (!check(input.query).ok) throw new Refusal(422, 'invalid_query', 'the query has faults');
      const { query } = monitor;
      Object.assign(monitor, input, { color: input.color ?? monitor.color, updated_at: Date.now(), query });
      if (input.query !== query) this.#next(monitor, input.query, null);
    }
    return monitor;
  }

  #history(monitor: Monitor): MonitorVersion[] {
    const known = this.#versions.get(monitor.id);
    if (known) return known;
    const { version, query, created_at } = monitor;
    const first = {
      version,
      query,
      created_at,
      restored_from: null,
      list: null,
      in_force_from: 7,
      in_force_at: created_at,
    };
    this.#versions.set(monitor.id, [first]);
    return this.#history(monitor);
  }

  #next(monitor: Monitor, query: string, restored_from: number | null): void {
    const history = this.#history(monitor);
    const now = Date.now();
    Object.assign(monitor, { query, version: monitor.version + 1, updated_at: now });
    const { version } = monitor;
    history.unshift({ version, query, created_at: now, restored_from, list: null, in_force_from: 9, in_force_at: now });
    this.#world.backfill(monitor);
  }

  #rollback(monitor: Monitor, version: number): Monitor {
    const old = this.#history(monitor).find((known) => known.version === version);
    if (!old) throw new Refusal(404, 'not_found', 'there is no such version');
    this.#next(monitor, old.query, version);
    return monitor;
  }
}

import { api } from '$lib/api/client';
import type { LiveCommit, Status } from '$lib/api/types';
import { Feed, type Heard } from './feed';

export type LiveState = 'connecting' | 'live' | 'paused' | 'offline';

/** A retry of our own where the browser gives up; `EventSource` itself retries a dropped stream every few seconds. */
const RETRY_MS = 3000;
/** The server speaks at least every five seconds; silence for longer means the line is dead. */
const SILENCE_MS = 17_000;
/** Commits kept for an answer that is still on its way when they arrive. */
const KEEP = 240;

/** The server's live stream of one project. */
class Live {
  status = $state.raw<Status | null>(null);
  connected = $state(false);
  paused = $state(false);
  /** When the stream was lost; `null` while it holds. */
  offlineSince = $state<number | null>(null);
  /** Grows whenever a reader of the store should ask again at once. */
  refetch = $state(0);

  readonly state: LiveState = $derived(
    this.offlineSince !== null ? 'offline' : this.paused ? 'paused' : this.connected ? 'live' : 'connecting',
  );

  #feed: Feed | null = null;
  #project = '';
  #recent: LiveCommit[] = [];
  #listeners = new Set<(commit: LiveCommit) => void>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  follow(project: string): void {
    if (project === this.#project && this.#feed) return;
    this.#project = project;
    this.#recent = [];
    this.#feed?.close();
    clearTimeout(this.#retry);
    this.#feed = new Feed(
      project,
      () => api.live(project),
      (event) => this.#hear(event),
    );
  }

  /** Commits newer than `generation`, oldest first: for an answer that took a while. */
  since(generation: number): LiveCommit[] {
    return this.paused ? [] : this.#recent.filter((commit) => commit.generation > generation);
  }

  listen(listener: (commit: LiveCommit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops what moves by itself, or lets it go on. */
  pause(paused: boolean): void {
    if (paused === this.paused) return;
    this.paused = paused;
    if (!paused) this.refetch += 1;
  }

  #hear(event: Heard): void {
    if (event.type === 'lost') {
      this.#lost();
      return;
    }
    // Another tab has taken the connection over: what came between is asked for.
    if (event.type === 'open' && this.connected) this.refetch += 1;
    this.#heard();
    if (event.type === 'status') this.status = JSON.parse(event.data) as Status;
    else if (event.type === 'commit') this.#commit(JSON.parse(event.data) as LiveCommit);
  }

  #commit(commit: LiveCommit): void {
    if (commit.project !== this.#project) return;
    this.#recent.push(commit);
    if (this.#recent.length > KEEP) this.#recent.shift();
    if (this.paused) return;
    if (commit.refetch) this.refetch += 1;
    for (const listener of this.#listeners) listener(commit);
  }

  #heard(): void {
    if (this.offlineSince !== null) this.refetch += 1;
    this.offlineSince = null;
    this.connected = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #again(): void {
    this.#feed?.again();
    // Until somebody is heard.
    this.#retry = setTimeout(() => this.#again(), SILENCE_MS);
  }

  #lost(): void {
    this.connected = false;
    this.offlineSince ??= Date.now();
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#again(), RETRY_MS);
  }
}

export const live = new Live();

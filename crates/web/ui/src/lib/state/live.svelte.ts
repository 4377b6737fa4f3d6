import { api } from '$lib/api/client';
import type { LiveCommit, Status } from '$lib/api/types';

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

  #source: EventSource | null = null;
  #project = '';
  #recent: LiveCommit[] = [];
  #listeners = new Set<(commit: LiveCommit) => void>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  follow(project: string): void {
    if (project === this.#project && this.#source) return;
    this.#project = project;
    this.#recent = [];
    this.#connect();
  }

  /** Commits newer than `generation`, oldest first: for an answer that took a while. */
  since(generation: number): LiveCommit[] {
    return this.paused ? [] : this.#recent.filter((commit) => commit.generation > generation);
  }

  listen(listener: (commit: LiveCommit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  toggle(): void {
    this.paused = !this.paused;
    if (!this.paused) this.refetch += 1;
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    const source = api.live(this.#project);
    this.#source = source;
    source.addEventListener('open', () => this.#heard());
    source.addEventListener('error', () => this.#lost());
    source.addEventListener('status', (event) => {
      this.#heard();
      this.status = JSON.parse((event as MessageEvent<string>).data) as Status;
    });
    source.addEventListener('commit', (event) => {
      this.#heard();
      this.#commit(JSON.parse((event as MessageEvent<string>).data) as LiveCommit);
    });
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
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #lost(): void {
    this.connected = false;
    this.offlineSince ??= Date.now();
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), RETRY_MS);
  }
}

export const live = new Live();

/** What is heard of the live stream: that it holds, that it is lost, and what it says. */
export type Heard = { type: 'open' | 'lost' } | { type: 'status' | 'commit'; data: string };
/** Between tabs: what was heard; a tab that has just come; the answer to it alone. */
type Said = Heard | { type: 'hello'; from: number } | { type: 'answer'; to: number; event: Heard };

/** After so long without a word from the tab that listens for all, a tab listens for itself. */
const ALONE_MS = 17_000;

/**
 * The live stream of one project, over one connection for all tabs of a browser: the tab that holds the lock listens and
 * tells the others; when it goes, the next one takes the lock and its place. Where the browser has no locks (plain HTTP
 * from another machine), each tab listens for itself.
 */
export class Feed {
  #connect: () => EventSource;
  #heard: (event: Heard) => void;
  #source: EventSource | null = null;
  #channel: BroadcastChannel | null = null;
  #leads = false;
  #closed = new AbortController();
  #last: Heard | null = null;
  #heardAt = Date.now();
  /** Tells tabs apart. */
  #id = Math.random();

  constructor(project: string, connect: () => EventSource, heard: (event: Heard) => void) {
    this.#connect = connect;
    this.#heard = heard;
    if (!navigator.locks || typeof BroadcastChannel === 'undefined') {
      this.#listen();
      return;
    }
    const name = `groundswell.live.${project}`;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Said>) => this.#told(data);
    this.#say({ type: 'hello', from: this.#id });
    navigator.locks.request(name, { signal: this.#closed.signal }, () => this.#lead()).catch(() => {});
  }

  /** Tries again: whoever listens does so anew; another tab only where nobody has spoken for long. */
  again(): void {
    if (this.#leads || this.#channel === null || Date.now() - this.#heardAt > ALONE_MS) this.#listen();
  }

  close(): void {
    this.#closed.abort();
    this.#source?.close();
    this.#source = null;
    this.#channel?.close();
  }

  /** Holds the lock, and with it the connection, until the feed is closed. */
  #lead(): Promise<void> {
    this.#leads = true;
    this.#listen();
    return new Promise((done) => this.#closed.signal.addEventListener('abort', () => done()));
  }

  #listen(): void {
    this.#source?.close();
    const source = this.#connect();
    this.#source = source;
    source.addEventListener('open', () => this.#tell({ type: 'open' }));
    source.addEventListener('error', () => this.#tell({ type: 'lost' }));
    for (const type of ['status', 'commit'] as const)
      source.addEventListener(type, (event) => this.#tell({ type, data: (event as MessageEvent<string>).data }));
  }

  #tell(event: Heard): void {
    if (event.type !== 'commit') this.#last = event;
    this.#heard(event);
    if (this.#leads) this.#say(event);
  }

  #say(event: Said): void {
    this.#channel?.postMessage(event);
  }

  #told(event: Said): void {
    if (event.type === 'hello') {
      if (this.#leads && this.#last) this.#say({ type: 'answer', to: event.from, event: this.#last });
      return;
    }
    if (event.type === 'answer') {
      if (event.to === this.#id) this.#told(event.event);
      return;
    }
    if (this.#leads) return;
    this.#heardAt = Date.now();
    // Somebody listens for all again.
    this.#source?.close();
    this.#source = null;
    this.#heard(event);
  }
}

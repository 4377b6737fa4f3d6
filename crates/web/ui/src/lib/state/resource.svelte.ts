import { ApiFault } from '$lib/api/client';
import { Turn } from './turn';

/** One answer of the server. While a new one is on its way the old one stays, to be shown dimmed. */
export class Resource<T> {
  data = $state.raw<T | null>(null);
  fault = $state.raw<ApiFault | null>(null);
  loading = $state(false);
  /** What is at hand does not answer the question asked last: it is on its way, or failed. */
  readonly stale = $derived(this.data !== null && (this.loading || this.fault !== null));
  #running: AbortController | null = null;
  #turn = new Turn();

  /**
   * Asks; an older question still running is dropped. A `quiet` one is not shown as loading, and its answer waits for its
   * turn: the background refresh of live data.
   */
  async load(ask: (signal: AbortSignal) => Promise<T>, quiet = false): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    if (!quiet) this.loading = true;
    try {
      const data = await ask(running.signal);
      if (quiet) await this.#inTurn(running.signal);
      if (this.#running !== running) return;
      this.data = data;
      this.fault = null;
    } catch (error) {
      if (this.#running !== running) return;
      this.fault =
        error instanceof ApiFault ? error : new ApiFault({ code: 'client', message: String(error), hint: null }, 0);
    }
    this.loading = false;
    this.#running = null;
  }

  /** Until it is this part's turn, or nobody waits for the answer any more. */
  #inTurn(signal: AbortSignal): Promise<void> {
    return new Promise((done) => {
      if (signal.aborted) return done();
      signal.addEventListener('abort', () => done());
      this.#turn.take(done);
    });
  }

  stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.loading = false;
  }
}

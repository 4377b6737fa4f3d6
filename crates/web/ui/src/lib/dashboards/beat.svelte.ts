import { live } from '$lib/state/live.svelte';

/** How often, at most, a dashboard is asked again while posts come in. */
const EVERY_MS = 10_000;

/** Grows when widgets are to be refreshed: at new posts, not too often, and only while the period moves on. */
export class Beat {
  count = $state(0);
  /** When figures were last asked for. */
  at = $state(Date.now());
  #due: ReturnType<typeof setTimeout> | undefined;

  follow(moving: () => boolean): () => void {
    const stop = live.listen(() => {
      if (!moving() || this.#due !== undefined) return;
      this.#due = setTimeout(
        () => {
          this.#due = undefined;
          this.count += 1;
          this.at = Date.now();
        },
        Math.max(0, this.at + EVERY_MS - Date.now()),
      );
    });
    return () => {
      clearTimeout(this.#due);
      this.#due = undefined;
      stop();
    };
  }
}

import { api } from '$lib/api/client';
import type { FindingRow } from '$lib/api/types';
import { router } from '$lib/state/router.svelte';

/** The peaks of a project that stand on its time axes. */
class Peaks {
  list = $state.raw<FindingRow[]>([]);
  /** Whether they were asked for and answered. */
  known = $state(false);
  #asked: string | null = null;
  #at = 0;

  /** Asks for each project, and again after a minute. A chart without them is still a chart: a fault is not told. */
  ensure(): void {
    const { project } = router.view;
    if (this.#asked === project && Date.now() - this.#at < 60_000) return;
    this.#asked = project;
    this.#at = Date.now();
    void api
      .findings(project, { kinds: 'peak,silence,sentiment_shift', limit: 200 })
      .then((page) => (this.list = page.findings))
      .catch(() => (this.list = []))
      .finally(() => (this.known = true));
  }
}

export const peaks = new Peaks();

import { untrack } from 'svelte';
import type { Measured } from '$lib/api/types';
import { heldOf, withPosts, type Cover, type Held, type Span } from '$lib/charts/held';
import { Covered, coverOf } from '$lib/state/covered.svelte';
import { router } from '$lib/state/router.svelte';

const placeOf = (answer: Measured) => answer.axes.findIndex(({ by }) => by === 'time');

/** The buckets of an answer's time axis; none where it is not cut by time. */
function spansOf(answer: Measured): Span[] {
  const keys = answer.axes[placeOf(answer)]?.keys ?? [];
  return keys.map(({ from, to }) => ({ from: from ?? 0, to: to ?? 0 }));
}

/** Its end, or `null` where it still runs. */
const endOf = (spans: readonly Span[]) => {
  const last = spans.at(-1)?.to ?? 0;
  return last > Date.now() - 90_000 ? null : last;
};

/** What was collected of the buckets of an answer. */
function heldIn(answer: Measured, metric: number, cover: Cover | null): Held[] | null {
  const place = placeOf(answer);
  if (place < 0) return null;
  const has = (i: number) => {
    const row = place === 0 ? (answer.cells[i] ?? []) : answer.cells.map((one) => one[i] ?? []);
    return row.some((values) => (values[metric]?.value ?? 0) !== 0 || (values[metric]?.n ?? 0) > 0);
  };
  return withPosts(heldOf(cover, spansOf(answer)), has);
}

/** The gaps of an answer on the screen; made while a component is. */
export function timeGaps(answer: () => Measured, metric: () => number): { readonly held: Held[] | null } {
  const covered = new Covered();
  const held = $derived(heldIn(answer(), metric(), covered.cover));
  $effect(() => {
    const spans = spansOf(answer());
    const first = spans[0]?.from;
    if (first !== undefined) untrack(() => covered.ensure(router.view.project, first, endOf(spans)));
  });
  return {
    get held() {
      return held;
    },
  };
}

/** The same, once: for a picture that is taken. */
export async function gapsOf(answer: Measured): Promise<Held[] | null> {
  const spans = spansOf(answer);
  const first = spans[0]?.from;
  return first === undefined ? null : heldIn(answer, 0, await coverOf(router.view.project, first, endOf(spans)));
}

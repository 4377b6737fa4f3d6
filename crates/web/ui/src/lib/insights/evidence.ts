import type { FilterParams } from '$lib/api/types';
import { router } from '$lib/state/router.svelte';
import { filtersOf } from '$lib/state/view';

/** The address of the posts that a filter of the server stands for. */
export function postsOf(filter: FilterParams): string {
  const { from, to, project } = filter;
  const range = from != null && to != null ? { from, to } : router.view.range;
  return router.href('/mentions', { project: project ?? router.view.project, range, ...filtersOf(filter) });
}

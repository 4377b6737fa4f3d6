import { api } from '$lib/api/client';
import type { FilterParams } from '$lib/api/types';
import { marks } from '$lib/marks/marks.svelte';
import { zone } from '$lib/text/time';
import { both } from './combine';
import type { Ask } from './types';
import { said } from './widget';

/** Asks widgets under a filter of the reader's: what both let through. */
export function askUnder(project: string, outer: () => FilterParams): Ask {
  return async (widget, signal) => {
    if (widget.kind === 'note') return { apart: false };
    const filter = both(outer(), said(widget.filter));
    if (filter === null) return { apart: true };
    switch (widget.kind) {
      case 'mentions': {
        const mentions = await api.mentions({ ...filter, limit: widget.limit ?? 20 }, signal);
        marks.seen(mentions.items);
        return { apart: false, mentions };
      }
      case 'topics': {
        const page = await api.topics(project, { ...filter, limit: widget.limit ?? 8 }, signal);
        return { apart: false, topics: page.topics };
      }
      case 'findings': {
        const period = { ...(filter.from ? { from: filter.from } : {}), ...(filter.to ? { to: filter.to } : {}) };
        const { findings } = await api.findings(project, { ...period, limit: 100 }, signal);
        const monitors = (filter.monitor ?? '').split(',').filter((id) => id !== '');
        const meant = findings.filter(
          ({ monitor }) => monitors.length === 0 || monitor === null || monitors.includes(monitor),
        );
        return { apart: false, findings: meant.slice(0, widget.limit ?? 8) };
      }
      default:
        return {
          apart: false,
          measured: await api.measure({ ...filter, ...{ zone: zone().name }, ...said(widget.measure) }, signal),
        };
    }
  };
}

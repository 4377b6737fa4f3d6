import { api } from '$lib/api/client';
import type { Breakdown, FilterParams, LiveCommit, MentionPage, MentionView, Overview, Series } from '$lib/api/types';
import { live } from './live.svelte';
import { Resource } from './resource.svelte';
import { router } from './router.svelte';
import { tick, trim } from './tick';
import { Turn } from './turn';

export const BREAKDOWNS = ['source', 'lang', 'term', 'hashtag', 'author', 'site'] as const;
export type BreakdownBy = (typeof BREAKDOWNS)[number];

/** How often, at most, the parts that cannot tick by themselves are asked again while mentions come in. */
const FIGURES_MS = 3000;
const BREAKDOWN_MS = 12_000;
const SERIES_MS = 20_000;
const FILTERED_SERIES_MS = 5000;
const NEWEST = 30;

/** Everything the Overview shows, kept current. */
export class OverviewData {
  figures = new Resource<Overview>();
  byMonitor = new Resource<Series>();
  bySentiment = new Resource<Series>();
  newest = new Resource<MentionPage>();
  breakdowns: Record<BreakdownBy, Resource<Breakdown>> = {
    source: new Resource(),
    lang: new Resource(),
    term: new Resource(),
    hashtag: new Resource(),
    author: new Resource(),
    site: new Resource(),
  };
  /** While the reader is in the list, new mentions wait here instead of moving it. */
  waiting = $state.raw<MentionView[]>([]);
  holding = false;

  #turns = { monitor: new Turn(), sentiment: new Turn() };
  #asked = { figures: 0, breakdowns: 0, series: 0, newest: 0 };

  /** Asks for everything under the view in the address bar. */
  load(quiet = false): void {
    const filter = router.filter();
    this.waiting = [];
    this.#loadFigures(filter, quiet);
    this.#loadSeries(filter, quiet);
    this.#loadBreakdowns(filter, quiet);
    this.#loadNewest(filter, quiet);
  }

  commit(commit: LiveCommit): void {
    if (!('last' in router.view.range)) return;
    const now = Date.now();
    const filter = router.filter();
    const narrowed = router.view.filters.length > 0;
    if (!narrowed) {
      this.#turns.monitor.take(() => this.#tick('monitor'));
      this.#turns.sentiment.take(() => this.#tick('sentiment'));
      this.#prepend(commit.newest);
    } else if (now - this.#asked.newest > FIGURES_MS && !this.holding) {
      this.#loadNewest(filter, true);
    }
    if (now - this.#asked.figures > FIGURES_MS) this.#loadFigures(filter, true);
    if (now - this.#asked.breakdowns > BREAKDOWN_MS) this.#loadBreakdowns(filter, true);
    if (now - this.#asked.series > (narrowed ? FILTERED_SERIES_MS : SERIES_MS)) this.#loadSeries(filter, true);
  }

  /** Lets the waiting mentions into the list. */
  release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    this.#show(waiting);
  }

  stop(): void {
    for (const part of [this.figures, this.byMonitor, this.bySentiment, this.newest]) part.stop();
    for (const by of BREAKDOWNS) this.breakdowns[by].stop();
  }

  #loadFigures(filter: FilterParams, quiet: boolean): void {
    this.#asked.figures = Date.now();
    void this.figures.load((signal) => api.overview(filter, signal), quiet);
  }

  #loadSeries(filter: FilterParams, quiet: boolean): void {
    this.#asked.series = Date.now();
    const ask = (by: 'monitor' | 'sentiment') => async (signal: AbortSignal) =>
      caughtUp(await api.series({ ...filter, by }, signal), by);
    void this.byMonitor.load(ask('monitor'), quiet);
    void this.bySentiment.load(ask('sentiment'), quiet);
  }

  #loadBreakdowns(filter: FilterParams, quiet: boolean): void {
    this.#asked.breakdowns = Date.now();
    for (const by of BREAKDOWNS) {
      void this.breakdowns[by].load((signal) => api.breakdown({ ...filter, by, limit: 8 }, signal), quiet);
    }
  }

  #loadNewest(filter: FilterParams, quiet: boolean): void {
    this.#asked.newest = Date.now();
    void this.newest.load((signal) => api.mentions({ ...filter, limit: NEWEST }, signal), quiet);
  }

  #tick(by: 'monitor' | 'sentiment'): void {
    const part = by === 'monitor' ? this.byMonitor : this.bySentiment;
    if (part.data) part.data = trim(caughtUp(part.data, by), router.filter().from ?? 0);
  }

  #prepend(newest: MentionView[]): void {
    const { monitors } = router.view;
    const wanted = newest.filter((mention) => monitors.length === 0 || monitors.includes(mention.monitor));
    if (wanted.length === 0) return;
    if (this.holding) this.waiting = [...wanted, ...this.waiting].slice(0, 200);
    else this.#show(wanted);
  }

  #show(mentions: MentionView[]): void {
    const page = this.newest.data;
    if (!page || mentions.length === 0) return;
    const known = new Set(page.items.map((mention) => mention.id));
    const fresh = mentions.filter((mention) => !known.has(mention.id));
    this.newest.data = { ...page, total: page.total + fresh.length, items: [...fresh, ...page.items].slice(0, NEWEST) };
  }
}

/** With what the live stream brought since; a filtered one cannot tick, and is asked for again. */
function caughtUp(series: Series, by: 'monitor' | 'sentiment'): Series {
  const { monitors, filters } = router.view;
  const missed = filters.length > 0 ? [] : live.since(series.generation);
  return missed.reduce((sum, commit) => tick(sum, commit, by, monitors), series);
}

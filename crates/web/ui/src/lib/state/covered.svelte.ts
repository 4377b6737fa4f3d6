import { api } from '$lib/api/client';
import { sources } from '$lib/api/sources';
import { firstWatched, type Cover } from '$lib/charts/held';
import { MINUTE } from '$lib/text/time';
import { me } from './me.svelte';

/** What was collected changes slowly: a source that is away now is said elsewhere at once. */
const FRESH_MS = 5 * MINUTE;
const MOST = 8;
/** No chart is drawn from more stretches than this. */
const STEPS = 400;

const asked = new Map<string, { at: number; answer: Promise<Cover | null> }>();

/** When the project's posts of a time begin, where its sources were watched only later: what is imported is collected, too. */
async function since(project: string, from: number, to: number | null, watched: number): Promise<number> {
  if (watched - from < FRESH_MS) return Math.min(from, watched);
  const series = await api.series({ project, from, ...(to === null ? {} : { to }), by: 'monitor' });
  const held = series.times.findIndex((_, i) => series.lines.some(({ counts }) => (counts[i] ?? 0) > 0));
  return Math.min(watched, series.times[held] ?? watched);
}

async function ask(project: string, from: number, to: number | null): Promise<Cover | null> {
  const step = Math.max(1, Math.floor(((to ?? Date.now()) - from) / STEPS / MINUTE)) * MINUTE;
  const coverage = await sources.coverage({ from, ...(to === null ? {} : { to }), step });
  const watched = firstWatched(coverage.sources);
  return watched === null ? null : { coverage, since: await since(project, from, to, watched) };
}

/**
 * What was collected in a time; `to`: `null` for one that runs. Equal questions are asked once. `null` where that is not known:
 * who may not read posts is told nothing of where they come from, and a chart without an answer is still a chart.
 */
export function coverOf(project: string, from: number, to: number | null): Promise<Cover | null> {
  if (!me.may('read', project)) return Promise.resolve(null);
  const now = Date.now();
  const span = to === null ? `last ${Math.round((now - from) / FRESH_MS)}` : `${from} ${to}`;
  const key = `${project} ${span}`;
  const known = asked.get(key);
  if (known && now - known.at < FRESH_MS) return known.answer;
  const answer = ask(project, from, to).catch(() => null);
  asked.delete(key);
  asked.set(key, { at: now, answer });
  for (const old of [...asked.keys()].slice(0, -MOST)) asked.delete(old);
  return answer;
}

/** What was collected in the time of one chart; asked for after what is drawn. */
export class Covered {
  cover = $state.raw<Cover | null>(null);
  #question = '';

  ensure(project: string, from: number, to: number | null): void {
    const question = `${project} ${from} ${to}`;
    this.#question = question;
    const later = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
    later(() => {
      void coverOf(project, from, to).then((cover) => {
        if (this.#question === question) this.cover = cover;
      });
    });
  }
}

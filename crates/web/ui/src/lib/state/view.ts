import type { Dimension, FilterParams } from '$lib/api/types';
import { DAY, HOUR, MINUTE } from '$lib/text/time';
import { isZone } from './zone.svelte';

/** What is looked at: everything the address bar keeps, so that back, forward and a shared link work. */
export interface View {
  project: string;
  /** Chosen monitors; none chosen means all of the project's. */
  monitors: string[];
  range: Range;
  filters: Filter[];
  /** The time zone to look in; the viewer's own where none is named. */
  zone?: string;
  /** Nothing moves by itself. */
  paused?: true;
}

export type Last = '1h' | '24h' | '7d' | '30d' | '90d';
export type Range = { last: Last } | { from: number; to: number };

/** One chip: a value that mentions must have, or must not. */
export interface Filter {
  by: Dimension | 'q';
  value: string;
  exclude: boolean;
}

export const LENGTHS: Record<Last, number> = {
  '1h': HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
  '90d': 90 * DAY,
};
export const DEFAULT_PROJECT = 'default';
export const DEFAULT_RANGE: Last = '24h';

export const DIMENSIONS: Filter['by'][] = [
  'source',
  'lang',
  'sentiment',
  'emotion',
  'intent',
  'class',
  'kind',
  'hashtag',
  'author',
  'site',
  'link',
  'term',
  'topic',
  'copies_of',
  'entity',
  'aspect',
  'country',
  'media',
  'model',
  'tag',
  'category',
  'status',
  'assignee',
  'mark',
  'voice',
  'automation',
  'relevance',
  'followers',
  'engagement',
  'week_hour',
  'thread',
  'q',
];

/** What holds one value at a time and cannot be turned round. */
const SINGLE: ReadonlySet<Filter['by']> = new Set(['q', 'voice', 'relevance', 'automation', 'followers', 'engagement']);

export function isSingle(by: Filter['by']): boolean {
  return SINGLE.has(by);
}

function list(value: string | null): string[] {
  return (value ?? '').split(',').filter((item) => item !== '');
}

function parseRange(params: URLSearchParams): Range {
  const from = Number(params.get('from'));
  const to = Number(params.get('to'));
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from > 0 && to > from) return { from, to };
  const last = params.get('range');
  return { last: last !== null && Object.hasOwn(LENGTHS, last) ? (last as Last) : DEFAULT_RANGE };
}

function parseFilters(params: URLSearchParams, prefix: string): Filter[] {
  return DIMENSIONS.flatMap((by): Filter[] => {
    const text = params.get(prefix + by);
    return filtersFrom(by, text);
  });
}

/** A country is written `DE`, however somebody typed it into the address. */
const written = (by: Filter['by'], value: string) => (by === 'country' ? value.toUpperCase() : value);

/** The chips that a parameter of the API stands for. */
function filtersFrom(by: Filter['by'], text: string | null): Filter[] {
  if (isSingle(by)) return text ? [{ by, value: text, exclude: false }] : [];
  return list(text).map((item) => {
    const exclude = item.startsWith('-') && item.length > 1;
    return { by, value: written(by, exclude ? item.slice(1) : item), exclude };
  });
}

/** The chips and monitors of a filter that the API keeps, such as a rule's. */
export function filtersOf(params: FilterParams): { monitors: string[]; filters: Filter[] } {
  return {
    monitors: list(params.monitor ?? null),
    filters: DIMENSIONS.flatMap((by) => filtersFrom(by, params[by] ?? null)),
  };
}

/** The other way round: a filter for the API from chips and monitors, without a period. */
export function paramsOf(project: string, monitors: readonly string[], filters: readonly Filter[]): FilterParams {
  const params: FilterParams = { project };
  if (monitors.length > 0) params.monitor = monitors.join(',');
  addFilters(params, filters);
  return params;
}

function addFilters(params: FilterParams, filters: readonly Filter[]): void {
  for (const by of DIMENSIONS) {
    const value = isSingle(by) ? filters.find((filter) => filter.by === by)?.value : joinValues(filters, by);
    if (value !== undefined) params[by] = value;
  }
}

function writeFilters(params: URLSearchParams, filters: readonly Filter[], prefix: string): void {
  for (const by of DIMENSIONS) {
    const values = filters.filter((filter) => filter.by === by);
    if (values.length === 0) continue;
    const text = values.map((filter) => (filter.exclude ? '-' : '') + filter.value);
    params.set(prefix + by, isSingle(by) ? (values.at(-1)?.value ?? '') : text.join(','));
  }
}

export function parseView(params: URLSearchParams): View {
  return {
    project: params.get('project') || DEFAULT_PROJECT,
    monitors: list(params.get('monitor')),
    range: parseRange(params),
    filters: parseFilters(params, ''),
    ...(isZone(params.get('tz') ?? '') && { zone: params.get('tz') ?? '' }),
    ...(params.get('live') === 'paused' && { paused: true }),
  };
}

/** The query string of a view, without what is the default; empty for the plain view. */
export function viewParams(view: View): URLSearchParams {
  const params = new URLSearchParams();
  if (view.project !== DEFAULT_PROJECT) params.set('project', view.project);
  if (view.monitors.length > 0) params.set('monitor', view.monitors.join(','));
  if ('last' in view.range) {
    if (view.range.last !== DEFAULT_RANGE) params.set('range', view.range.last);
  } else {
    params.set('from', String(view.range.from));
    params.set('to', String(view.range.to));
  }
  writeFilters(params, view.filters, '');
  if (view.zone !== undefined && view.zone !== 'own') params.set('tz', view.zone);
  if (view.paused) params.set('live', 'paused');
  return params;
}

/** The posts behind one mark: what the panel adds to the view. */
export interface Focus {
  monitors: string[];
  from: number | null;
  to: number | null;
  filters: Filter[];
}

export function parseFocus(params: URLSearchParams): Focus | null {
  if (!params.has('posts')) return null;
  const time = (name: string) =>
    params.has(name) && Number.isSafeInteger(Number(params.get(name))) ? Number(params.get(name)) : null;
  return {
    monitors: list(params.get('p.monitor')),
    from: time('p.from'),
    to: time('p.to'),
    filters: parseFilters(params, 'p.'),
  };
}

export function writeFocus(params: URLSearchParams, focus: Focus): void {
  params.set('posts', '1');
  if (focus.monitors.length > 0) params.set('p.monitor', focus.monitors.join(','));
  if (focus.from !== null) params.set('p.from', String(focus.from));
  if (focus.to !== null) params.set('p.to', String(focus.to));
  writeFilters(params, focus.filters, 'p.');
}

/** A new filter takes the place of the opposite one on the same value. */
export function withFilter(filters: readonly Filter[], filter: Filter): Filter[] {
  const rest = filters.filter(
    (other) => other.by !== filter.by || (!isSingle(filter.by) && other.value !== filter.value),
  );
  return [...rest, filter];
}

function joinValues(filters: readonly Filter[], by: Filter['by']): string | undefined {
  const values = filters
    .filter((filter) => filter.by === by)
    .map((filter) => (filter.exclude ? '-' : '') + filter.value);
  return values.length > 0 ? values.join(',') : undefined;
}

/**
 * The API's filter for a view at `now`, narrowed by `focus`. A running range starts on a whole minute, so that equal
 * questions within a minute are equal, and has no end.
 */
export function apiFilter(view: View, now: number, focus: Focus | null = null): FilterParams {
  const params: FilterParams = { project: view.project };
  const monitors = focus && focus.monitors.length > 0 ? focus.monitors : view.monitors;
  if (monitors.length > 0) params.monitor = monitors.join(',');
  if ('last' in view.range) {
    params.from = Math.floor((now - LENGTHS[view.range.last]) / MINUTE) * MINUTE;
  } else {
    params.from = view.range.from;
    params.to = view.range.to;
  }
  if (focus?.from != null) params.from = focus.from;
  if (focus?.to != null) params.to = focus.to;
  let filters: Filter[] = view.filters;
  for (const filter of focus?.filters ?? []) {
    const sameDimension = filters.filter((other) => other.by === filter.by && !other.exclude);
    filters = filters.filter((other) => !sameDimension.includes(other));
    filters = withFilter(filters, filter);
  }
  addFilters(params, filters);
  return params;
}

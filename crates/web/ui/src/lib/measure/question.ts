import type { MeasureParams } from '$lib/api/types';
import type { OwnParam } from '$lib/state/router.svelte';

/** A question as its parts; `''` is the default of a part. */
export interface Question {
  metrics: string[];
  by: string;
  then: string;
  interval: string;
  compare: string;
}

/** Cuts to choose from, in groups. */
export const CUTS: [group: string, cuts: string[]][] = [
  ['time', ['time', 'hour', 'weekday', 'week_hour']],
  ['who', ['monitor', 'source', 'lang', 'country', 'author', 'site', 'link', 'kind', 'media']],
  ['what', ['sentiment', 'emotion', 'intent', 'term', 'hashtag', 'entity', 'aspect', 'class', 'model']],
  ['marks', ['tag', 'category', 'status', 'assignee']],
];

export function parseQuestion(params: URLSearchParams): Question {
  const metrics = splitMetrics(params.get('metric') ?? '');
  const by = params.get('by') ?? 'time';
  return {
    metrics: metrics.length > 0 ? metrics : ['mentions'],
    by: by === 'none' ? '' : by,
    then: by === 'none' ? '' : (params.get('then') ?? ''),
    interval: params.get('interval') ?? '',
    compare: params.get('compare') ?? '',
  };
}

/** A comma inside of a formula's brackets does not part two metrics. */
export function splitMetrics(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += letter;
  }
  return [...parts, part].map((item) => item.trim()).filter((item) => item !== '');
}

/** What of a question stands in the address bar. */
export function questionParams(
  question: Question,
): Record<Extract<OwnParam, 'metric' | 'by' | 'then' | 'interval' | 'compare'>, string | null> {
  const { metrics, by, then, interval, compare } = question;
  return {
    metric: metrics.length === 1 && metrics[0] === 'mentions' ? null : metrics.join(','),
    by: by === 'time' ? null : by === '' ? 'none' : by,
    then: then === '' || by === '' ? null : then,
    interval: interval === '' ? null : interval,
    compare: compare === '' ? null : compare,
  };
}

/** What the API is asked. */
export function measureParams(question: Question, zone: string): MeasureParams {
  const { metrics, by, then, interval, compare } = question;
  const params: MeasureParams = { metric: metrics.join(','), zone };
  if (by !== '') params.by = by;
  if (by !== '' && then !== '' && then !== by) params.then = then;
  if (interval !== '' && (by === 'time' || then === 'time')) params.interval = interval;
  if (compare !== '') params.compare = compare;
  return params;
}

/** The question that a pinned one asked. */
export function questionOf(params: MeasureParams): Question {
  const metrics = splitMetrics(params.metric ?? '');
  return {
    metrics: metrics.length > 0 ? metrics : ['mentions'],
    by: params.by ?? '',
    then: params.then ?? '',
    interval: params.interval ?? '',
    compare: params.compare ?? '',
  };
}

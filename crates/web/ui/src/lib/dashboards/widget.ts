import type { FilterParams, MeasureParams } from '$lib/api/types';
import { questionOf, type Question } from '$lib/measure/question';
import { metricName } from '$lib/measure/value';
import { t } from '$lib/messages';
import type { Focus } from '$lib/state/view';
import { filtersOf } from '$lib/state/view';
import { room } from './layout';
import type { Kind, Widget } from './types';

export const KINDS: Kind[] = [
  'number',
  'series',
  'bars',
  'sentiment',
  'heat',
  'table',
  'mentions',
  'topics',
  'findings',
  'note',
];

export const isMeasured = (kind: Kind) => !['mentions', 'topics', 'findings', 'note'].includes(kind);
export const isList = (kind: Kind) => ['mentions', 'topics', 'findings'].includes(kind);

/** The question nearest to `question` that a widget of this kind can show. */
export function fit(kind: Kind, question: Question): Question {
  const { by, then } = question;
  // These draw one figure: the one chosen last.
  if (['bars', 'sentiment', 'heat'].includes(kind)) question = { ...question, metrics: question.metrics.slice(-1) };
  switch (kind) {
    case 'number':
      return { ...question, by: '', then: '' };
    case 'series':
      return by === 'time' || then === 'time' ? question : { ...question, by: 'time', then: by };
    case 'bars':
      return { ...question, by: by === '' || by === 'time' ? then || 'source' : by, then: '' };
    case 'sentiment':
      return { ...question, by: by === '' || by === 'sentiment' ? 'time' : by, then: 'sentiment' };
    case 'heat': {
      if (by === 'week_hour' && then === '') return question;
      const rows = by === '' || by === 'time' ? (then === '' || then === 'time' ? '' : then) : by;
      if (rows === '') return { ...question, by: 'week_hour', then: '' };
      const columns =
        then === '' || then === 'time' || then === rows ? (rows === 'source' ? 'sentiment' : 'source') : then;
      return { ...question, by: rows, then: columns };
    }
    default:
      return question;
  }
}

/** A question as it is kept. */
export function measureOf(question: Question): MeasureParams {
  const { metrics, by, then, interval, compare } = question;
  return {
    metric: metrics.join(','),
    ...(by === '' ? {} : { by }),
    ...(by === '' || then === '' ? {} : { then }),
    ...(interval === '' || (by !== 'time' && then !== 'time') ? {} : { interval }),
    ...(compare === '' ? {} : { compare }),
  };
}

/** What of an object says something. */
export function said<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== '')) as T;
}

/** A widget without what says nothing, as the server wants it. */
export function clean(widget: Widget): Widget {
  const { filter, measure, limit, ...rest } = widget;
  return { ...rest, filter: said(filter), measure: said(measure), limit: limit ?? null };
}

/** How large a new widget is. */
const SIZES: Record<Kind, [w: number, h: number]> = {
  number: [3, 2],
  series: [6, 5],
  bars: [4, 5],
  sentiment: [6, 5],
  heat: [6, 5],
  table: [6, 5],
  mentions: [6, 7],
  topics: [5, 6],
  findings: [5, 6],
  note: [4, 3],
};

/** A new widget of a kind, with a question that shows something, where there is room. */
export function fresh(kind: Kind, widgets: readonly Widget[]): Widget {
  const taken = new Set(widgets.map(({ id }) => id));
  let number = widgets.length + 1;
  while (taken.has(`w_${number}`)) number += 1;
  const [w, h] = SIZES[kind];
  const start: Question = { metrics: ['mentions'], by: '', then: '', interval: '', compare: '' };
  return {
    id: `w_${number}`,
    kind,
    title: '',
    place: room(widgets, w, h),
    filter: {},
    measure: isMeasured(kind) ? measureOf(fit(kind, start)) : {},
    text: kind === 'note' ? t.dashboards.noteStart : '',
    limit: null,
  };
}

/** The same widget as another kind. */
export function as(kind: Kind, widget: Widget): Widget {
  const measure = isMeasured(kind) ? measureOf(fit(kind, questionOf(widget.measure))) : {};
  return {
    ...widget,
    kind,
    measure: isMeasured(kind) ? { ...measure, ...(widget.measure.limit ? { limit: widget.measure.limit } : {}) } : {},
    limit: isList(kind) ? widget.limit : null,
    text: kind === 'note' ? widget.text || t.dashboards.noteStart : '',
  };
}

const cutName = (by: string) => t.explore.cuts[by] ?? t.filter.by[by as keyof typeof t.filter.by] ?? by;

/** What a widget is called where it has no title of its own. */
export function titleOf(widget: Widget): string {
  if (widget.title.trim() !== '') return widget.title;
  const own = t.dashboards.untitled[widget.kind];
  if (own) return own;
  const { metrics, by, then } = questionOf(widget.measure);
  const names = metrics.length > 3 ? t.dashboards.figures(metrics.length) : metrics.map(metricName).join(', ');
  const stacked = widget.kind === 'sentiment';
  const cuts = [by, then].filter((cut) => cut !== '' && cut !== 'time' && !(stacked && cut === 'sentiment'));
  const timed = by === 'time' || then === 'time';
  return t.dashboards.named(stacked ? t.dashboards.sentiment : names, timed, cuts.map(cutName));
}

/** The filter of a widget as chips. */
export const chipsOf = (filter: FilterParams) => filtersOf(said(filter));

/** The posts behind a mark of a widget: what was clicked, within the widget's own filter. */
export function within(widget: Widget, focus: Focus, chosen: readonly string[]): Focus {
  const own = chipsOf(widget.filter);
  const clicked = new Set(focus.filters.filter(({ exclude }) => !exclude).map(({ by }) => by));
  const mine = own.monitors.filter((id) => chosen.length === 0 || chosen.includes(id));
  return {
    ...focus,
    monitors: focus.monitors.length > 0 ? focus.monitors : mine,
    filters: [...own.filters.filter(({ by, exclude }) => exclude || !clicked.has(by)), ...focus.filters],
  };
}

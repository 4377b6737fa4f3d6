import type { AxisKey, Measured, Value } from '$lib/api/types';
import { t } from '$lib/messages';
import { valueLabel } from '$lib/state/labels';
import { DIMENSIONS, type Filter, type Focus } from '$lib/state/view';
import { csvText, isoTime, type Table } from '$lib/text/csv';
import { bucketLabel, weekday } from '$lib/text/time';

export { weekday } from '$lib/text/time';

const hour = (at: number) => `${String(at).padStart(2, '0')}:00`;

/** A key of a cut in the reader's words. */
export function keyLabel(by: string, key: AxisKey): string {
  if (key.other) return t.explore.other;
  if (by === 'time') return key.from != null && key.to != null ? bucketLabel(key.from, key.to - key.from) : key.label;
  if (by === 'hour') return hour(Number(key.key));
  if (by === 'weekday') return weekday(Number(key.key));
  if (by === 'week_hour') return `${weekday(Math.floor(Number(key.key) / 24))} ${hour(Number(key.key) % 24)}`;
  if (key.label !== key.key && key.label !== '') return key.label;
  if (key.key === '') return t.explore.none;
  return DIMENSIONS.includes(by as Filter['by']) ? valueLabel(by as Filter['by'], key.key) : key.key;
}

export type Drawing = 'figure' | 'lines' | 'bars' | 'week' | 'matrix';

/** The drawing that fits how a question is cut. */
export function drawingOf(axes: readonly { by: string }[]): Drawing {
  const [first, second] = axes;
  if (!first) return 'figure';
  if (first.by === 'time' || second?.by === 'time') return 'lines';
  if (second) return 'matrix';
  return first.by === 'week_hour' ? 'week' : 'bars';
}

/** One cell of an answer, and of the period it is compared with. */
export interface Cell {
  row: AxisKey | null;
  column: AxisKey | null;
  values: Value[];
  before: Value[] | null;
}

/** Every cell of an answer, row by row. */
export function cellsOf(answer: Measured): Cell[] {
  const [rows, columns] = answer.axes;
  return answer.cells.flatMap((row, i) =>
    row.map((values, j) => ({
      row: rows?.keys[i] ?? null,
      column: columns?.keys[j] ?? null,
      values,
      before: answer.before?.cells[i]?.[j] ?? null,
    })),
  );
}

/** Whether anything was measured at all. */
export function isEmpty(answer: Measured): boolean {
  return !answer.cells.some((row) =>
    row.some((values) => values.some((value) => value.value != null && value.value !== 0)),
  );
}

/** The posts behind a cell; `null` where the API has no filter for what it is cut by. */
export function focusOf(answer: Measured, cell: Pick<Cell, 'row' | 'column'>): Focus | null {
  const focus: Focus = { monitors: [], from: null, to: null, filters: [] };
  for (const [axis, key] of [
    [answer.axes[0], cell.row],
    [answer.axes[1], cell.column],
  ] as const) {
    if (!axis || !key) continue;
    if (key.other || key.hidden) return null;
    if (axis.by === 'time') [focus.from, focus.to] = [key.from, key.to];
    else if (axis.by === 'monitor') focus.monitors = [key.key];
    else if (axis.by === 'week_hour')
      focus.filters = [...focus.filters, { by: 'week_hour', value: `${key.key}@${answer.zone}`, exclude: false }];
    else if (DIMENSIONS.includes(axis.by as Filter['by']) && key.key !== '')
      focus.filters = [...focus.filters, { by: axis.by as Filter['by'], value: key.key, exclude: false }];
    else return null;
  }
  return focus;
}

/** An answer as a table: a line for each cell, with intervals and n, and the earlier period where there is one. */
export function tableOf(answer: Measured): Table {
  const head: string[] = answer.axes.flatMap(({ by }) => (by === 'time' ? ['from', 'to'] : [by]));
  for (const metric of answer.metrics) {
    head.push(metric, `${metric}_low`, `${metric}_high`, `${metric}_n`);
    if (answer.before) head.push(`${metric}_before`);
  }
  const rows = cellsOf(answer).map((cell) => {
    const line: Table['rows'][number] = [];
    answer.axes.forEach(({ by }, place) => {
      const key = place === 0 ? cell.row : cell.column;
      if (!key) return;
      if (by === 'time') line.push(isoTime(key.from), isoTime(key.to));
      else line.push(keyLabel(by, key));
    });
    answer.metrics.forEach((_, i) => {
      const { value, low, high, n } = cell.values[i] ?? { value: null };
      line.push(value, low ?? null, high ?? null, n ?? null);
      if (answer.before) line.push(cell.before?.[i]?.value ?? null);
    });
    return line;
  });
  return { head, rows };
}

/** The same as CSV. */
export const csvOf = (answer: Measured): string => csvText(tableOf(answer));

/** Whether two answers say the same, but for the last digits that a number may lose when it is kept. */
export function sameFigures(one: Measured, other: Measured): boolean {
  const near = (a: unknown, b: unknown): boolean => {
    if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a));
    if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => near((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]));
  };
  return near([one.axes, one.cells, one.rows, one.total], [other.axes, other.cells, other.rows, other.total]);
}

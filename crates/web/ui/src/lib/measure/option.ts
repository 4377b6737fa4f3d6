import type { EChartsCoreOption } from 'echarts/core';
import type { AxisKey, Measured, Value } from '$lib/api/types';
import type { Held } from '$lib/charts/held';
import type { Palette } from '$lib/charts/option';
import { t } from '$lib/messages';
import { timeTicks } from '$lib/text/time';
import { cellsOf, keyLabel, weekday, type Drawing } from './answer';
import { axisText, formOf, fullText, type Form } from './value';

/** Room around the lines of a time axis. */
export const LINE_MARGINS = { top: 12, right: 16, bottom: 32, left: 56 };

const FONT = "'Inter Variable', system-ui, sans-serif";

export interface Look {
  palette: Palette;
  width: number;
  still: boolean;
  /** The colour of a monitor by its id. */
  monitor: (id: string) => string;
  /** What was collected of each bucket of its time axis, where that is known. */
  held?: readonly Held[] | null;
}

export interface Line {
  key: AxisKey | null;
  label: string;
  colour: string;
  values: (Value | undefined)[];
  before: (Value | undefined)[] | null;
}

/** The identity of a value of a cut: its monitor's or sentiment's colour, else one by its place. */
export function colourOf(by: string, key: AxisKey | null, place: number, monitor: (id: string) => string): string {
  if (!key) return '--monitor-6';
  if (key.other) return '--neutral';
  if (by === 'monitor') return monitor(key.key);
  if (by === 'sentiment' && ['negative', 'neutral', 'positive'].includes(key.key)) return `--${key.key}`;
  return `--monitor-${[6, 1, 0, 2, 3, 7, 4, 5][place % 8]}`;
}

/** The lines of an answer cut by time, whichever of the two cuts that is. */
export function linesOf(
  answer: Measured,
  metric: number,
  monitor: (id: string) => string,
): { times: AxisKey[]; lines: Line[] } {
  const [first, second] = answer.axes;
  const timeFirst = first?.by === 'time';
  const times = (timeFirst ? first : second)?.keys ?? [];
  const other = timeFirst ? second : first;
  const keys: (AxisKey | null)[] = other ? other.keys : [null];
  const at = (cells: Value[][][] | undefined, time: number, place: number) =>
    (timeFirst ? cells?.[time]?.[place] : cells?.[place]?.[time])?.[metric];
  const lines = keys.map((key, place) => ({
    key,
    label: key && other ? keyLabel(other.by, key) : '',
    colour: colourOf(other?.by ?? '', key, place, monitor),
    values: times.map((_, time) => at(answer.cells, time, place)),
    before: answer.before ? times.map((_, time) => at(answer.before?.cells, time, place)) : null,
  }));
  return { times, lines: lines.filter(({ key, values }) => !key?.other || values.some((value) => value?.value)) };
}

const number = (value: number | null | undefined) => value ?? '-';

function base(look: Look) {
  const { palette } = look;
  const text = { color: palette('--ink-2'), fontFamily: FONT, fontSize: 12 };
  return {
    text,
    option: {
      animation: !look.still,
      animationDuration: 0,
      animationDurationUpdate: 180,
      textStyle: { fontFamily: FONT },
      tooltip: {
        renderMode: 'richText',
        confine: true,
        backgroundColor: palette('--surface'),
        borderColor: palette('--line-strong'),
        textStyle: { color: palette('--ink'), fontFamily: FONT, fontSize: 12 },
      },
    },
    split: { lineStyle: { color: palette('--line'), width: 1 } },
    axis: { lineStyle: { color: palette('--line-strong'), width: 1 } },
  };
}

function lines(answer: Measured, metric: number, form: Form, look: Look): EChartsCoreOption {
  const { times, lines: all } = linesOf(answer, metric, look.monitor);
  const { text, option, split, axis } = base(look);
  const starts = times.map((key) => key.from ?? 0);
  const ticks = timeTicks(starts, Math.max(2, Math.floor(look.width / 96)));
  const running = answer.to > Date.now() - 90_000;
  const gap = (i: number) => look.held?.[i]?.state === 'none';
  const partial = (i: number) =>
    look.held?.[i]?.state === 'part' || (running && i === times.length - 1 && times.length > 2);
  const dotted = times.some((_, i) => partial(i));
  const near = (i: number) => partial(i) || partial(i - 1) || partial(i + 1);
  const series = all.flatMap((line) => {
    const colour = look.palette(line.colour);
    const own = { type: 'line', showSymbol: false, silent: true, color: colour, name: line.label };
    const ribbon = line.values.some((value) => value?.low != null && value.value != null) && all.length <= 5;
    const band = (values: (number | '-')[], opacity: number) => ({
      ...own,
      stack: `ribbon ${line.label}`,
      stackStrategy: 'all',
      lineStyle: { opacity: 0 },
      areaStyle: { opacity, color: colour },
      data: values,
      tooltip: { show: false },
    });
    const known = (value: Value | undefined, i: number) =>
      !gap(i) && value?.value != null && value.low != null && value.high != null;
    return [
      ...(ribbon
        ? [
            band(
              line.values.map((value, i) => (known(value, i) ? number(value?.low) : '-')),
              0,
            ),
            band(
              line.values.map((value, i) => (known(value, i) ? (value?.high ?? 0) - (value?.low ?? 0) : '-')),
              0.15,
            ),
          ]
        : []),
      ...(line.before
        ? [
            {
              ...own,
              lineStyle: { width: 1.5, type: [2, 4], opacity: 0.8 },
              data: line.before.map((value) => number(value?.value)),
            },
          ]
        : []),
      {
        ...own,
        lineStyle: { width: 2 },
        ...(times.length === 1 ? { showSymbol: true } : {}),
        data: line.values.map((value, i) => (gap(i) || partial(i) ? '-' : number(value?.value))),
      },
      ...(dotted
        ? [
            {
              ...own,
              lineStyle: { width: 2, type: [1, 4], cap: 'round' },
              data: line.values.map((value, i) => (near(i) && !gap(i) ? number(value?.value) : '-')),
            },
          ]
        : []),
    ];
  });
  return {
    ...option,
    grid: { ...LINE_MARGINS, outerBoundsMode: 'none' },
    tooltip: {
      ...option.tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: look.palette('--ink-3') } },
      formatter: (points: { dataIndex: number }[]) => {
        const i = points[0]?.dataIndex ?? 0;
        const key = times[i];
        const told = look.held?.[i];
        const away = told && told.away.length > 0 ? [t.chart.away(told.away.join(', '))] : [];
        if (gap(i)) return [key ? keyLabel('time', key) : '', t.chart.notCollected, ...away].join('\n');
        const rows = [
          ...all.map((line) => `${line.label ? `${line.label}  ` : ''}${fullText(form, line.values[i])}`),
          ...(told?.state === 'part' ? [t.chart.partly, ...away] : []),
        ];
        return [key ? keyLabel('time', key) : '', ...rows].join('\n');
      },
    },
    xAxis: {
      type: 'category',
      data: starts.map(String),
      axisLine: { ...axis, onZero: false },
      axisTick: { show: false },
      axisLabel: {
        ...text,
        interval: (i: number) => ticks.has(i),
        formatter: (_: string, i: number) => ticks.get(i) ?? '',
      },
    },
    yAxis: {
      type: 'value',
      ...(form === 'net' || form === 'number' ? {} : { min: 0 }),
      splitNumber: 3,
      axisLabel: { ...text, formatter: (value: number) => axisText(form, value) },
      splitLine: split,
    },
    series,
  };
}

interface Whisker {
  coord: (point: [number, number]) => [number, number];
  value: (dimension: number) => number;
}

function bars(answer: Measured, metric: number, form: Form, look: Look): EChartsCoreOption {
  const by = answer.axes[0]?.by ?? '';
  // `other` comes last; an empty one says nothing.
  const cells = cellsOf(answer).filter(({ row, values }) => !row?.other || values[metric]?.value);
  const { text, option, split } = base(look);
  const labels = cells.map(({ row }) => (row ? keyLabel(by, row) : ''));
  const value = (i: number) => cells[i]?.values[metric];
  const whiskers = cells.flatMap((_, i) => {
    const { low, high, value: middle } = value(i) ?? {};
    return low != null && high != null && middle != null ? [[i, low, high]] : [];
  });
  return {
    ...option,
    grid: { top: 8, right: 72, bottom: 28, left: Math.min(180, look.width * 0.34), outerBoundsMode: 'none' },
    tooltip: {
      ...option.tooltip,
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (points: { dataIndex: number }[]) => {
        const i = points[0]?.dataIndex ?? 0;
        return `${labels[i] ?? ''}\n${fullText(form, value(i))}`;
      },
    },
    xAxis: {
      type: 'value',
      ...(form === 'net' || form === 'number' ? {} : { min: 0 }),
      splitNumber: 4,
      axisLabel: { ...text, hideOverlap: true, formatter: (at: number) => axisText(form, at) },
      splitLine: split,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: labels,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...text,
        color: look.palette('--ink'),
        width: Math.min(168, look.width * 0.32),
        overflow: 'truncate',
      },
    },
    series: [
      {
        type: 'bar',
        silent: true,
        barMaxWidth: 14,
        data: cells.map(({ row, values }, i) => ({
          value: number(values[metric]?.value),
          itemStyle: {
            color: look.palette(by === 'monitor' || by === 'sentiment' ? colourOf(by, row, i, look.monitor) : '--bar'),
            borderRadius: [0, 2, 2, 0],
          },
        })),
        label: {
          show: whiskers.length === 0,
          position: 'right',
          ...text,
          formatter: ({ dataIndex }: { dataIndex: number }) => axisText(form, value(dataIndex)?.value ?? 0),
        },
      },
      ...(answer.before
        ? [
            {
              type: 'custom',
              silent: true,
              encode: { x: 1, y: 0 },
              z: 3,
              data: cells.flatMap((cell, i) =>
                cell.before?.[metric]?.value != null ? [[i, cell.before[metric]?.value]] : [],
              ),
              renderItem: (_: unknown, api: Whisker) => {
                const [x, y] = api.coord([api.value(1), api.value(0)]);
                return {
                  type: 'line',
                  shape: { x1: x, x2: x, y1: y - 10, y2: y + 10 },
                  style: { stroke: look.palette('--ink'), lineWidth: 1.5, lineDash: [3, 2] },
                };
              },
            },
          ]
        : []),
      ...(whiskers.length > 0
        ? [
            {
              type: 'custom',
              silent: true,
              encode: { x: [1, 2], y: 0 },
              z: 4,
              data: whiskers,
              renderItem: (_: unknown, api: Whisker) => {
                const [x1, y] = api.coord([api.value(1), api.value(0)]);
                const [x2] = api.coord([api.value(2), api.value(0)]);
                const style = { stroke: look.palette('--ink'), lineWidth: 1.25 };
                const line = (a: number, b: number, c: number, d: number) => ({
                  type: 'line',
                  shape: { x1: a, y1: b, x2: c, y2: d },
                  style,
                });
                return {
                  type: 'group',
                  children: [line(x1, y, x2, y), line(x1, y - 4, x1, y + 4), line(x2, y - 4, x2, y + 4)],
                };
              },
            },
          ]
        : []),
    ],
  };
}

/** A field of squares: the hours of a week, or two cuts against each other. */
function field(answer: Measured, metric: number, form: Form, look: Look, week: boolean): EChartsCoreOption {
  const { text, option } = base(look);
  const [first, second] = answer.axes;
  const columns = week
    ? Array.from({ length: 24 }, (_, i) => String(i))
    : (second?.keys ?? []).map((key) => keyLabel(second?.by ?? '', key));
  const rows = week
    ? Array.from({ length: 7 }, (_, i) => weekday(i))
    : (first?.keys ?? []).map((key) => keyLabel(first?.by ?? '', key));
  const at = (row: number, column: number) =>
    (week ? answer.cells[row * 24 + column]?.[0] : answer.cells[row]?.[column])?.[metric];
  const data = rows.flatMap((_, y) => columns.map((_, x) => [x, y, number(at(y, x)?.value)]));
  const known = data.map((cell) => cell[2]).filter((value): value is number => typeof value === 'number');
  const most = Math.max(...known.map(Math.abs), 0) || 1;
  const balance = form === 'net';
  const p = look.palette;
  return {
    ...option,
    grid: {
      top: 8,
      right: 8,
      bottom: week ? 28 : 64,
      left: week ? 44 : Math.min(140, look.width * 0.3),
      outerBoundsMode: 'none',
    },
    tooltip: {
      ...option.tooltip,
      trigger: 'item',
      formatter: ({ value: [x, y] }: { value: [number, number] }) =>
        `${rows[y] ?? ''}, ${week ? `${columns[x]}:00` : (columns[x] ?? '')}\n${fullText(form, at(y, x))}`,
    },
    xAxis: {
      type: 'category',
      data: columns,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...text,
        interval: week ? 2 : 0,
        ...(week ? {} : { rotate: columns.length > 6 ? 35 : 0, width: 96, overflow: 'truncate' }),
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...text, color: p('--ink'), width: 128, overflow: 'truncate' },
    },
    visualMap: {
      show: false,
      min: balance ? -most : Math.min(0, ...known),
      max: most,
      inRange: {
        color: balance ? [p('--negative'), p('--surface-2'), p('--positive')] : [p('--surface-2'), p('--monitor-6')],
      },
    },
    series: [
      {
        type: 'heatmap',
        data,
        itemStyle: { borderColor: p('--surface'), borderWidth: 2, borderRadius: 3 },
        emphasis: { itemStyle: { borderColor: p('--ink'), borderWidth: 1.5 } },
      },
    ],
  };
}

/** How tall a drawing is. */
export function heightOf(answer: Measured, drawing: Drawing): number {
  const rows = answer.axes[0]?.keys.length ?? 0;
  if (drawing === 'bars') return 40 + rows * 26;
  if (drawing === 'week') return 7 * 28 + 36;
  if (drawing === 'matrix') return 76 + rows * 30;
  return 280;
}

export function measureOption(answer: Measured, metric: number, drawing: Drawing, look: Look): EChartsCoreOption {
  const form = formOf(answer.metrics[metric] ?? '');
  if (drawing === 'lines') return lines(answer, metric, form, look);
  if (drawing === 'bars') return bars(answer, metric, form, look);
  return field(answer, metric, form, look, drawing === 'week');
}

import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { short } from '$lib/text/format';
import { timeTicks } from '$lib/text/time';
import { isGap, type ChartData, type ChartKind, type ChartLine, type Margins } from './model';

type Option = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption>;

/** Looks up a custom property, so that a chart follows the theme. */
export type Palette = (property: string) => string;

const FONT = "'Inter Variable', system-ui, sans-serif";

/** Whether a bucket is counted only in part: cut by the start of the period, still filling, or with a source away. */
function partial(data: ChartData, index: number): boolean {
  if (data.held?.[index]?.state === 'part') return true;
  return data.times.length > 2 && ((data.cut && index === 0) || (data.unfinished && index === data.times.length - 1));
}

/** A line through the buckets counted whole, and dotted ones into those at the ends that are not. */
function lineSeries(line: ChartLine, data: ChartData, colour: string, alone: boolean): LineSeriesOption[] {
  const last = data.times.length - 1;
  const base: LineSeriesOption = {
    type: 'line',
    silent: true,
    symbol: 'none',
    color: colour,
    lineStyle: { width: 1.75, color: colour, join: 'round', cap: 'round' },
  };
  const unknown = (i: number) => i < 0 || i > last || isGap(data, i);
  /** A bucket between two gaps is no line: it is a point. */
  const point = (value: number, i: number) =>
    data.held && unknown(i - 1) && unknown(i + 1) ? { value, symbol: 'circle', symbolSize: 5 } : value;
  const solid: LineSeriesOption = {
    ...base,
    id: line.key,
    data: line.counts.map((count, i) => (unknown(i) || partial(data, i) ? '-' : point(count, i))),
  };
  if (alone) solid.areaStyle = { color: colour, opacity: 0.08 };
  const dotted = (name: string, between: (i: number) => boolean): LineSeriesOption => ({
    ...base,
    id: `${line.key} (${name})`,
    lineStyle: { width: 1.75, color: colour, type: [1, 4], cap: 'round' },
    data: line.counts.map((count, i) => (between(i) && !unknown(i) ? count : '-')),
  });
  const pair = (from: number) => (i: number) => i === from || i === from + 1;
  const away = (i: number) => data.held?.[i]?.state === 'part';
  return [
    solid,
    ...(partial(data, 0) ? [dotted('cut', pair(0))] : []),
    ...(partial(data, last) ? [dotted('unfinished', pair(last - 1))] : []),
    ...(data.held?.some(({ state }) => state === 'part')
      ? [dotted('partly', (i) => away(i - 1) || away(i) || away(i + 1))]
      : []),
  ];
}

function barSeries(line: ChartLine, data: ChartData, colour: string, surface: string): BarSeriesOption {
  return {
    type: 'bar',
    id: line.key,
    stack: 'all',
    silent: true,
    barCategoryGap: data.times.length > 60 ? '12%' : '20%',
    itemStyle: { color: colour, borderColor: surface, borderWidth: 0 },
    data: line.counts.map((value, i) =>
      isGap(data, i)
        ? '-'
        : partial(data, i)
          ? {
              value,
              itemStyle: { color: colour, opacity: 0.35, borderColor: colour, borderWidth: 1, borderType: [1, 2] },
            }
          : value,
    ),
  };
}

/** The whole drawing. Everything that answers to the pointer is drawn above it, in the page. */
export function chartOption(
  data: ChartData,
  kind: ChartKind,
  margins: Margins,
  width: number,
  palette: Palette,
  still: boolean,
): Option {
  const ticks = timeTicks(data.times, Math.max(2, Math.floor((width - margins.left - margins.right) / 88)));
  const text = { color: palette('--ink-3'), fontFamily: FONT, fontSize: 12 };
  const series =
    kind === 'lines'
      ? data.lines.flatMap((line) => lineSeries(line, data, palette(line.colour), data.lines.length === 1))
      : data.lines.map((line) => barSeries(line, data, palette(line.colour), palette('--surface')));
  return {
    animation: !still,
    animationDuration: 0,
    animationDurationUpdate: 180,
    animationEasingUpdate: 'cubicOut',
    textStyle: { fontFamily: FONT },
    grid: { ...margins, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      data: data.times.map(String),
      axisLine: { show: true, onZero: true, lineStyle: { color: palette('--line-strong'), width: 1 } },
      axisTick: { show: false },
      axisLabel: {
        ...text,
        margin: 10,
        interval: (index: number) => ticks.has(index),
        formatter: (_: string, index: number) => ticks.get(index) ?? '',
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      minInterval: 1,
      splitNumber: kind === 'lines' ? 3 : 2,
      axisLabel: { ...text, margin: 10, formatter: (value: number) => short(value) },
      splitLine: { lineStyle: { color: palette('--line'), width: 1 } },
    },
    series,
  };
}

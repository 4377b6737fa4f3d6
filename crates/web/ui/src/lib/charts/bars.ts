import type { EChartsCoreOption } from 'echarts/core';
import type { Drawing } from './frame';
import { FONT, palette } from './palette';

/** A row of a list of bars, or of dots with whiskers. */
export interface Row {
  label: string;
  value: number | null;
  low?: number | null;
  high?: number | null;
  /** A custom property. */
  colour?: string;
  /** What stands at its end; the value where it is left out. */
  text?: string;
}

const ROW = 28;

interface Pen {
  coord: (point: [number, number]) => [number, number];
  value: (dimension: number) => number;
}

/** Whiskers from `low` to `high` of each row that has them. */
function whiskers(rows: Row[], ink: string) {
  return {
    type: 'custom',
    silent: true,
    encode: { x: [1, 2], y: 0 },
    z: 4,
    data: rows.flatMap(({ low, high }, i) => (low != null && high != null ? [[i, low, high]] : [])),
    renderItem: (_: unknown, pen: Pen) => {
      const [x1, y] = pen.coord([pen.value(1), pen.value(0)]);
      const [x2] = pen.coord([pen.value(2), pen.value(0)]);
      const line = (a: number, b: number, c: number, d: number) => ({
        type: 'line',
        shape: { x1: a, y1: b, x2: c, y2: d },
        style: { stroke: ink, lineWidth: 1.25 },
      });
      return { type: 'group', children: [line(x1, y, x2, y), line(x1, y - 4, x1, y + 4), line(x2, y - 4, x2, y + 4)] };
    },
  };
}

/**
 * A list as bars from zero, or, with `dots`, as dots with whiskers on one scale, the way a picture of it is taken.
 * `written` says how a value on the axis is written.
 */
export function barsDrawing(rows: Row[], written: (value: number) => string, dots = false): Drawing {
  const colour = palette();
  const text = { color: colour('--ink-2'), fontFamily: FONT, fontSize: 12 };
  const values = rows.flatMap(({ value, low, high }) => [value, low, high]).filter((one): one is number => one != null);
  const option = (width: number): EChartsCoreOption => ({
    textStyle: { fontFamily: FONT },
    grid: { top: 4, right: 96, bottom: 28, left: Math.min(240, width * 0.34), outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: Math.min(0, ...values),
      splitNumber: 4,
      axisLabel: { ...text, hideOverlap: true, formatter: written },
      splitLine: { lineStyle: { color: colour('--line'), width: 1 } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ label }) => label),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...text, color: colour('--ink'), width: Math.min(228, width * 0.32), overflow: 'truncate' },
    },
    series: [
      {
        type: dots ? 'line' : 'bar',
        silent: true,
        barMaxWidth: 14,
        symbol: 'circle',
        symbolSize: 9,
        lineStyle: { opacity: 0 },
        data: rows.map(({ value, colour: own }) => ({
          value: value ?? '-',
          itemStyle: { color: colour(own ?? '--bar'), borderRadius: [0, 2, 2, 0] },
        })),
        label: {
          show: true,
          position: 'right',
          distance: 8,
          ...text,
          formatter: ({ dataIndex }: { dataIndex: number }) => rows[dataIndex]?.text ?? '',
        },
      },
      whiskers(rows, colour('--ink')),
    ],
  });
  return { height: 36 + rows.length * ROW, option };
}

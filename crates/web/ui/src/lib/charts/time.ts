import { t } from '$lib/messages';
import { isoTime, type Table } from '$lib/text/csv';
import type { Drawing } from './frame';
import { hatched } from './hatch';
import { isGap, type ChartData, type ChartKind } from './model';
import { chartOption } from './option';
import { palette } from './palette';

/** The table behind a time chart: a line for each bucket. A bucket that is not counted whole is said to be so. */
export function timeTable(data: ChartData): Table {
  const last = data.times.length - 1;
  return {
    head: ['from', 'to', ...data.lines.map(({ label }) => label), t.charts.whole],
    rows: data.times.map((from, i) => [
      isoTime(from),
      isoTime(from + data.intervalMs),
      ...data.lines.map(({ counts }) => (isGap(data, i) ? null : (counts[i] ?? 0))),
      isGap(data, i)
        ? t.chart.notCollected
        : (data.cut && i === 0) || (data.unfinished && i === last) || data.held?.[i]?.state === 'part'
          ? t.charts.no
          : t.charts.yes,
    ]),
  };
}

/** The same as a picture. */
export function timeDrawing(data: ChartData, kind: ChartKind): Drawing {
  const margins = { top: 12, right: 12, bottom: 32, left: 52 };
  return {
    height: 320,
    legend: [
      ...data.lines.map(({ label, colour }) => ({ label, colour })),
      ...(data.held?.some(({ state }) => state === 'none') ? [{ label: t.chart.notCollected, colour: '--hatch' }] : []),
    ],
    option: (width) => {
      const colour = palette();
      return hatched(chartOption(data, kind, margins, width, colour, true), data.held, colour('--hatch'));
    },
  };
}

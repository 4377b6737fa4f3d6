import type { EChartsCoreOption } from 'echarts/core';
import type { Measured, Value } from '$lib/api/types';
import { keyLabel } from '$lib/measure/answer';
import { colourOf, type Look } from '$lib/measure/option';
import { formOf, fullText } from '$lib/measure/value';
import { t } from '$lib/messages';
import { exact, share, short } from '$lib/text/format';
import { timeTicks } from '$lib/text/time';
import { SENTIMENTS } from '$lib/state/tick';

const FONT = "'Inter Variable', system-ui, sans-serif";
export const STACK_MARGINS = { top: 8, right: 12, bottom: 28, left: 48 };

/** The columns of a stack, negative first, and what is neither. */
function parts(answer: Measured) {
  const keys = answer.axes[1]?.keys ?? [];
  return SENTIMENTS.flatMap((name) => {
    const column = keys.findIndex(({ key, other }) => key === name && !other);
    return column < 0 ? [] : [{ name, column, label: keyLabel('sentiment', keys[column]!) }];
  });
}

export const stackLegend = (answer: Measured) =>
  parts(answer).map(({ name, label }) => ({ label, colour: `--${name}` }));

/** Negative, neutral and positive on top of one another: counts over time, parts of a whole by any other cut. */
export function stackOption(answer: Measured, look: Look): EChartsCoreOption {
  const first = answer.axes[0];
  const keys = (first?.keys ?? []).filter((key, i) => !key.other || answer.rows[i]?.[0]?.value);
  const timed = first?.by === 'time';
  const p = look.palette;
  const text = { color: p('--ink-2'), fontFamily: FONT, fontSize: 12 };
  const all = parts(answer);
  const cell = (row: number, column: number): Value | undefined => answer.cells[row]?.[column]?.[0];
  const sums = keys.map((_, row) => all.reduce((sum, { column }) => sum + (cell(row, column)?.value ?? 0), 0));
  const labels = keys.map((key) => keyLabel(first?.by ?? '', key));
  const form = formOf(answer.metrics[0] ?? '');
  const ticks = timed
    ? timeTicks(
        keys.map(({ from }) => from ?? 0),
        Math.max(2, Math.floor(look.width / 96)),
      )
    : null;
  const line = { lineStyle: { color: p('--line'), width: 1 } };
  const names = {
    type: 'category',
    data: timed ? keys.map(({ key }) => key) : labels,
    axisTick: { show: false },
    axisLine: timed ? { lineStyle: { color: p('--line-strong'), width: 1 } } : { show: false },
    axisLabel: ticks
      ? { ...text, interval: (i: number) => ticks.has(i), formatter: (_: string, i: number) => ticks.get(i) ?? '' }
      : { ...text, color: p('--ink'), width: Math.min(150, look.width * 0.3), overflow: 'truncate' },
  };
  const amount = {
    type: 'value',
    min: 0,
    ...(timed ? {} : { max: 1 }),
    splitNumber: 3,
    splitLine: line,
    axisLabel: { ...text, hideOverlap: true, formatter: (at: number) => (timed ? short(at) : share(at)) },
  };
  return {
    animation: !look.still,
    animationDuration: 0,
    animationDurationUpdate: 180,
    textStyle: { fontFamily: FONT },
    grid: timed
      ? { ...STACK_MARGINS, outerBoundsMode: 'none' }
      : { top: 4, right: 56, bottom: 28, left: Math.min(160, look.width * 0.32), outerBoundsMode: 'none' },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: p('--surface'),
      borderColor: p('--line-strong'),
      textStyle: { color: p('--ink'), fontFamily: FONT, fontSize: 12 },
      axisPointer: { type: 'shadow', shadowStyle: { color: p('--hover'), opacity: 0.5 } },
      formatter: (points: { dataIndex: number }[]) => {
        const row = points[0]?.dataIndex ?? 0;
        const told = timed ? look.held?.[row] : undefined;
        const away = told && told.away.length > 0 ? [t.chart.away(told.away.join(', '))] : [];
        if (told?.state === 'none') return [labels[row] ?? '', t.chart.notCollected, ...away].join('\n');
        const rows = all.map(({ label, column }) => {
          const value = cell(row, column);
          const of = sums[row] ?? 0;
          return `${label}  ${fullText(form, value)}${of >= 30 ? `  ${share((value?.value ?? 0) / of)}` : ''}`;
        });
        return [labels[row] ?? '', ...rows, ...(told?.state === 'part' ? [t.chart.partly, ...away] : [])].join('\n');
      },
    },
    xAxis: timed ? names : amount,
    yAxis: timed ? amount : { ...names, inverse: true },
    series: all.map(({ name, label, column }, place) => ({
      type: 'bar',
      stack: 'sentiment',
      silent: true,
      name: label,
      color: p(
        colourOf(
          'sentiment',
          { key: name, label, other: false, hidden: false, from: null, to: null },
          place,
          look.monitor,
        ),
      ),
      barMaxWidth: timed ? undefined : 16,
      barCategoryGap: timed ? '12%' : '30%',
      data: keys.map((_, row) => {
        const told = timed ? look.held?.[row]?.state : undefined;
        if (told === 'none') return '-';
        const value = cell(row, column)?.value ?? 0;
        const of = sums[row] ?? 0;
        // Below thirty a share says more than is known: it is drawn faint.
        return {
          value: timed ? value : of === 0 ? 0 : value / of,
          itemStyle: { opacity: told !== 'part' && (timed || of >= 30) ? 1 : 0.4 },
        };
      }),
      ...(timed || place < all.length - 1
        ? {}
        : {
            label: {
              show: true,
              position: 'right',
              ...text,
              formatter: ({ dataIndex }: { dataIndex: number }) => exact(sums[dataIndex] ?? 0),
            },
          }),
    })),
  };
}

import type { EChartsCoreOption } from 'echarts/core';
import type { Measured } from '$lib/api/types';
import { barsDrawing } from '$lib/charts/bars';
import type { Drawing } from '$lib/charts/frame';
import { hatched } from '$lib/charts/hatch';
import type { Held } from '$lib/charts/held';
import { FONT, palette } from '$lib/charts/palette';
import { drawingOf, keyLabel } from '$lib/measure/answer';
import { gapsOf } from '$lib/measure/gaps.svelte';
import { colourOf, heightOf, linesOf, measureOption } from '$lib/measure/option';
import { axisText, formOf } from '$lib/measure/value';
import { session } from '$lib/state/session.svelte';
import { ARROWS, figuresOf } from './numbers';
import { stackLegend, stackOption } from './stack';
import type { Widget } from './types';

const monitor = (id: string) => `--monitor-${session.colour(id)}`;

interface Pen {
  value: (dimension: number) => number;
}

/** Figures set in type, two or three beside one another: drawn by ECharts, so that a picture of them is made as any other is. */
function numbersDrawing(answer: Measured): Drawing {
  const figures = figuresOf(answer);
  const ROW = 84;
  const colour = palette();
  const option = (width: number): EChartsCoreOption => {
    const across = Math.min(figures.length, 3);
    const text = (x: number, y: number, words: string, font: string, fill: string) => ({
      type: 'text',
      x,
      y,
      style: { text: words, font: `${font} ${FONT}`, fill: colour(fill) },
    });
    return {
      series: [
        {
          type: 'custom',
          coordinateSystem: 'none',
          silent: true,
          data: figures.map((_, i) => [i]),
          renderItem: (_: unknown, pen: Pen) => {
            const i = pen.value(0);
            const figure = figures[i]!;
            const [x, y] = [((i % across) * width) / across, Math.floor(i / across) * ROW];
            const moved = figure.moved ? `${ARROWS[figure.moved.direction]} ${figure.amount}` : '';
            const under = [moved, figure.range ?? ''].filter((part) => part !== '').join('   ');
            return {
              type: 'group',
              children: [
                text(x, y, figure.name, '400 12px', '--ink-2'),
                text(x, y + 18, figure.text, '600 32px', '--ink'),
                text(x, y + 56, under, '400 12px', '--ink-2'),
              ],
            };
          },
        },
      ],
    };
  };
  return { height: Math.ceil(figures.length / 3) * ROW, option };
}

function ranked(answer: Measured): Drawing {
  const by = answer.axes[0]?.by ?? '';
  const form = formOf(answer.metrics[0] ?? '');
  const rows = (answer.axes[0]?.keys ?? []).flatMap((key, i) => {
    const value = answer.cells[i]?.[0]?.[0];
    if (key.hidden || value?.value == null || (key.other && value.value === 0)) return [];
    const colour = by === 'monitor' || by === 'sentiment' ? colourOf(by, key, i, monitor) : '--bar';
    const interval = form === 'count' ? {} : { low: value.low ?? null, high: value.high ?? null };
    return [{ label: keyLabel(by, key), value: value.value, ...interval, colour, text: axisText(form, value.value) }];
  });
  return barsDrawing(rows, (value) => axisText(form, value));
}

function stacked(answer: Measured, held: Held[] | null): Drawing {
  const timed = answer.axes[0]?.by === 'time';
  return {
    height: timed ? 320 : 48 + (answer.axes[0]?.keys.length ?? 0) * 28,
    legend: stackLegend(answer),
    option: (width) => {
      const colour = palette();
      const option = stackOption(answer, { palette: colour, width, still: true, monitor, held });
      return timed ? hatched(option, held, colour('--hatch')) : option;
    },
  };
}

function measured(answer: Measured, held: Held[] | null): Drawing {
  const drawing = drawingOf(answer.axes);
  const lines = drawing === 'lines' ? linesOf(answer, 0, monitor).lines : [];
  return {
    height: heightOf(answer, drawing),
    legend: lines.filter(({ label }) => label !== ''),
    option: (width) => {
      const colour = palette();
      const option = measureOption(answer, 0, drawing, { palette: colour, width, still: true, monitor, held });
      return drawing === 'lines' ? hatched(option, held, colour('--hatch')) : option;
    },
  };
}

/** The picture of a widget that is saved. */
export async function pictureOf(kind: Widget['kind'], answer: Measured): Promise<Drawing> {
  if (kind === 'number') return numbersDrawing(answer);
  if (kind === 'bars') return ranked(answer);
  const held = await gapsOf(answer);
  return kind === 'sentiment' ? stacked(answer, held) : measured(answer, held);
}

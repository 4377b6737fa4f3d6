import type { EChartsCoreOption } from 'echarts/core';
import { stretches, type Held } from './held';

interface Place {
  coordSys: { x: number; y: number; width: number; height: number };
}
interface Pen {
  value: (dimension: number) => number;
}

/** Pixels between the lines of a hatching: where nothing was collected, and where not all was. */
const STEP = { none: 8, part: 17 };

/**
 * The times from which nothing was collected, as a series of ECharts on a category axis: what the page lays behind its
 * drawing, for a drawing that leaves the page.
 */
function hatchSeries(held: readonly Held[] | null | undefined, ink: string) {
  if (!held) return [];
  const bands = (['none', 'part'] as const).flatMap((state) =>
    stretches(held, state).map(({ first, last }) => [first, last, STEP[state]]),
  );
  if (bands.length === 0) return [];
  return [
    {
      type: 'custom',
      silent: true,
      z: 0,
      encode: { x: 0 },
      data: bands,
      renderItem: ({ coordSys }: Place, pen: Pen) => {
        const wide = coordSys.width / held.length;
        const [first, last, step] = [pen.value(0), pen.value(1), pen.value(2)];
        const shape = {
          x: coordSys.x + first * wide,
          y: coordSys.y,
          width: (last - first + 1) * wide,
          height: coordSys.height,
        };
        const lines = Array.from({ length: Math.ceil((shape.width + shape.height) / step) }, (_, i) => ({
          type: 'line',
          shape: {
            x1: shape.x + i * step,
            y1: shape.y,
            x2: shape.x + i * step - shape.height,
            y2: shape.y + shape.height,
          },
          style: { stroke: ink, lineWidth: 1 },
        }));
        return { type: 'group', children: lines, clipPath: { type: 'rect', shape } };
      },
    },
  ];
}

/** A drawing with its gaps behind it. */
export function hatched(
  option: EChartsCoreOption,
  held: readonly Held[] | null | undefined,
  ink: string,
): EChartsCoreOption {
  const drawn = Array.isArray(option['series']) ? (option['series'] as unknown[]) : [option['series']];
  return { ...option, series: [...hatchSeries(held, ink), ...drawn] };
}

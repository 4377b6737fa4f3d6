import type { Drawing } from './frame';
import { FONT, palette } from './palette';

/**
 * The hours of a week as a field for a picture. `at`: how far an hour (0 to 167, Monday first) is from usual, −1 to 1, `null`
 * where nothing is known; `mark`: what stands in its square.
 */
export function weekDrawing(
  days: readonly string[],
  at: (hour: number) => number | null,
  mark: (hour: number) => string,
): Drawing {
  const colour = palette();
  const text = { color: colour('--ink-2'), fontFamily: FONT, fontSize: 12 };
  const bare = { axisLine: { show: false }, axisTick: { show: false } };
  const hours = Array.from({ length: 168 }, (_, hour) => hour);
  return {
    height: 7 * 30 + 36,
    option: () => ({
      textStyle: { fontFamily: FONT },
      grid: { top: 4, right: 8, bottom: 28, left: 52, outerBoundsMode: 'none' },
      xAxis: {
        type: 'category',
        data: Array.from({ length: 24 }, (_, hour) => String(hour)),
        axisLabel: { ...text, interval: 2 },
        ...bare,
      },
      yAxis: { type: 'category', inverse: true, data: [...days], axisLabel: text, ...bare },
      visualMap: {
        show: false,
        min: -1,
        max: 1,
        inRange: { color: [colour('--negative'), colour('--surface-2'), colour('--positive')] },
      },
      series: [
        {
          type: 'heatmap',
          data: hours.map((hour) => [hour % 24, Math.floor(hour / 24), at(hour) ?? '-']),
          label: {
            show: true,
            color: colour('--ink'),
            formatter: ({ value: [x, y] }: { value: [number, number] }) => mark(y * 24 + x),
          },
          itemStyle: { borderColor: colour('--surface'), borderWidth: 2, borderRadius: 3 },
        },
      ],
    }),
  };
}

import { PieChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { FONT } from '$lib/charts/palette';

use([PieChart, TooltipComponent, CanvasRenderer]);

/** A part of a whole. */
export interface Slice {
  key: string;
  label: string;
  count: number;
  /** A custom property. */
  colour: string;
  /** Everything that is known of it, in a line. */
  says: string;
}

/** A ring of two to five parts, clockwise from the top in the order given. `size`: pixels of a side. */
export function donutOption(
  slices: readonly Slice[],
  size: number,
  middle: number,
  colour: (property: string) => string,
): EChartsCoreOption {
  return {
    animation: false,
    tooltip: {
      trigger: 'item',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colour('--surface'),
      borderColor: colour('--line-strong'),
      textStyle: { color: colour('--ink'), fontFamily: FONT, fontSize: 12 },
      formatter: ({ dataIndex }: { dataIndex: number }) => slices[dataIndex]?.says ?? '',
    },
    series: [
      {
        type: 'pie',
        radius: [size * 0.3, size * 0.47],
        center: [middle, size / 2],
        startAngle: 90,
        minAngle: 2,
        label: { show: false },
        labelLine: { show: false },
        emphasis: { scale: false },
        itemStyle: { borderColor: colour('--surface'), borderWidth: 2 },
        data: slices.map(({ label, count, colour: own }) => ({
          name: label,
          value: count,
          itemStyle: { color: colour(own) },
        })),
      },
    ],
  };
}

export { init };

import { GraphicComponent } from 'echarts/components';
import { use } from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { FONT } from '$lib/charts/palette';
import { cloudOf, LINE, PAD } from './cloud';
import { INKS, SIGNS, type Word } from './words';

use([GraphicComponent]);

/** The cloud as a drawing of ECharts, for pictures of it. */
export function cloudOption(
  words: readonly Word[],
  width: number,
  height: number,
  colour: (property: string) => string,
): EChartsCoreOption {
  return {
    graphic: {
      elements: cloudOf(words, width, height).map(({ word, size, x, y }) => ({
        type: 'text',
        silent: true,
        x: x + PAD,
        y,
        style: {
          text: `${word.key}{sign|${SIGNS[word.mood]}}`,
          fill: colour(INKS[word.mood]),
          font: `600 ${size}px ${FONT}`,
          lineHeight: size * LINE,
          rich: { sign: { fontSize: size / 2, fontFamily: FONT, fill: colour(INKS[word.mood]) } },
        },
      })),
    },
  };
}

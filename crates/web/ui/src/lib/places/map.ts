import { MapChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { init, registerMap, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { geoEqualEarthRaw } from 'd3-geo';
import { feature } from 'topojson-client';
import type { EChartsCoreOption } from 'echarts/core';
import world from 'world-atlas/countries-110m.json';
import { FONT, mix } from '$lib/charts/palette';
import { letters } from './codes';
import { classOf, type Place, type Step } from './places';

use([MapChart, TooltipComponent, CanvasRenderer]);

/** The shapes of Natural Earth, each called by its two letters; without Antarctica, where nobody posts. */
const shapes = feature(
  world as never,
  (world as never as { objects: { countries: never } }).objects.countries,
) as never as {
  type: 'FeatureCollection';
  features: { id?: string; properties: { name: string }; geometry: unknown }[];
};
registerMap('world', {
  geoJSON: {
    ...shapes,
    features: shapes.features
      .filter(({ id }) => id !== '010')
      .map((one) => ({ ...one, properties: { name: letters(one.id, one.properties.name) || one.properties.name } })),
  } as never,
  specialAreas: {},
});

const RADIANS = Math.PI / 180;
/** Equal Earth (Šavrič, Patterson, Jenny 2018): a country takes the room that its area is, so that no colour is too loud. */
const projection = {
  project: ([x = 0, y = 0]: number[]) => {
    const [east = 0, north = 0] = geoEqualEarthRaw(x * RADIANS, y * RADIANS);
    return [east, -north];
  },
  unproject: ([east = 0, south = 0]: number[]) => {
    const [x = 0, y = 0] = geoEqualEarthRaw.invert?.(east, -south) ?? [0, 0];
    return [x / RADIANS, y / RADIANS];
  },
};

/** The map, its countries shaded by the step that their count is in; `says` is what stands beside the pointer. */
export function mapOption(
  places: Place[],
  steps: Step[],
  says: (country: string) => string,
  colour: (property: string) => string,
): EChartsCoreOption {
  const line = { borderColor: colour('--surface'), borderWidth: 0.6 };
  return {
    animation: false,
    tooltip: {
      trigger: 'item',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colour('--surface'),
      borderColor: colour('--line-strong'),
      textStyle: { color: colour('--ink'), fontFamily: FONT, fontSize: 12 },
      formatter: ({ name }: { name: string }) => says(name),
    },
    series: [
      {
        type: 'map',
        map: 'world',
        projection,
        roam: false,
        selectedMode: false,
        left: 0,
        right: 0,
        top: 4,
        bottom: 4,
        itemStyle: { areaColor: colour('--hover'), ...line },
        emphasis: { label: { show: false }, itemStyle: { areaColor: colour('--accent') } },
        label: { show: false },
        data: places.map(({ country, mentions }) => ({
          name: country,
          value: mentions,
          itemStyle: { areaColor: shade(classOf(mentions, steps), steps.length, colour), ...line },
        })),
      },
    ],
  };
}

/** The shade of a step: from pale to the colour that the heat map uses. */
export function shade(step: number, steps: number, colour: (property: string) => string): string {
  const part = steps < 2 ? 1 : 0.2 + (0.8 * step) / (steps - 1);
  return mix(colour('--surface-2'), colour('--monitor-6'), part);
}

export { init };

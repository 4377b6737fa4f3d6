import { MapChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { init, registerMap, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { geoEqualEarth, geoStream } from 'd3-geo';
import { feature } from 'topojson-client';
import type { EChartsCoreOption } from 'echarts/core';
import world from 'world-atlas/countries-110m.json';
import { FONT, mix } from '$lib/charts/palette';
import { letters } from './codes';
import { classOf, type Place, type Step } from './places';

use([MapChart, TooltipComponent, CanvasRenderer]);

interface Shape {
  id?: string;
  properties: { name: string };
}

/**
 * Equal Earth (Šavrič, Patterson, Jenny 2018): a country takes the room that its area is, so that no colour is too loud. It is
 * drawn here and not by ECharts, which would draw a line through the world where a country crosses the antimeridian.
 */
const projection = geoEqualEarth().translate([0, 0]).scale(100);

type Ring = [number, number][];

/** A shape on paper, as polygons with their holes; north is up. */
function onPaper(shape: Shape): Ring[][] {
  const rings: Ring[] = [];
  geoStream(
    shape as never,
    projection.stream({
      point: (x, y) => rings.at(-1)?.push([x, -y]),
      lineStart: () => rings.push([]),
      lineEnd: () => {},
      polygonStart: () => {},
      polygonEnd: () => {},
    }),
  );
  const closed = rings.filter((ring) => ring.length > 2).map((ring) => [...ring, ring[0] as [number, number]]);
  const turns = closed.map((ring) =>
    ring.reduce((sum, [x, y], i) => sum + x * (ring[i + 1]?.[1] ?? y) - (ring[i + 1]?.[0] ?? x) * y, 0),
  );
  const outward = Math.sign(turns.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? 1);
  const polygons: Ring[][] = [];
  closed.forEach((ring, i) => {
    if (Math.sign(turns[i] ?? 0) === outward || polygons.length === 0) polygons.push([ring]);
    else polygons.at(-1)?.push(ring);
  });
  return polygons;
}

/** The shapes of Natural Earth, each called by its two letters; without Antarctica, where nobody posts. */
const { features } = feature(
  world as never,
  (world as never as { objects: { countries: never } }).objects.countries,
) as never as {
  features: Shape[];
};
registerMap('world', {
  geoJSON: {
    type: 'FeatureCollection',
    features: features
      .filter(({ id }) => id !== '010')
      .map((one) => ({
        type: 'Feature',
        properties: { name: letters(one.id, one.properties.name) || one.properties.name },
        geometry: { type: 'MultiPolygon', coordinates: onPaper(one) },
      })),
  } as never,
  specialAreas: {},
});

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
        aspectScale: 1,
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

import type { EChartsCoreOption } from 'echarts/core';
import { frameOf, SMALL, type Drawing, type Frame, type Words } from './frame';

/** What a picture is made of: words around a drawing of ECharts. */
export interface Picture extends Words {
  width: number;
  drawing: Drawing;
  surface: string;
  ink: string;
  quiet: string;
}

const FONT = "'Inter Variable', Inter, system-ui, sans-serif";
const fontOf = (size: number, weight: number) => `${weight} ${size}px ${FONT}`;

/** How wide a text is, in pixels. */
function ruler(): (text: string, size: number, weight: number) => number {
  const paper = document.createElement('canvas').getContext('2d');
  return (text, size, weight) => {
    if (!paper) return text.length * size * 0.6;
    paper.font = fontOf(size, weight);
    return paper.measureText(text).width;
  };
}

const layout = (picture: Picture): Frame => frameOf(picture, picture.width, picture.drawing.height, ruler());

/** Without motion, and without what answers to a pointer. */
const still = (option: EChartsCoreOption): EChartsCoreOption => ({
  ...option,
  animation: false,
  tooltip: { show: false },
});

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] ?? letter);

/** A picture as SVG text. */
export async function svgOf(picture: Picture): Promise<string> {
  const { init } = await import('$lib/measure/echarts');
  const { width, height, chart, texts, swatches } = layout(picture);
  const paper = init(null, null, { renderer: 'svg', ssr: true, width: chart.width, height: chart.height });
  paper.setOption(still(picture.drawing.option(chart.width)));
  const drawn = paper.renderToSVGString().replace('<svg ', `<svg x="${chart.x}" y="${chart.y}" `);
  paper.dispose();
  const words = texts.map(
    ({ x, y, text, size, weight, quiet }) =>
      `<text x="${x}" y="${y}" font-family="${escaped(FONT)}" font-size="${size}" font-weight="${weight}" fill="${quiet ? picture.quiet : picture.ink}">${escaped(text)}</text>`,
  );
  const marks = swatches.map(
    ({ x, y, colour }) => `<rect x="${x}" y="${y}" width="${SMALL}" height="${SMALL}" rx="2" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(picture.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${picture.surface}"/>`,
    ...words,
    ...marks,
    drawn,
    '</svg>',
  ].join('');
}

/** A picture as PNG, twice as fine as the screen's pixels. */
export async function pngOf(picture: Picture): Promise<Blob> {
  const FINE = 2;
  const { init } = await import('$lib/measure/echarts');
  await document.fonts.ready;
  const { width, height, chart, texts, swatches } = layout(picture);
  const canvas = document.createElement('canvas');
  canvas.width = width * FINE;
  canvas.height = height * FINE;
  const paper = canvas.getContext('2d');
  if (!paper) throw new Error('this browser draws no canvas');
  paper.scale(FINE, FINE);
  paper.fillStyle = picture.surface;
  paper.fillRect(0, 0, width, height);
  const drawing = init(document.createElement('div'), null, {
    renderer: 'canvas',
    width: chart.width,
    height: chart.height,
    devicePixelRatio: FINE,
  });
  drawing.setOption(still(picture.drawing.option(chart.width)));
  const drawn = drawing.renderToCanvas({ pixelRatio: FINE, backgroundColor: picture.surface });
  paper.drawImage(drawn, chart.x, chart.y, chart.width, chart.height);
  drawing.dispose();
  for (const { x, y, text, size, weight, quiet } of texts) {
    paper.font = fontOf(size, weight);
    paper.fillStyle = quiet ? picture.quiet : picture.ink;
    paper.fillText(text, x, y);
  }
  for (const { x, y, colour } of swatches) {
    paper.fillStyle = colour;
    paper.fillRect(x, y, SMALL, SMALL);
  }
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('the picture could not be written'))), 'image/png'),
  );
}

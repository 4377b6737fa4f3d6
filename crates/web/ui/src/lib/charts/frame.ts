import type { EChartsCoreOption } from 'echarts/core';

/** A drawing of ECharts, made for the width it is given. */
export interface Drawing {
  height: number;
  option: (width: number) => EChartsCoreOption;
  /** What the colours stand for, where the drawing does not say it itself; colours as the palette has them. */
  legend?: { label: string; colour: string }[];
}

/** The words around a drawing. */
export interface Words {
  title: string;
  /** What stands under the drawing: period, zone, filters. */
  notes: string[];
  legend: { label: string; colour: string }[];
}

interface Text {
  x: number;
  /** The baseline. */
  y: number;
  text: string;
  size: number;
  weight: number;
  quiet: boolean;
}

/** Where everything of a picture stands, in pixels. */
export interface Frame {
  width: number;
  height: number;
  chart: { x: number; y: number; width: number; height: number };
  texts: Text[];
  swatches: { x: number; y: number; colour: string }[];
}

const EDGE = 24;
const NOTE = 12;
const LINE = 18;
/** The side of a swatch. */
export const SMALL = 10;

type Ruler = (text: string, size: number, weight: number) => number;

/** Breaks a text at its spaces so that no line is wider than `width`; a single longer word stays whole. */
export function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].filter((one) => one !== '');
}

/** Title above, legend, drawing, notes below. */
export function frameOf({ title, notes, legend }: Words, width: number, drawn: number, measure: Ruler): Frame {
  const inner = width - 2 * EDGE;
  const texts: Text[] = [];
  const swatches: Frame['swatches'] = [];
  let y = EDGE + 14;
  for (const line of wrapped(title, inner, (text) => measure(text, 18, 600))) {
    texts.push({ x: EDGE, y, text: line, size: 18, weight: 600, quiet: false });
    y += 24;
  }
  let x = EDGE;
  if (legend.length > 0) {
    for (const { label, colour } of legend) {
      const long = SMALL + 6 + measure(label, NOTE, 400) + 18;
      if (x > EDGE && x + long > width - EDGE) {
        x = EDGE;
        y += LINE;
      }
      swatches.push({ x, y: y - SMALL + 1, colour });
      texts.push({ x: x + SMALL + 6, y, text: label, size: NOTE, weight: 400, quiet: false });
      x += long;
    }
    y += LINE;
  }
  const chart = { x: EDGE, y: y - 4, width: inner, height: drawn };
  y = chart.y + drawn + 24;
  for (const note of notes) {
    for (const line of wrapped(note, inner, (text) => measure(text, NOTE, 400))) {
      texts.push({ x: EDGE, y, text: line, size: NOTE, weight: 400, quiet: true });
      y += LINE;
    }
  }
  return { width, height: Math.ceil(y - LINE + EDGE), chart, texts, swatches };
}

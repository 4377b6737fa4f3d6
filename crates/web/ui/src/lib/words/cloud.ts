import { FONT } from '$lib/charts/palette';
import { placeWords, sizeOf } from './layout';
import { SIGNS, type Word } from './words';

const LEAST = 13;
/** The height of a line, in sizes of its letters, and the room at both ends of a word. */
export const LINE = 1.15;
export const PAD = 3;

/** How wide a word with its sign is, in pixels. */
function ruler(): (text: string, sign: string, size: number) => number {
  const paper = document.createElement('canvas').getContext('2d');
  return (text, sign, size) => {
    if (!paper) return text.length * size * 0.62;
    paper.font = `600 ${size}px ${FONT}`;
    const word = paper.measureText(text).width;
    paper.font = `600 ${size / 2}px ${FONT}`;
    return word + paper.measureText(sign).width;
  };
}

/** Words with their size and place. */
export function cloudOf(words: readonly Word[], width: number, height: number) {
  const measure = ruler();
  const most = words[0]?.mentions ?? 1;
  const high = Math.min(52, Math.max(28, width / 12));
  const sized = words.map((word) => {
    const size = sizeOf(word.mentions, most, LEAST, high);
    const wide = Math.ceil(measure(word.key, SIGNS[word.mood], size)) + 2 * PAD + 2;
    return { key: word.key, word, size, width: wide, height: Math.ceil(size * LINE) };
  });
  const places = new Map(placeWords(sized, width, height).map((one) => [one.key, one]));
  return sized.flatMap(({ word, size }) => {
    const place = places.get(word.key);
    return place ? [{ word, size, x: place.x, y: place.y }] : [];
  });
}

/** A word to be placed, with the room it takes. */
export interface Box {
  key: string;
  width: number;
  height: number;
}

/** Where a word stands: its top left corner. */
export interface Placed extends Box {
  x: number;
  y: number;
}

const GAP = 4;
const STEP = 0.22;
const MOST_STEPS = 4000;

const meet = (one: Placed, other: Placed) =>
  one.x < other.x + other.width + GAP &&
  other.x < one.x + one.width + GAP &&
  one.y < other.y + other.height + GAP &&
  other.y < one.y + one.height + GAP;

/**
 * Places words in the order given, each as near to the middle as one goes along a spiral (Archimedes', flattened to the
 * form of the room) where it meets none. The same words always stand in the same places. A word for which there is no room is left out.
 */
export function placeWords(boxes: readonly Box[], width: number, height: number): Placed[] {
  const placed: Placed[] = [];
  const flat = height / Math.max(1, width);
  for (const box of boxes) {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const turn = STEP * step;
      const far = 1.6 * turn;
      const one = {
        ...box,
        x: width / 2 + far * Math.cos(turn) - box.width / 2,
        y: height / 2 + far * flat * Math.sin(turn) - box.height / 2,
      };
      const inside = one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height;
      if (far > width / 2) break;
      if (inside && !placed.some((other) => meet(one, other))) {
        placed.push(one);
        break;
      }
    }
  }
  return placed;
}

/** The size of a word's letters in pixels: its area follows the count, so its height the root of it. */
export function sizeOf(count: number, most: number, low: number, high: number): number {
  return Math.round(low + (high - low) * Math.sqrt(Math.min(1, count / Math.max(1, most))));
}

/** A stretch of text, marked or not. */
export interface Segment {
  text: string;
  marked: boolean;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/**
 * Turns byte offsets into the UTF-8 form of `text` into indices of the JavaScript string (UTF-16 units).
 * An offset inside a character moves to that character's start; one past the end, to the end.
 */
export function byteOffsets(text: string, offsets: readonly number[]): number[] {
  const order = offsets.map((offset, place) => ({ offset, place })).sort((a, b) => a.offset - b.offset);
  const result = new Array<number>(offsets.length).fill(text.length);
  let next = 0;
  let bytes = 0;
  let units = 0;
  for (const character of text) {
    const length = utf8Length(character.codePointAt(0) ?? 0);
    while (next < order.length && (order[next]?.offset ?? 0) < bytes + length) {
      result[order[next]?.place ?? 0] = units;
      next += 1;
    }
    if (next === order.length) break;
    bytes += length;
    units += character.length;
  }
  return result;
}

/** Cuts `text` at the given byte ranges; overlapping and touching ranges become one mark. */
export function segments(text: string, ranges: readonly (readonly number[])[]): Segment[] {
  const flat = byteOffsets(
    text,
    ranges.flatMap(([start = 0, end = 0]) => [start, end]),
  );
  const spans: [number, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) spans.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  spans.sort((a, b) => a[0] - b[0]);

  const result: Segment[] = [];
  let at = 0;
  for (const [start, end] of spans) {
    const from = Math.max(start, at);
    if (end <= from) continue;
    if (from > at) result.push({ text: text.slice(at, from), marked: false });
    const last = result.at(-1);
    if (from === at && last?.marked) last.text += text.slice(from, end);
    else result.push({ text: text.slice(from, end), marked: true });
    at = end;
  }
  if (at < text.length) result.push({ text: text.slice(at), marked: false });
  return result;
}

import type { Place } from './types';

/** Where widgets stand on a grid of twelve columns, and what gives way when one is moved. */
export const COLUMNS = 12;
export const MOST_ROWS = 24;

interface Placed {
  id: string;
  place: Place;
}

export function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** A place within the grid. */
export function clamp(place: Place): Place {
  const w = Math.min(COLUMNS, Math.max(1, Math.round(place.w)));
  const h = Math.min(MOST_ROWS, Math.max(1, Math.round(place.h)));
  const x = Math.min(COLUMNS - w, Math.max(0, Math.round(place.x)));
  return { x, y: Math.max(0, Math.round(place.y)), w, h };
}

const reading = (a: Placed, b: Placed) => a.place.y - b.place.y || a.place.x - b.place.x;

/** Everything as far up as it goes, in reading order; nothing covers anything. `held` keeps its claim against others. */
export function compact<T extends Placed>(widgets: readonly T[], held: string | null = null): T[] {
  const order = [...widgets].sort((a, b) => reading(a, b) || Number(b.id === held) - Number(a.id === held));
  const done: T[] = [];
  for (const widget of order) {
    const place = { ...widget.place };
    const blocked = (y: number) => done.some((other) => overlap({ ...place, y }, other.place));
    while (blocked(place.y)) place.y += 1;
    while (place.y > 0 && !blocked(place.y - 1)) place.y -= 1;
    done.push({ ...widget, place });
  }
  return widgets.map((widget) => done.find(({ id }) => id === widget.id) ?? widget);
}

/** Puts a widget somewhere; what stands there moves down, and everything closes up. */
export function put<T extends Placed>(widgets: readonly T[], id: string, to: Place): T[] {
  const place = clamp(to);
  const before = widgets.find((widget) => widget.id === id)?.place;
  if (!before) return [...widgets];
  const moved = widgets.map((widget) => {
    if (widget.id === id) return { ...widget, place };
    // One that is moved past lets the mover by; the others give way downwards.
    const covered = overlap(widget.place, place);
    const passed = covered && place.y > before.y && widget.place.y + widget.place.h <= place.y + place.h;
    if (passed) return { ...widget, place: { ...widget.place, y: Math.min(widget.place.y, place.y - 1) } };
    return covered ? { ...widget, place: { ...widget.place, y: place.y + place.h } } : widget;
  });
  return compact(moved, id);
}

/** The first place, in reading order, where a new widget has room. */
export function room(widgets: readonly Placed[], w: number, h: number): Place {
  const end = rowsOf(widgets);
  for (let y = 0; y < end; y += 1)
    for (let x = 0; x + w <= COLUMNS; x += 1) {
      const place = { x, y, w, h };
      if (!widgets.some((other) => overlap(other.place, place))) return place;
    }
  return { x: 0, y: end, w, h };
}

/** How many rows are taken. */
export function rowsOf(widgets: readonly Placed[]): number {
  return Math.max(0, ...widgets.map(({ place }) => place.y + place.h));
}

/** In the order in which they are read: the order of the keyboard, and of a narrow screen. */
export function inOrder<T extends Placed>(widgets: readonly T[]): T[] {
  return [...widgets].sort(reading);
}

/** A dashboard cut into screens of about `most` rows, between widgets and through none: for a wall. */
export function screens<T extends Placed>(widgets: readonly T[], most: number): T[][] {
  const end = rowsOf(widgets);
  const clean = Array.from({ length: end }, (_, i) => i + 1).filter(
    (row) => !widgets.some(({ place }) => place.y < row && row < place.y + place.h),
  );
  const result: T[][] = [];
  let start = 0;
  while (start < end) {
    const later = clean.filter((row) => row > start);
    const stop = later.filter((row) => row - start <= most).at(-1) ?? later[0] ?? end;
    const from = start;
    const page = widgets.filter(({ place }) => place.y >= from && place.y < stop);
    if (page.length > 0) result.push(page.map((one) => ({ ...one, place: { ...one.place, y: one.place.y - from } })));
    start = stop;
  }
  return result;
}

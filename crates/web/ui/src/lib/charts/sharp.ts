/** Pixels of the screen for one of a canvas: what stands in an enlarged part of the page is drawn as finely as the rest. */
export function sharp(box: Element): number {
  const zoom = 'currentCSSZoom' in box ? Number(box.currentCSSZoom) : 1;
  return devicePixelRatio * (zoom > 0 ? zoom : 1);
}

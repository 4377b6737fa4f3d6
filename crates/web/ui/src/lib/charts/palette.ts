/** Looks up a custom property as it is now, so that a drawing follows the theme. */
export function palette(): (property: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (property) => style.getPropertyValue(property).trim();
}

/** A colour between two, both as `#rrggbb`; `part` 0 is the first. */
export function mix(one: string, other: string, part: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16);
  const mixed = [0, 1, 2].map((at) => {
    const value = Math.round(channel(one, at) + (channel(other, at) - channel(one, at)) * part);
    return value.toString(16).padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}

export const FONT = "'Inter Variable', system-ui, sans-serif";

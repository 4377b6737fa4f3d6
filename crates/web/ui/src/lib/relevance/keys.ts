/** What a key does while posts are judged. Nothing where the reader writes, or a shortcut of the browser is meant. */
export type Stroke = 'yes' | 'no' | 'next' | 'previous';

const KEYS: Record<string, Stroke> = { y: 'yes', n: 'no', j: 'next', k: 'previous' };

export function stroke(event: KeyboardEvent): Stroke | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]')) return null;
  return KEYS[event.key] ?? null;
}

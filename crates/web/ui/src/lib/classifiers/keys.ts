/** What a key does while posts are labelled. Nothing where the reader writes, or a shortcut of the browser is meant. */
export type Stroke = { do: 'label'; at: number } | { do: 'skip' } | { do: 'undo' } | { do: 'add' };

export function stroke(event: KeyboardEvent): Stroke | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]')) return null;
  if (/^[1-9]$/.test(event.key)) return { do: 'label', at: Number(event.key) - 1 };
  if (event.key === 's' || event.key === 'ArrowRight') return { do: 'skip' };
  if (event.key === 'z' || event.key === 'Backspace') return { do: 'undo' };
  if (event.key === 'n') return { do: 'add' };
  return null;
}

/** What a key of the whole app does. */
export type Stroke = 'palette' | 'help' | 'search' | 'live';

/** Where a key is meant for what is written in, or for what lies above the page. */
const OWN =
  'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=textbox], [role=dialog], [role=menu], [role=listbox]';

/** What a key means anywhere: Ctrl or ⌘ with K even where somebody writes, single keys only where nobody does. */
export function stroke(event: KeyboardEvent): Stroke | null {
  if (event.defaultPrevented || event.repeat) return null;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey)
    return event.key.toLowerCase() === 'k' ? 'palette' : null;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  // The query editor lives in a shadow tree: from outside, its host would seem to be where the key was pressed.
  const at = event.composedPath()[0] ?? event.target;
  if (at instanceof Element && at.closest(OWN)) return null;
  if (event.key === '?') return 'help';
  if (event.key === '/') return 'search';
  return event.key === 'p' ? 'live' : null;
}

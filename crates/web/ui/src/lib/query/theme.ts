import { EditorView } from '@codemirror/view';

const wavy = (colour: string) => ({
  backgroundImage: 'none',
  paddingBottom: '0',
  textDecoration: `underline wavy ${colour} 1.5px`,
  textUnderlineOffset: '4px',
  textDecorationSkipInk: 'none',
});

/** The editor in the page's own colours: custom properties reach into the shadow root. */
export const editorTheme = EditorView.theme({
  '&': { fontSize: '15px', color: 'var(--ink)', minHeight: '96px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
    lineHeight: '1.6',
    minHeight: '96px',
  },
  '.cm-content': { padding: '10px 12px', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-placeholder': { color: 'var(--ink-3)', fontFamily: "'Inter Variable', sans-serif" },
  '& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'var(--accent-soft)',
  },
  '.cm-matchingBracket': { background: 'none' },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--accent-soft)', outline: '1px solid var(--accent)' },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { background: 'none', color: 'var(--danger)' },
  '.q-operator': { color: 'var(--accent)', fontWeight: '650' },
  '.q-phrase': { color: 'var(--positive-ink)' },
  '.q-tag, .q-handle': { color: 'var(--monitor-2-ink)' },
  '.q-field': { color: 'var(--monitor-0-ink)' },
  '.q-case': { color: 'var(--warn)' },
  '.q-bracket': { color: 'var(--ink-2)' },
  '.q-comment': { color: 'var(--ink-3)', fontStyle: 'italic' },
  '.cm-lintRange-error': wavy('var(--danger)'),
  '.cm-lintRange-warning': wavy('var(--warn)'),
  '.cm-lintRange-hint': wavy('var(--ink-3)'),
  '.cm-lintRange-active': { background: 'var(--hover)' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    background: 'var(--surface)',
    color: 'var(--ink)',
    fontFamily: "'Inter Variable', sans-serif",
    fontSize: '13px',
    overflow: 'hidden',
  },
  '.cm-diagnostic': { padding: '8px 10px', borderLeft: '0' },
  '.cm-diagnosticAction': {
    marginLeft: '12px',
    padding: '2px 10px',
    borderRadius: '4px',
    background: 'var(--accent)',
    color: 'var(--on-accent)',
    font: 'inherit',
    fontWeight: '600',
    cursor: 'pointer',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: "'JetBrains Mono Variable', monospace" },
  '.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px !important' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--hover) !important',
    color: 'var(--ink) !important',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)' },
});

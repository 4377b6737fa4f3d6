import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, drawSelection, EditorView, keymap, placeholder, type DecorationSet } from '@codemirror/view';
import type { QueryCheck } from '$lib/api/types';
import { byteOffsets } from '$lib/text/bytes';
import { editorTheme } from './theme';

export interface Editor {
  text(): string;
  replace(text: string): void;
  /** Draws what the server found out about `text`; ignored where the text has moved on since. */
  show(check: QueryCheck, text: string): void;
  focus(): void;
  destroy(): void;
}

interface Options {
  text: string;
  label: string;
  hint: string;
  fixName: string;
  values: Values;
  onchange: (text: string) => void;
}

const setSpans = StateEffect.define<DecorationSet>();

/** The highlighting: kept in place while typing, until the next answer. */
const spans = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    let next = marks.map(change.changes);
    for (const effect of change.effects) if (effect.is(setSpans)) next = effect.value;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const WORDS = [
  ...['AND', 'OR', 'NOT', 'NEAR/5', 'NEAR/5f', 'title:', 'text:', 'list:', 'lang:', 'country:', 'source:', 'author:'],
  ...['site:', 'kind:', 'hashtags:', 'at_mentions:', 'replyTo:', 'url:', 'links:', 'has:', 'followers:['],
];

/** What can stand behind a field of this name; asked when its first letter is typed. */
export type Values = (field: string) => Promise<readonly string[]>;

/** Values behind `lang:` and the like, also within their brackets; elsewhere operators and fields. */
async function complete(context: CompletionContext, values: Values): Promise<CompletionResult | null> {
  const behind = context.matchBefore(/\b[a-z]+:(?:\([^()]*)?[\w-]*/i);
  const field = behind && /^([a-z]+):(?:\((?:[^()]*\s)?)?([\w-]*)$/i.exec(behind.text);
  if (behind && field) {
    const typed = (field[2] ?? '').toLowerCase();
    const known = (await values(field[1] ?? '')).filter((value) => value.startsWith(typed));
    if (known.length > 0)
      return { from: context.pos - typed.length, options: known.map((label) => ({ label })), validFor: /^[\w-]*$/ };
  }
  const word = context.matchBefore(/[A-Za-z]+/);
  if (!word || (word.to - word.from < 2 && !context.explicit)) return null;
  const options = WORDS.filter((item) => item.startsWith(word.text)).map((label) => ({ label }));
  return options.length > 0 ? { from: word.from, options } : null;
}

function decorations(check: QueryCheck, text: string): DecorationSet {
  const at = byteOffsets(
    text,
    check.spans.flatMap((span) => [span.start, span.end]),
  );
  const marks = check.spans.flatMap((span, i) => {
    const from = at[i * 2] ?? 0;
    const to = at[i * 2 + 1] ?? 0;
    return to > from ? [Decoration.mark({ class: `q-${span.kind}` }).range(from, to)] : [];
  });
  return Decoration.set(marks, true);
}

function diagnostics(check: QueryCheck, text: string, fixName: string): Diagnostic[] {
  const at = byteOffsets(
    text,
    check.problems.flatMap((problem) => [problem.start, problem.end]),
  );
  return check.problems.map((problem, i) => {
    const from = at[i * 2] ?? 0;
    const to = Math.max(at[i * 2 + 1] ?? from, Math.min(from + 1, text.length));
    const { fix } = problem;
    const apply = (view: EditorView) => replaceAll(view, fix ?? text);
    const severity = problem.severity === 'error' || problem.severity === 'warning' ? problem.severity : 'hint';
    return { from, to, severity, message: problem.message, actions: fix === null ? [] : [{ name: fixName, apply }] };
  });
}

function replaceAll(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: text.length } });
}

/**
 * An editor for queries inside `host`. It lives in a shadow root: there its generated style sheets are adopted, not written
 * into the page, which the content security policy would refuse.
 */
export function createEditor(host: HTMLElement, options: Options): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const state = EditorState.create({
    doc: options.text,
    extensions: [
      history(),
      drawSelection(),
      bracketMatching(),
      autocompletion({ override: [(context) => complete(context, options.values)], icons: false }),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      placeholder(options.hint),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        'aria-label': options.label,
        spellcheck: 'false',
        autocorrect: 'off',
        autocapitalize: 'off',
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) options.onchange(update.state.doc.toString());
      }),
      spans,
      editorTheme,
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  return {
    text: () => view.state.doc.toString(),
    replace: (text) => replaceAll(view, text),
    show: (check, text) => {
      if (view.state.doc.toString() !== text) return;
      view.dispatch({ effects: setSpans.of(decorations(check, text)) });
      view.dispatch(setDiagnostics(view.state, diagnostics(check, text, options.fixName)));
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

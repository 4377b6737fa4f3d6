import type { Dashboard, Widget } from './types';
import { clean } from './widget';

interface State {
  name: string;
  description: string;
  widgets: Widget[];
}

/** What is the same, however many fields are left out. */
const print = ({ name, description, widgets }: State) => JSON.stringify([name, description, widgets.map(clean)]);

/** A dashboard being changed: each step can be taken back. */
export class Draft {
  readonly id: string;
  version: number;
  now = $state.raw<State>({ name: '', description: '', widgets: [] });
  #past = $state.raw<State[]>([]);
  #future = $state.raw<State[]>([]);
  #kept = $state('');
  #last = '';

  readonly mayUndo = $derived(this.#past.length > 0);
  readonly mayRedo = $derived(this.#future.length > 0);
  readonly changed = $derived(print(this.now) !== this.#kept);

  constructor({ id, version, name, description, widgets }: Dashboard) {
    this.id = id;
    this.version = version;
    this.now = { name, description, widgets };
    this.#kept = print(this.now);
  }

  /** A step. Several in a row that belong together, as letters typed into one field, are one: they bear the same `mark`. */
  change(part: Partial<State>, mark = ''): void {
    const together = mark !== '' && mark === this.#last;
    if (!together) this.#past = [...this.#past.slice(-199), this.now];
    this.#future = [];
    this.#last = mark;
    this.now = { ...this.now, ...part };
  }

  widget(id: string, part: Partial<Widget>, mark = ''): void {
    const widgets = this.now.widgets.map((widget) => (widget.id === id ? { ...widget, ...part } : widget));
    this.change({ widgets }, mark === '' ? '' : `${id} ${mark}`);
  }

  undo(): void {
    const last = this.#past.at(-1);
    if (!last) return;
    this.#future = [this.now, ...this.#future];
    this.#past = this.#past.slice(0, -1);
    this.now = last;
    this.#last = '';
  }

  redo(): void {
    const [next, ...rest] = this.#future;
    if (!next) return;
    this.#past = [...this.#past, this.now];
    this.#future = rest;
    this.now = next;
    this.#last = '';
  }

  /** It is kept as it is now, at this version. What was done can still be taken back. */
  saved(version: number): void {
    this.version = version;
    this.#kept = print(this.now);
    this.#last = '';
  }

  body() {
    const { name, description, widgets } = this.now;
    return { version: this.version, name, description, widgets: widgets.map(clean) };
  }
}

/** Drafts that were left with something unsaved, by dashboard. */
export const drafts = new Map<string, Draft>();

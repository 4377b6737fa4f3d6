import { apiFilter, parseFocus, parseView, viewParams, writeFocus, type Focus, type View } from './view';
import { zone } from './zone.svelte';

/** What single pages keep in the address besides the view. */
// prettier-ignore
const OWN = ['metric', 'by', 'then', 'interval', 'compare', 'draw', 'topics', 'days', 'subject', 'control',
  'part', 'item', 'stand', 'who', 'late', 'named', 'sort'] as const;
export type OwnParam = (typeof OWN)[number];

/** The address bar as state. Links are ordinary links; a click on one of ours stays in the page. */
class Router {
  path = $state(location.pathname);
  search = $state.raw(location.search);

  readonly params = $derived(new URLSearchParams(this.search));
  readonly view = $derived(parseView(this.params));
  readonly focus = $derived(parseFocus(this.params));
  /** Changes only when the view does, not with the panel. */
  readonly viewKey = $derived(JSON.stringify({ ...this.view, paused: undefined }));

  constructor() {
    zone.use(parseView(new URLSearchParams(location.search)).zone);
    addEventListener('popstate', () => this.#read());
    addEventListener('click', (event) => this.#follow(event));
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
    zone.use(this.view.zone);
  }

  #follow(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (
      !(link instanceof HTMLAnchorElement) ||
      link.origin !== location.origin ||
      link.target ||
      link.hasAttribute('download')
    )
      return;
    if (link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }

  go(to: string, replace = false): void {
    if (to === location.pathname + location.search) return;
    const moved = to.split('?')[0] !== location.pathname;
    history[replace ? 'replaceState' : 'pushState'](null, '', to);
    this.#read();
    if (moved) scrollTo(0, 0);
  }

  /** The address of a page with the view kept and the panel closed. */
  href(path: string, view: View = this.view): string {
    const search = viewParams(view).toString();
    return search === '' ? path : `${path}?${search}`;
  }

  change(part: Partial<View>): void {
    this.#stay(viewParams({ ...this.view, ...part }));
  }

  /** Sets what this page keeps besides the view; `null` takes it away. */
  own(part: Partial<Record<OwnParam, string | null>>): void {
    this.#stay(viewParams(this.view), part);
  }

  #stay(params: URLSearchParams, part: Partial<Record<OwnParam, string | null>> = {}): void {
    for (const name of OWN) {
      const value = name in part ? part[name] : this.params.get(name);
      if (value != null && value !== '') params.set(name, value);
    }
    const search = params.toString();
    this.go(search === '' ? this.path : `${this.path}?${search}`);
  }

  /** Opens the posts behind a mark in the panel; `null` closes it. */
  open(focus: Focus | null): void {
    const params = viewParams(this.view);
    if (focus) writeFocus(params, focus);
    this.#stay(params);
  }

  filter(focus: Focus | null = null) {
    return apiFilter(this.view, Date.now(), focus);
  }
}

export const router = new Router();

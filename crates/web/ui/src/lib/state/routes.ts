import type { Component } from 'svelte';
import { t } from '$lib/messages/en';

export interface Route {
  title: string;
  /** Changes when the page must start afresh. */
  key: string;
  id: string | null;
  /** Whether the top bar's range, monitors and filters apply. */
  filters: boolean;
  /** Without rail and top bar: the guide. */
  bare: boolean;
  page: () => Promise<{ default: Component<Record<string, never>> }>;
}

const pages = {
  overview: () => import('../../pages/Overview.svelte'),
  mentions: () => import('../../pages/Mentions.svelte'),
  monitors: () => import('../../pages/Monitors.svelte'),
  monitor: () => import('../../pages/MonitorEdit.svelte'),
  relevance: () => import('../../pages/Relevance.svelte'),
  classifiers: () => import('../../pages/Classifiers.svelte'),
  classifier: () => import('../../pages/Classifier.svelte'),
  labelling: () => import('../../pages/Labelling.svelte'),
  models: () => import('../../pages/Models.svelte'),
  reports: () => import('../../pages/Reports.svelte'),
  rules: () => import('../../pages/Rules.svelte'),
  compare: () => import('../../pages/Compare.svelte'),
  explore: () => import('../../pages/Explore.svelte'),
  pinned: () => import('../../pages/Pinned.svelte'),
  annotations: () => import('../../pages/Annotations.svelte'),
  annotation: () => import('../../pages/Annotation.svelte'),
  account: () => import('../../pages/Account.svelte'),
  sources: () => import('../../pages/Sources.svelte'),
  vendors: () => import('../../pages/Vendors.svelte'),
  people: () => import('../../pages/People.svelte'),
  welcome: () => import('../../pages/Welcome.svelte'),
  missing: () => import('../../pages/Missing.svelte'),
};

function route(title: string, page: keyof typeof pages, options: Partial<Route> = {}): Route {
  return { title, key: page, id: null, filters: false, bare: false, page: pages[page], ...options };
}

/** The page a path names. */
export function match(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second] = parts;
  if (first === undefined) return route(t.pages.overview, 'overview', { filters: true });
  if (parts.length === 1) {
    if (first === 'mentions') return route(t.pages.mentions, 'mentions', { filters: true });
    if (first === 'monitors') return route(t.pages.monitors, 'monitors');
    if (first === 'classifiers') return route(t.pages.classifiers, 'classifiers');
    if (first === 'models') return route(t.pages.models, 'models');
    if (first === 'reports') return route(t.pages.reports, 'reports');
    if (first === 'vendors') return route(t.pages.vendors, 'vendors');
    if (first === 'compare') return route(t.pages.compare, 'compare', { filters: true });
    if (first === 'explore') return route(t.pages.explore, 'explore', { filters: true });
    if (first === 'rules') return route(t.pages.rules, 'rules');
    if (first === 'annotations') return route(t.pages.annotations, 'annotations');
    if (first === 'account') return route(t.pages.account, 'account');
    if (first === 'sources') return route(t.pages.sources, 'sources');
    if (first === 'people') return route(t.pages.people, 'people');
    if (first === 'welcome') return route(t.pages.welcome, 'welcome', { bare: true });
  }
  if (first === 'monitors' && second !== undefined && parts.length === 2) {
    const id = second === 'new' ? null : decodeURIComponent(second);
    return route(id === null ? t.pages.newMonitor : t.pages.monitor, 'monitor', { id, key: `monitor/${second}` });
  }
  if (first === 'monitors' && second !== undefined && parts[2] === 'relevance' && parts.length === 3)
    return route(t.pages.relevance, 'relevance', { id: decodeURIComponent(second), key: `relevance/${second}` });
  if (second !== undefined && parts.length === 2) {
    const id = decodeURIComponent(second);
    if (first === 'pinned') return route(t.pages.pinned, 'pinned', { id, key: `pinned/${second}` });
    if (first === 'annotations') return route(t.pages.annotation, 'annotation', { id, key: `annotation/${second}` });
  }
  if (first === 'classifiers' && second !== undefined) {
    const id = decodeURIComponent(second);
    if (parts.length === 2) return route(t.pages.classifier, 'classifier', { id, key: `classifier/${second}` });
    if (parts.length === 3 && parts[2] === 'label')
      return route(t.pages.labelling, 'labelling', { id, key: `labelling/${second}` });
  }
  return route(t.pages.missing, 'missing');
}

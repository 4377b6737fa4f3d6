import type { Component } from 'svelte';
import type { Scope } from '$lib/api/types';
import { t } from '$lib/messages';

export interface Route {
  title: string;
  /** Changes when the page must start afresh. */
  key: string;
  id: string | null;
  /** Whether the top bar's range, monitors and filters apply. */
  filters: boolean;
  /** Without rail and top bar: the guide. */
  bare: boolean;
  /** What one must be allowed to do for the page to be of use; `everywhere`: in the whole installation. */
  needs: { scope: Scope; everywhere: boolean } | null;
  page: () => Promise<{ default: Component<Record<string, never>> }>;
}

const WRITE = { scope: 'write', everywhere: false } as const;
const EXPORT = { scope: 'export', everywhere: false } as const;
const ADMIN = { scope: 'admin', everywhere: true } as const;

const pages = {
  overview: () => import('../../pages/Overview.svelte'),
  mentions: () => import('../../pages/Mentions.svelte'),
  accuracy: () => import('../../pages/Accuracy.svelte'),
  accuracySample: () => import('../../pages/AccuracySample.svelte'),
  audience: () => import('../../pages/Audience.svelte'),
  privacy: () => import('../../pages/Privacy.svelte'),
  lists: () => import('../../pages/Lists.svelte'),
  pinnedList: () => import('../../pages/PinnedList.svelte'),
  dashboards: () => import('../../pages/Dashboards.svelte'),
  dashboard: () => import('../../pages/Dashboard.svelte'),
  wall: () => import('../../pages/Wall.svelte'),
  channels: () => import('../../pages/Channels.svelte'),
  source: () => import('../../pages/SourceEdit.svelte'),
  inbox: () => import('../../pages/Inbox.svelte'),
  inboxSettings: () => import('../../pages/InboxSettings.svelte'),
  monitors: () => import('../../pages/Monitors.svelte'),
  monitor: () => import('../../pages/MonitorEdit.svelte'),
  relevance: () => import('../../pages/Relevance.svelte'),
  classifiers: () => import('../../pages/Classifiers.svelte'),
  classifier: () => import('../../pages/Classifier.svelte'),
  labelling: () => import('../../pages/Labelling.svelte'),
  models: () => import('../../pages/Models.svelte'),
  reports: () => import('../../pages/Reports.svelte'),
  rules: () => import('../../pages/Rules.svelte'),
  topics: () => import('../../pages/Topics.svelte'),
  compare: () => import('../../pages/Compare.svelte'),
  insights: () => import('../../pages/Insights.svelte'),
  explore: () => import('../../pages/Explore.svelte'),
  pinned: () => import('../../pages/Pinned.svelte'),
  alerts: () => import('../../pages/Alerts.svelte'),
  annotations: () => import('../../pages/Annotations.svelte'),
  annotation: () => import('../../pages/Annotation.svelte'),
  trends: () => import('../../pages/Trends.svelte'),
  finding: () => import('../../pages/Finding.svelte'),
  account: () => import('../../pages/Account.svelte'),
  sources: () => import('../../pages/Sources.svelte'),
  vendors: () => import('../../pages/Vendors.svelte'),
  people: () => import('../../pages/People.svelte'),
  welcome: () => import('../../pages/Welcome.svelte'),
  missing: () => import('../../pages/Missing.svelte'),
};

function route(title: string, page: keyof typeof pages, options: Partial<Route> = {}): Route {
  return { title, key: page, id: null, filters: false, bare: false, needs: null, page: pages[page], ...options };
}

/** The page a path names. */
export function match(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second] = parts;
  if (first === undefined) return route(t.pages.overview, 'overview', { filters: true });
  if (parts.length === 1) {
    if (first === 'mentions') return route(t.pages.mentions, 'mentions', { filters: true });
    if (first === 'accuracy') return route(t.pages.accuracy, 'accuracy', { filters: true });
    if (first === 'audience') return route(t.pages.audience, 'audience', { filters: true });
    if (first === 'privacy') return route(t.pages.privacy, 'privacy');
    if (first === 'lists') return route(t.pages.lists, 'lists');
    if (first === 'pinned') return route(t.pages.pinnedList, 'pinnedList');
    if (first === 'channels') return route(t.pages.channels, 'channels', { filters: true });
    if (first === 'dashboards') return route(t.pages.dashboards, 'dashboards');
    if (first === 'wall') return route(t.pages.wall, 'wall', { bare: true });
    if (first === 'inbox') return route(t.pages.inbox, 'inbox');
    if (first === 'monitors') return route(t.pages.monitors, 'monitors');
    if (first === 'classifiers') return route(t.pages.classifiers, 'classifiers');
    if (first === 'models') return route(t.pages.models, 'models');
    if (first === 'reports') return route(t.pages.reports, 'reports');
    if (first === 'vendors') return route(t.pages.vendors, 'vendors');
    if (first === 'topics') return route(t.pages.topics, 'topics', { filters: true });
    if (first === 'compare') return route(t.pages.compare, 'compare', { filters: true });
    if (first === 'insights') return route(t.pages.insights, 'insights', { filters: true });
    if (first === 'explore') return route(t.pages.explore, 'explore', { filters: true });
    if (first === 'rules') return route(t.pages.rules, 'rules');
    if (first === 'alerts') return route(t.pages.alerts, 'alerts');
    if (first === 'annotations') return route(t.pages.annotations, 'annotations');
    if (first === 'trends') return route(t.pages.trends, 'trends');
    if (first === 'account') return route(t.pages.account, 'account');
    if (first === 'sources') return route(t.pages.sources, 'sources');
    if (first === 'people') return route(t.pages.people, 'people', { needs: EXPORT });
    if (first === 'welcome') return route(t.pages.welcome, 'welcome', { bare: true, needs: WRITE });
  }
  if (first === 'inbox' && second === 'settings' && parts.length === 2)
    return route(t.pages.inboxSettings, 'inboxSettings');
  if (first === 'monitors' && second !== undefined && parts.length === 2) {
    const id = second === 'new' ? null : decodeURIComponent(second);
    const needs = id === null ? WRITE : null;
    return route(id === null ? t.pages.newMonitor : t.pages.monitor, 'monitor', {
      id,
      key: `monitor/${second}`,
      needs,
    });
  }
  if (first === 'monitors' && second !== undefined && parts[2] === 'relevance' && parts.length === 3)
    return route(t.pages.relevance, 'relevance', { id: decodeURIComponent(second), key: `relevance/${second}` });
  if (second !== undefined && parts.length === 2) {
    const id = decodeURIComponent(second);
    if (first === 'accuracy') return route(t.pages.accuracySample, 'accuracySample', { id, key: `accuracy/${second}` });
    if (first === 'sources') {
      const named = id === 'new' ? null : id;
      return route(named === null ? t.pages.newSource : t.pages.source, 'source', {
        id: named,
        key: `source/${second}`,
        needs: named === null ? ADMIN : null,
      });
    }
    if (first === 'dashboards')
      return route(t.pages.dashboard, 'dashboard', { id, filters: true, key: `dashboard/${second}` });
    if (first === 'pinned') return route(t.pages.pinned, 'pinned', { id, key: `pinned/${second}` });
    if (first === 'annotations') return route(t.pages.annotation, 'annotation', { id, key: `annotation/${second}` });
    if (first === 'trends') return route(t.pages.finding, 'finding', { id, key: `finding/${second}` });
  }
  if (first === 'classifiers' && second !== undefined) {
    const id = decodeURIComponent(second);
    if (parts.length === 2) return route(t.pages.classifier, 'classifier', { id, key: `classifier/${second}` });
    if (parts.length === 3 && parts[2] === 'label')
      return route(t.pages.labelling, 'labelling', { id, key: `labelling/${second}`, needs: WRITE });
  }
  return route(t.pages.missing, 'missing');
}

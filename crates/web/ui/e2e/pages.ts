import { readFileSync } from 'node:fs';
import type { APIRequestContext } from '@playwright/test';

/** An address of each page of `src/lib/state/routes.ts`; `:name` is filled in by what the demo holds. */
export const PAGES: Record<string, string> = {
  overview: '/?range=7d',
  mentions: '/mentions',
  accuracy: '/accuracy?range=7d',
  accuracySample: '/accuracy/:sample',
  audience: '/audience?range=7d',
  privacy: '/privacy',
  lists: '/lists',
  pinnedList: '/pinned',
  pinned: '/pinned/:pinned',
  channels: '/channels?range=7d',
  source: '/sources/new?named=x',
  inbox: '/inbox',
  inboxSettings: '/inbox/settings',
  monitors: '/monitors',
  monitor: '/monitors/:monitor',
  relevance: '/monitors/:monitor/relevance',
  classifiers: '/classifiers',
  classifier: '/classifiers/:classifier',
  labelling: '/classifiers/:classifier/label',
  models: '/models',
  reports: '/reports',
  rules: '/rules',
  topics: '/topics?range=7d',
  compare: '/compare?range=7d',
  insights: '/insights?range=7d',
  explore: '/explore?range=7d&by=source',
  alerts: '/alerts',
  annotations: '/annotations',
  annotation: '/annotations/:annotation',
  trends: '/trends',
  finding: '/trends/:finding',
  account: '/account',
  sources: '/sources',
  vendors: '/vendors',
  people: '/people',
  welcome: '/welcome',
  missing: '/no/such/page',
  dashboards: '/dashboards',
  dashboard: '/dashboards/:dashboard',
  wall: '/wall?boards=:dashboard',
};

/** The names in the route table, read from its text: a page that is added there and not here fails below. */
export const table = [
  ...readFileSync('src/lib/state/routes.ts', 'utf8').matchAll(/^ {2}(\w+): \(\) => import\(/gm),
].map(([, name]) => name ?? '');

/** What the addresses need, made or found in the demo: by the name that stands in them after a colon. */
export async function make(request: APIRequestContext): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  const project = '/api/v1/projects/default';
  const get = async (path: string) => (await request.get(path)).json();
  const post = async (path: string, data: object) => (await request.post(path, { data })).json();
  const [monitor] = await get(`${project}/monitors`);
  made.set('monitor', monitor.id);
  made.set('classifier', (await post(`${project}/classifiers`, { name: `walk ${Date.now()}` })).id);
  made.set(
    'annotation',
    (await post(`${project}/annotations`, { at: Date.now() - 36e5, title: 'Walk', kind: 'event' })).id,
  );
  const question = {
    filter: { from: Date.now() - 36e5, to: Date.now() },
    measure: { metric: 'mentions', by: 'monitor' },
  };
  made.set('pinned', (await post(`${project}/permalinks`, question)).id);
  made.set('finding', (await get(`${project}/findings?limit=1`)).findings?.[0]?.id ?? 'f_none');
  const board = { name: `walk ${Date.now()}`, range: { last: '7d' }, widgets: [] };
  const boards = await get(`${project}/dashboards`).catch(() => []);
  made.set('dashboard', boards[0]?.id ?? (await post(`${project}/dashboards`, board).catch(() => ({}))).id ?? 'd_none');
  made.set('sample', (await get(`${project}/audit-samples`))[0]?.id ?? 's_none');
  return made;
}

/** The address of a page, filled in. */
export function addressOf(name: string, made: Map<string, string>): string {
  return (PAGES[name] ?? '/').replace(/:(\w+)/g, (_, key: string) => made.get(key) ?? key);
}

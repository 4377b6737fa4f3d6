import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { APIRequestContext, Page } from '@playwright/test';
import { expect, test } from './test';

/** Every page of the route table: axe finds nothing, in the light, in the dark and on a phone; and nothing breaks the strict policy. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

/** An address of each page of `src/lib/state/routes.ts`; `:name` is filled in by what the demo holds. */
const PAGES: Record<string, string> = {
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
const table = [...readFileSync('src/lib/state/routes.ts', 'utf8').matchAll(/^ {2}(\w+): \(\) => import\(/gm)].map(
  ([, name]) => name ?? '',
);

const made = new Map<string, string>();

async function make(request: APIRequestContext) {
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
}

/** What axe finds, as `rule: place`; `rules` narrows it to some, or leaves some out. */
async function faults(page: Page, rules: { only?: string[]; without?: string[] } = {}): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (rules.only) axe.withRules(rules.only);
  if (rules.without) axe.disableRules(rules.without);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** What the dark changes. The rule is by far the slowest, so that it is not asked a third time on a phone, whose colours are those of the light. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

test.beforeAll(async ({ request }) => make(request));

test('every page of the route table is walked', () => {
  expect(table.length).toBeGreaterThan(20);
  expect(table.filter((name) => !(name in PAGES))).toEqual([]);
});

for (const name of table.filter((one) => one in PAGES)) {
  test(`${name} is clean for axe and for the policy`, async ({ page }) => {
    test.slow();
    const broken: string[] = [];
    await page.exposeFunction('tellBroken', (what: string) => broken.push(what));
    await page.addInitScript(() => {
      const tell = (window as unknown as { tellBroken: (what: string) => void }).tellBroken;
      addEventListener('securitypolicyviolation', (event) =>
        tell(`${event.violatedDirective}: ${event.blockedURI || event.sample}`),
      );
    });
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    const path = (PAGES[name] ?? '/').replace(/:(\w+)/g, (_, key: string) => made.get(key) ?? key);
    const response = await page.goto(path);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe-inline');
    await page.getByRole('heading').first().waitFor();
    // Down the page once, so that what is loaded late is there, too.
    await page.evaluate(async () => {
      for (let y = 0; y < document.documentElement.scrollHeight && y < 8000; y += 700) {
        scrollTo(0, y);
        await new Promise((done) => setTimeout(done, 60));
      }
      scrollTo(0, 0);
    });
    await page.waitForTimeout(600);
    expect(await faults(page), 'light').toEqual([]);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
    await page.waitForTimeout(800);
    expect(await faults(page, { only: COLOURS }), 'dark').toEqual([]);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(400);
    expect(await faults(page, { without: COLOURS }), 'phone').toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'phone').toBeLessThanOrEqual(390);
    expect(broken).toEqual([]);
  });
}

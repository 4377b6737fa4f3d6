// Pictures of every page, light, dark and at phone width: node e2e/screenshots.mjs FOLDER [CHOSEN], with the server at BASE_URL.
// A few of them are copied to the folder CHOSEN, for README and guides. ONLY=mentions,topics and LOOKS=light,phone make fewer.
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const [, , folder, chosen] = process.argv;
const base = process.env.BASE_URL;
if (!folder || !base) {
  console.error('usage: BASE_URL=http://127.0.0.1:8080 node e2e/screenshots.mjs FOLDER [CHOSEN]');
  process.exit(2);
}

const pages = {
  overview: '/',
  mentions: '/mentions',
  explore: '/explore?range=7d&metric=mentions,net_sentiment&then=monitor&interval=6h',
  'explore-week': '/explore?range=7d&by=week_hour',
  compare: '/compare?range=7d',
  rules: '/rules',
  annotations: '/annotations',
  dashboards: '/dashboards',
  account: '/account',
  inbox: '/inbox?stand=all',
  channels: '/channels?range=7d',
  audience: '/audience?range=7d',
  perceptions: '/audience?range=7d&part=perceptions',
  'source-new': '/sources/new?named=x',
  retention: '/privacy',
  platforms: '/privacy?part=platforms&named=youtube',
  accuracy: '/accuracy?range=7d',
  lists: '/lists',
  monitors: '/monitors',
  'monitor-new': '/monitors/new',
  models: '/models',
  classifiers: '/classifiers',
  sources: '/sources',
  welcome: '/welcome',
  trends: '/trends',
  topics: '/topics?range=7d',
  alerts: '/alerts',
  insights: '/insights?range=7d',
  reports: '/reports',
  people: '/people',
  vendors: '/vendors',
  pinned: '/pinned',
  'inbox-settings': '/inbox/settings',
  erasure: '/privacy?part=erasure',
  audit: '/privacy?part=audit',
  // Brought by a branch of its own; passed over where the app does not know it.
  dashboards: '/dashboards',
  missing: '/no/such/page',
};
/** What README and guides show: few, since every clone carries them. */
const CHOSEN = [
  'overview-light',
  'overview-dark',
  'overview-phone',
  'overview-more-light',
  'mentions-light',
  'monitor-new-light',
  'finding-light',
  'topics-light',
  'compare-light',
  'explore-light',
  'alerts-light',
  'insights-light',
  'sources-light',
  'models-light',
  'dashboard-light',
];
const MOST_BYTES = 3_000_000;
const looks = {
  light: { viewport: { width: 1440, height: 1000 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 2 },
};

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.PLAYWRIGHT_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

// Something to show: a rule with its past, and an annotation on the time axes.
const put = async (path, data) =>
  (
    await fetch(`${base}/api/v1/projects/default/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(data),
    })
  ).json();
const rule = await put('rules', {
  name: 'Battery complaints to Ann',
  filter: { sentiment: 'negative', term: 'battery' },
  change: { add_tags: ['battery'], status: 'open', assignee: 'ann' },
});
await put(`rules/${rule.id}/apply`, {});
const brands = await (await fetch(`${base}/api/v1/projects/default/monitors`)).json();
for (const [monitor, handle] of [
  [brands[0], 'kelvora'],
  [brands[1], 'ozenti'],
])
  await fetch(`${base}/api/v1/monitors/${monitor.id}/accounts`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(['bluesky', 'mastodon', 'x', 'reddit'].map((platform) => ({ platform, handle }))),
  });
const noon = Date.now() - 20 * 3_600_000;
const annotation = await put('annotations', {
  at: noon,
  title: 'Refund offered',
  kind: 'fix',
  text: 'To everybody who wrote.',
});
const monitors = await (await fetch(`${base}/api/v1/projects/default/monitors`)).json();
pages.annotation = `/annotations/${annotation.id}?days=1&subject=${monitors[0].id}&control=${monitors[2].id}`;
const question = {
  filter: { from: Date.now() - 7 * 86_400_000, to: Date.now() },
  measure: { metric: 'share_of_voice', by: 'monitor' },
};
pages['pinned-answer'] = `/pinned/${(await put('permalinks', question)).id}`;
const board = await put('dashboards', { name: 'Brand health', template: 'brand_health' });
await put('dashboards', { name: 'Competitors', template: 'competitors' });
pages.dashboard = `/dashboards/${board.id}?range=7d`;
pages['dashboard-edit'] = `/dashboards/${board.id}?range=7d&part=edit&item=w_5`;
pages.wall = `/wall?boards=${board.id}&range=7d&every=600`;

const findings = await (await fetch(`${base}/api/v1/projects/default/findings?kind=peak&limit=20`)).json();
const finding = (findings.findings ?? []).toSorted((a, b) => b.strength - a.strength)[0];
if (finding) pages.finding = `/trends/${finding.id}`;
pages.relevance = `/monitors/${monitors[0].id}/relevance`;
pages['monitor-edit'] = `/monitors/${monitors[0].id}`;
pages['overview-more'] = '/?range=7d';

const listed = (name) => process.env[name]?.split(',');
const wanted = Object.entries(pages).filter(([name]) => listed('ONLY')?.includes(name) ?? true);

for (const [look, options] of Object.entries(looks).filter(([name]) => listed('LOOKS')?.includes(name) ?? true)) {
  const page = await browser.newPage({ ...options, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  for (const [name, path] of wanted) {
    await page.goto(base + path);
    await page.getByRole('heading').first().waitFor();
    const there = await page
      .getByRole('heading', { level: 1 })
      .first()
      .textContent()
      .catch(() => '');
    if (there === 'There is no such page' && name !== 'missing') continue;
    if (name === 'overview-more') {
      // What is below is asked for as it comes in sight.
      for (let i = 0; i < 8; i += 1) {
        await page.mouse.wheel(0, 500);
        await page.waitForTimeout(250);
      }
      await page.getByTestId('cloud').scrollIntoViewIfNeeded();
      await page.evaluate(() => document.querySelector('[data-testid=cloud]')?.scrollIntoView({ block: 'start' }));
      await page.mouse.wheel(0, -80);
    }
    if (name === 'monitor-new') {
      await page.getByLabel('Name').fill('Kelvora, power');
      await page.locator('.cm-content').click();
      await page.keyboard.type('kelvora NEAR/8 (battery OR akku OR batterie OR charge OR bateria)');
    }
    await page.waitForLoadState('networkidle', { timeout: 4000 }).catch(() => {});
    await page.waitForTimeout(1200);
    await page.screenshot({ path: `${folder}/${name}-${look}.png` });
  }
  await page.close();
}
await browser.close();

if (chosen) {
  await mkdir(chosen, { recursive: true });
  for (const file of await readdir(chosen)) if (file.endsWith('.png')) await rm(`${chosen}/${file}`);
  let bytes = 0;
  for (const name of CHOSEN) {
    const size = await stat(`${folder}/${name}.png`).then(
      (one) => one.size,
      () => 0,
    );
    if (size === 0) continue;
    bytes += size;
    await copyFile(`${folder}/${name}.png`, `${chosen}/${name}.png`);
  }
  console.log(`${chosen}: ${(bytes / 1e6).toFixed(1)} MB`);
  if (bytes > MOST_BYTES) {
    console.error(`more than ${MOST_BYTES / 1e6} MB: choose fewer`);
    process.exit(1);
  }
}

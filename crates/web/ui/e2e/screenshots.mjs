// Pictures of every page, light, dark and at phone width: node e2e/screenshots.mjs FOLDER [CHOSEN], with the server at BASE_URL.
// A few of them go to the folder CHOSEN as WebP, for README and guides. ONLY=mentions,topics and LOOKS=light,phone make fewer; FULL=1
// shows whole pages.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  'mentions-rtl': '/mentions?range=7d&lang=ar,he,fa,ur',
  missing: '/no/such/page',
};
/** What README and guides show: few, since every clone carries them. */
const CHOSEN = [
  'overview-light',
  'overview-dark',
  'mentions-light',
  'monitor-new-light',
  'finding-light',
  'topics-light',
  'compare-light',
  'explore-light',
  'alerts-light',
  'insights-light',
  'inbox-light',
  'models-light',
  'relevance-light',
  'dashboard-light',
  'wall-dark',
];
const MOST_BYTES = 3_000_000;
const looks = {
  light: { viewport: { width: 1440, height: 1000 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 2 },
};

/** Pages whose looks are known to be the same, or that only one look is made of. */
const ONE_LOOK = { wall: 'dark' };

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
const offered = Date.now() - 14 * 3_600_000;
const annotation = await put('annotations', {
  at: offered,
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

for (const [name, when, severity] of [
  ['Every word on the recall', { kind: 'every_mention' }, 'info'],
  ['Peaks of Kelvora', { kind: 'peak', metrics: [], per_week: 0.5 }, 'warning'],
])
  await put('alerts', { name, when, monitors: [monitors[name.startsWith('Peaks') ? 0 : 3].id], cooldown: 0, severity });

/** The detectors read the past soon after it is stored, not before. */
async function strongestPeak() {
  for (let tries = 0; tries < 80; tries += 1) {
    const { findings } = await (await fetch(`${base}/api/v1/projects/default/findings?kinds=peak&limit=20`)).json();
    if (findings?.length > 0) return findings.toSorted((a, b) => b.strength - a.strength)[0];
    await new Promise((done) => setTimeout(done, 1500));
  }
  console.error('no peak was found within two minutes: there is no picture of one');
  return null;
}
const finding = await strongestPeak();
if (finding) pages.finding = `/trends/${finding.id}`;
pages.relevance = `/monitors/${monitors[0].id}/relevance`;
pages['monitor-edit'] = `/monitors/${monitors[0].id}`;
pages['overview-more'] = '/?range=7d';

// A period whose time before is held, too: only then is something said of changes.
const minute = 60_000;
pages.insights = `/insights?from=${Date.now() - 26 * 60 * minute}&to=${Date.now() - 2 * minute}`;

const listed = (name) => process.env[name]?.split(',');
const wanted = Object.entries(pages).filter(([name]) => listed('ONLY')?.includes(name) ?? true);

for (const [look, options] of Object.entries(looks).filter(([name]) => listed('LOOKS')?.includes(name) ?? true)) {
  const page = await browser.newPage({ ...options, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  const settled = watch(page);
  for (const [name, path] of wanted) {
    if ((ONE_LOOK[name] ?? look) !== look) continue;
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
      await page.getByLabel('Name', { exact: true }).fill('Kelvora, power');
      await page.getByRole('radio', { name: 'Boolean' }).check({ force: true });
      await page.locator('.cm-content').click();
      await page.keyboard.type('kelvora NEAR/8 (battery OR akku OR batterie OR charge OR bateria)');
      await page.getByText(/posts match/).waitFor({ timeout: 20_000 });
    }
    if (process.env.FULL) await through(page);
    await settled();
    await page.screenshot({ path: `${folder}/${name}-${look}.png`, fullPage: Boolean(process.env.FULL) });
  }
  await page.close();
}

if (chosen) {
  // All of them are read before the old ones go.
  const pngs = await Promise.all(CHOSEN.map((name) => readFile(`${folder}/${name}.png`)));
  await mkdir(chosen, { recursive: true });
  for (const file of await readdir(chosen)) if (/\.(png|webp)$/.test(file)) await rm(`${chosen}/${file}`);
  const paper = await browser.newPage();
  let bytes = 0;
  for (const [i, name] of CHOSEN.entries()) {
    const png = pngs[i];
    const webp = await packed(paper, png);
    bytes += webp.length;
    await writeFile(`${chosen}/${name}.webp`, webp);
  }
  console.log(`${chosen}: ${CHOSEN.length} pictures, ${(bytes / 1e6).toFixed(1)} MB`);
  if (bytes > MOST_BYTES) {
    console.error(`more than ${MOST_BYTES / 1e6} MB: choose fewer`);
    process.exitCode = 1;
  }
}
await browser.close();

/** Waits until all that a page asked for has come, but for the live stream, and what it brings is drawn. */
function watch(page) {
  const open = new Set();
  let last = Date.now();
  const is = (request) => !request.url().includes('/api/v1/live');
  page.on('request', (request) => is(request) && open.add(request) && (last = Date.now()));
  for (const end of ['requestfinished', 'requestfailed'])
    page.on(end, (request) => open.delete(request) && (last = Date.now()));
  return async () => {
    const most = Date.now() + 12_000;
    while (Date.now() < most && (open.size > 0 || Date.now() - last < 500)) await page.waitForTimeout(100);
    open.clear();
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(1000);
  };
}

/** Down a page and up again, so that what is loaded late is there, too. */
async function through(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight && y < 12_000; y += 600) {
      scrollTo(0, y);
      await new Promise((done) => setTimeout(done, 150));
    }
    scrollTo(0, 0);
  });
}

/** A picture at a third of its size, of which nothing is seen: the browser writes WebP itself. */
async function packed(page, png) {
  const base64 = await page.evaluate(async (from) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${from}`;
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), {
      width: picture.naturalWidth,
      height: picture.naturalHeight,
    });
    canvas.getContext('2d').drawImage(picture, 0, 0);
    return canvas.toDataURL('image/webp', 0.85).split(',')[1];
  }, png.toString('base64'));
  return Buffer.from(base64, 'base64');
}

// The Overview while mentions pour in: BASE_URL=… node e2e/measure/live.mjs [MINUTES=10]   (RATE: mentions a second, default 50)
// Posts are pushed through the API, so any running Groundswell with a monitor will do; QUERY is a word that one of them matches.
import { base, browser, end, figure, head, look } from './common.mjs';

const MINUTES = Number(process.argv[2] ?? process.env.MINUTES ?? 10);
const RATE = Number(process.env.RATE ?? 50);
const WORD = process.env.QUERY ?? 'kelvora';
const PATH = process.env.PAGE ?? '/';
const MOST_FRAME_MS = 100;

const run = Date.now().toString(36);
let sent = 0;
let lost = 0;
const words =
  'battery sound price update case charger strap app noise comfort mic range quiet louder broke returned love hate'.split(
    ' ',
  );
const pick = (n) => words[(n * 7919) % words.length];

/** A fifth of a second's posts, each by somebody, each different. */
async function push() {
  const posts = Array.from({ length: RATE / 5 }, () => {
    sent += 1;
    return {
      uid: `measure:${run}-${sent}`,
      platform: 'measure',
      created_at: new Date().toISOString(),
      author: { id: `person-${sent % 997}`, handle: `person${sent % 997}` },
      text: `${WORD} ${pick(sent)} ${pick(sent * 3 + 1)} ${pick(sent * 5 + 2)} number ${sent}`,
      lang: 'en',
    };
  });
  const response = await fetch(`${base}/api/v1/posts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(posts),
  }).catch(() => null);
  if (!response?.ok) lost += posts.length;
}

const chromium = await browser(['--js-flags=--expose-gc', '--enable-precise-memory-info']);
const context = await chromium.newContext(look);
const page = await context.newPage();
const cdp = await context.newCDPSession(page);
await cdp.send('Performance.enable');
await page.goto(base + PATH);
await page.getByRole('heading').first().waitFor();
await page.waitForTimeout(4000);

await page.evaluate(() => {
  window.frames_ = [];
  window.long_ = [];
  let last = performance.now();
  const tick = (now) => {
    if (document.visibilityState === 'visible' && now - last > 100)
      window.frames_.push([Math.round(last), Math.round(now - last)]);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      window.long_.push([Math.round(startTime), Math.round(duration)]);
  }).observe({ type: 'longtask' });
});

const memory = async () => {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
  return { heap: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes'), listeners: of('JSEventListeners') };
};

const before = (await (await fetch(`${base}/api/v1/status`)).json()).mentions;
const samples = [];
const began = Date.now();
const timer = setInterval(() => void push(), 200);
// Collecting garbage stops the page: the frame it costs is not the page's.
const stops = [];
while (Date.now() - began < MINUTES * 60_000) {
  await page.waitForTimeout(14_000);
  const from = await page.evaluate(() => performance.now());
  const sample = await memory();
  stops.push([from - 50, (await page.evaluate(() => performance.now())) + 250]);
  samples.push({ at: (Date.now() - began) / 60_000, ...sample });
  console.error(
    `${samples.at(-1).at.toFixed(1)} min: ${sample.heap.toFixed(1)} MB, ${sample.nodes} nodes, ${sample.listeners} listeners`,
  );
}
clearInterval(timer);
const seconds = (Date.now() - began) / 1000;
const after = (await (await fetch(`${base}/api/v1/status`)).json()).mentions;
const own = ([start, length]) => !stops.some(([from, to]) => start + length > from && start < to);
const { frames, long } = await page.evaluate(() => ({ frames: window.frames_, long: window.long_ }));
await chromium.close();

/** Megabytes a minute by least squares, without the first third, in which caches fill. */
function slope() {
  const late = samples.slice(Math.floor(samples.length / 3));
  const mean = (name) => late.reduce((sum, one) => sum + one[name], 0) / late.length;
  const [x, y] = [mean('at'), mean('heap')];
  const over = late.reduce((sum, one) => sum + (one.at - x) * (one.heap - y), 0);
  return over / (late.reduce((sum, one) => sum + (one.at - x) ** 2, 0) || 1);
}

const slow = frames.filter(own);
const tasks = long.filter(own).filter(([, length]) => length > MOST_FRAME_MS);
head(`${PATH} under ${RATE} posts a second for ${MINUTES} minutes`);
figure('mentions stored a second', (after - before) / seconds, '/s', {
  note: lost > 0 ? `${lost} posts were not taken` : '',
});
figure(`frames over ${MOST_FRAME_MS} ms`, slow.length, '', {
  most: 0,
  note: slow.length ? `longest ${Math.max(...slow.map(([, l]) => l))} ms` : '',
});
figure(`tasks of the page over ${MOST_FRAME_MS} ms`, tasks.length, '', {
  note: tasks.length ? `longest ${Math.max(...tasks.map(([, l]) => l))} ms` : '',
});
figure('heap at the begin, after collecting', samples[0].heap, 'MB');
figure('heap at the end, after collecting', samples.at(-1).heap, 'MB');
figure('growth after the first third', slope(), 'MB/min', { most: 0.5 });
figure('nodes at the end', samples.at(-1).nodes, '', { note: `${samples[0].nodes} at the begin` });
end();

// What the Overview loads at first, as it goes over the wire, and when it can be used: BASE_URL=… node e2e/measure/first-load.mjs
import { base, browser, end, figure, head, look, quantile } from './common.mjs';

const TIMES = Number(process.env.TIMES ?? 5);
const MOST_KB = 350;
const MOST_MS = 1500;

/** One cold visit: bytes by kind, and when it was ready. */
async function visit(chromium) {
  const context = await chromium.newContext(look);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const files = new Map();
  cdp.on('Network.responseReceived', ({ requestId, type, response }) => {
    files.set(requestId, { type, url: response.url, bytes: 0, encoding: response.headers['content-encoding'] ?? '' });
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const file = files.get(requestId);
    if (file) file.bytes = encodedDataLength;
  });
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.longTasks.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(base);
  await page.getByTestId('chart-monitor').locator('canvas').waitFor();
  await page.waitForFunction(() => /\d/.test(document.querySelector('[data-testid=figures] dd')?.textContent ?? ''));
  const shown = await page.evaluate(() => performance.now());
  // Interactive: what matters is there, and no task of 50 ms and more follows for two seconds.
  await page.waitForTimeout(2000);
  const { tasks, paint } = await page.evaluate(() => ({
    tasks: window.longTasks,
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }));
  let ready = shown;
  for (const [start, duration] of tasks) if (start < ready + 2000) ready = Math.max(ready, start + duration);
  await context.close();
  return { files: [...files.values()], shown, ready, paint };
}

const chromium = await browser();
const visits = [];
await visit(chromium); // warms the server and the disk
for (let i = 0; i < TIMES; i += 1) visits.push(await visit(chromium));
await chromium.close();

const { files } = visits[0];
const of = (type) => files.filter((file) => file.type === type);
const kb = (list) => list.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
const middle = (name) =>
  quantile(
    visits.map((one) => one[name]),
    0.5,
  );

head('First load of the Overview');
figure('JavaScript, compressed', kb(of('Script')), 'kB', { most: MOST_KB, note: `${of('Script').length} files` });
figure('styles', kb(of('Stylesheet')), 'kB');
figure('fonts', kb(of('Font')), 'kB', { note: `${of('Font').length} files` });
figure('answers of the API', kb([...of('Fetch'), ...of('XHR')]), 'kB');
figure('first paint', middle('paint'), 'ms', { note: `median of ${TIMES} cold visits` });
figure('figures and main chart shown', middle('shown'), 'ms');
figure('interactive', middle('ready'), 'ms', { most: MOST_MS });
const plain = of('Script').filter(({ encoding }) => encoding === '');
if (plain.length > 0) console.log(`\nNot compressed: ${plain.map(({ url }) => url).join(', ')}`);
console.log('\nLargest scripts:');
for (const { url, bytes } of of('Script')
  .sort((a, b) => b.bytes - a.bytes)
  .slice(0, 8))
  console.log(`  ${(bytes / 1000).toFixed(1).padStart(6)} kB  ${new URL(url).pathname}`);
end();

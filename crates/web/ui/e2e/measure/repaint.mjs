// How long the Overview takes from a change of its filter until everything in sight is drawn anew:
// BASE_URL=… node e2e/measure/repaint.mjs   (CHANGES: how many, default 40; RANGE: default 30d)
import { base, browser, end, figure, head, look, quantile } from './common.mjs';

const CHANGES = Number(process.env.CHANGES ?? 40);
const RANGE = process.env.RANGE ?? '30d';
const MOST_MS = 300;

const values = async (by) => {
  const from = Date.now() - 30 * 86_400_000;
  const answer = await (await fetch(`${base}/api/v1/breakdown?by=${by}&limit=8&from=${from}`)).json();
  return answer.items.map(({ key }) => key);
};
const [sources, langs] = [await values('source'), await values('lang')];
// No question twice: every answer is made, none is remembered.
const filters = sources.flatMap((source) => langs.map((lang) => `source=${source}&lang=${lang}`));
const alone = [
  ...sources.map((source) => `source=${source}`),
  ...langs.map((lang) => `lang=${lang}`),
  'sentiment=negative',
];
const changes = [...alone, ...filters].slice(0, CHANGES);

const chromium = await browser();
const page = await (await chromium.newContext(look)).newPage();
await page.goto(`${base}/?range=${RANGE}`);
await page.getByTestId('chart-monitor').locator('canvas').waitFor();
await page.getByTestId('bars-source').getByRole('listitem').getByRole('button').first().waitFor();
// What ticks by itself would be mistaken for an answer.
await page
  .getByRole('button', { name: /Live|Pause/ })
  .first()
  .click()
  .catch(() => {});
await page.waitForTimeout(1500);

/** Changes the address as a chip does, and waits until nothing in the main part is dimmed any more. */
const change = (search) =>
  page.evaluate(
    (to) =>
      new Promise((done) => {
        const start = performance.now();
        let main = 0;
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
        const dim = (place) => document.querySelector(place) !== null;
        const look = () => {
          const now = performance.now();
          if (main === 0 && !dim('dl.dim') && !dim('.charts .dim')) main = now - start;
          if (!dim('main .dim')) done({ main, all: now - start });
          else if (now - start > 20_000) done({ main: main || 20_000, all: 20_000 });
          else requestAnimationFrame(look);
        };
        // Two frames: the first paints the old answers dimmed.
        requestAnimationFrame(() => requestAnimationFrame(look));
      }),
    search,
  );

const times = [];
for (const one of changes) {
  times.push(await change(`/?range=${RANGE}&${one}`));
  await page.waitForTimeout(120);
}
const status = await (await fetch(`${base}/api/v1/status`)).json();
await chromium.close();

head(
  `Overview after a change of its filter (${status.mentions} mentions stored, range ${RANGE}, ${times.length} changes)`,
);
const main = times.map((one) => one.main);
const all = times.map((one) => one.all);
figure('figures and charts, median', quantile(main, 0.5), 'ms');
figure('figures and charts, p95', quantile(main, 0.95), 'ms', { most: MOST_MS });
figure('everything in sight, median', quantile(all, 0.5), 'ms');
figure('everything in sight, p95', quantile(all, 0.95), 'ms', { most: MOST_MS });
end();

// Lighthouse on the pages named: BASE_URL=… node e2e/measure/lighthouse.mjs [PATH…]   (FORM=mobile for a throttled phone)
// It is installed into target/lighthouse by `make measure-ui`, since `npm ci` should not carry it; LIGHTHOUSE names its folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { base, browser, end, figure, head } from './common.mjs';

const folder = process.env.LIGHTHOUSE;
if (!folder) {
  console.error('LIGHTHOUSE must name the folder that Lighthouse is installed in');
  process.exit(2);
}
const { resolve } = createRequire(`${folder}/`);
const { default: lighthouse, desktopConfig } = await import(pathToFileURL(resolve('lighthouse')).href);
const paths = process.argv.slice(2);
if (paths.length === 0)
  paths.push(
    '/',
    '/welcome',
    '/mentions',
    '/trends',
    '/topics?range=7d',
    '/compare?range=7d',
    '/explore?range=7d',
    '/alerts',
    '/sources',
    '/monitors',
  );
const PORT = 9333;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const LEAST = 95;

const chromium = await browser([`--remote-debugging-port=${PORT}`]);
const out = process.env.OUT ?? `${folder}/reports`;
await mkdir(out, { recursive: true });
const mobile = process.env.FORM === 'mobile';
head(`Lighthouse (${mobile ? 'mobile, throttled' : 'desktop'})`);
const found = new Map();
for (const path of paths) {
  const options = { port: PORT, output: 'html', logLevel: 'error', onlyCategories: CATEGORIES, maxWaitForLoad: 30_000 };
  const { lhr, report } = await lighthouse(base + path, options, mobile ? undefined : desktopConfig);
  const name = path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'overview';
  await writeFile(`${out}/${name}.html`, report);
  for (const id of CATEGORIES) {
    const { score, auditRefs } = lhr.categories[id];
    figure(`${path} ${id}`, Math.round((score ?? 0) * 100), '', { least: LEAST });
    for (const { id: audit, weight } of auditRefs) {
      const one = lhr.audits[audit];
      if (weight > 0 && one.score !== null && one.score < 0.9) {
        const items = (one.details?.items ?? [])
          .slice(0, 2)
          .map((item) => item.node?.selector ?? item.description ?? item.url ?? '');
        found.set(`${audit}: ${one.title}`, [
          ...(found.get(`${audit}: ${one.title}`) ?? []),
          `${path} ${one.displayValue ?? ''} ${items.join(' ')}`,
        ]);
      }
    }
  }
}
await chromium.close();
console.log('\nWhat cost points:');
for (const [audit, places] of found) console.log(`  ${audit}\n    ${places.slice(0, 4).join('\n    ')}`);
end();

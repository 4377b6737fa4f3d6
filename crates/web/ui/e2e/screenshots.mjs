// Pictures of every page, light, dark and at phone width: node e2e/screenshots.mjs FOLDER, with the server at BASE_URL.
import { mkdir } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const folder = process.argv[2];
const base = process.env.BASE_URL;
if (!folder || !base) {
  console.error('usage: BASE_URL=http://127.0.0.1:8080 node e2e/screenshots.mjs FOLDER');
  process.exit(2);
}

const pages = {
  overview: '/',
  mentions: '/mentions',
  monitors: '/monitors',
  'monitor-new': '/monitors/new',
  models: '/models',
  classifiers: '/classifiers',
  sources: '/sources',
  welcome: '/welcome',
};
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
for (const [look, options] of Object.entries(looks)) {
  const page = await browser.newPage({ ...options, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(base + path);
    await page.getByRole('heading').first().waitFor();
    if (name === 'monitor-new') {
      await page.getByLabel('Name').fill('Kelvora, power');
      await page.locator('.cm-content').click();
      await page.keyboard.type('kelvora NEAR/8 (battery OR akku OR batterie OR charge OR bateria)');
    }
    await page.waitForTimeout(2000);
    await page.screenshot({ path: `${folder}/${name}-${look}.png` });
  }
  await page.close();
}
await browser.close();

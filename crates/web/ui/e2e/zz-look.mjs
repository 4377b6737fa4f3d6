// look.mjs FOLDER name=path ... ; LOOKS=light,dark,phone,wide
import { mkdir } from 'node:fs/promises';
import { chromium } from '@playwright/test';
const [, , folder, ...wanted] = process.argv;
const base = process.env.BASE_URL;
await mkdir(folder, { recursive: true });
const looks = {
  light: { viewport: { width: 1440, height: 1000 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 1.5 },
  wide: { viewport: { width: 2560, height: 1440 }, colorScheme: 'light' },
};
const browser = await chromium.launch({
  executablePath: process.env.PLAYWRIGHT_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const look of (process.env.LOOKS ?? 'light').split(',')) {
  const page = await browser.newPage({
    ...looks[look],
    locale: process.env.LOCALE ?? 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  page.on('pageerror', (e) => console.log('ERROR', e.message));
  page.on('console', (m) => m.type() === 'error' && console.log('CONSOLE', m.text()));
  for (const one of wanted) {
    const [name, ...rest] = one.split('=');
    await page.goto(base + rest.join('='));
    await page.waitForLoadState('networkidle', { timeout: 8000 }).catch(() => {});
    if (process.env.FULL) {
      await page.evaluate(async () => {
        for (let y = 0; y < document.documentElement.scrollHeight && y < 9000; y += 600) {
          scrollTo(0, y);
          await new Promise((d) => setTimeout(d, 120));
        }
        scrollTo(0, 0);
      });
    }
    await page.waitForTimeout(1800);
    await page.screenshot({ path: `${folder}/${name}-${look}.png`, fullPage: Boolean(process.env.FULL) });
  }
  await page.close();
}
await browser.close();

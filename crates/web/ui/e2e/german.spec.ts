import { expect, test } from './test';

test.use({ locale: 'de-DE' });

const PAGES = [
  ['/', 'Überblick'],
  ['/mentions', 'Erwähnungen'],
  ['/explore', 'Erkunden'],
  ['/trends', 'Trends'],
  ['/topics', 'Themen'],
  ['/insights', 'Erkenntnisse'],
  ['/compare', 'Vergleich'],
  ['/audience', 'Publikum und Markt'],
  ['/channels', 'Kanäle'],
  ['/inbox', 'Posteingang'],
  ['/alerts', 'Alarme'],
  ['/reports', 'Berichte'],
  ['/annotations', 'Anmerkungen'],
  ['/monitors', 'Monitore'],
  ['/monitors/new', 'Neuer Monitor'],
  ['/rules', 'Regeln und Tags'],
  ['/lists', 'Wortlisten'],
  ['/sources', 'Quellen und Zustand'],
  ['/models', 'Modelle'],
  ['/classifiers', 'Modelle'],
  ['/privacy', 'Datenschutz'],
  ['/people', 'Personen und Zugang'],
  ['/account', 'Mein Konto'],
  ['/welcome', 'Wo soll gelauscht werden?'],
] as const;

test('every page speaks German, and nothing runs over the edge of a phone', async ({ page }) => {
  test.setTimeout(240_000);
  await page.setViewportSize({ width: 390, height: 844 });
  const over: string[] = [];
  for (const [path, title] of PAGES) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title, { timeout: 40_000 });
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await page.waitForTimeout(250);
    // The page itself, and words that are cut off in buttons and tabs that do not scroll.
    const found = await page.evaluate(() => {
      const wide =
        document.documentElement.scrollWidth > 390 ? [`${document.documentElement.scrollWidth} px wide`] : [];
      const cut = [...document.querySelectorAll<HTMLElement>('main button, main .button, .rail a, .bar button')]
        .filter((one) => one.offsetParent !== null && getComputedStyle(one).overflowX !== 'auto')
        .filter((one) => one.scrollWidth > one.clientWidth + 2 && one.clientWidth > 0)
        .map((one) => `cut: ${one.textContent?.trim()}`);
      return [...wide, ...cut];
    });
    over.push(...found.map((what) => `${path}: ${what}`));
  }
  expect(over).toEqual([]);
});

test('dates and numbers are written the German way, and English is one choice away', async ({ page }) => {
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 2, name: 'Sprache' })).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');
  await page.goto('/models?tz=UTC');
  await page.getByRole('button', { name: 'Display' }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Modelle');
  await expect(page).toHaveURL(/tz=UTC/);
  await expect(page.locator('main').getByText(/\d,\d/).first()).toBeVisible();
});

test.describe('whoever speaks English', () => {
  test.use({ locale: 'en-GB' });

  test('loads no German', async ({ page }) => {
    const texts: Promise<string>[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) texts.push(response.text().catch(() => ''));
    });
    await page.goto('/monitors');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Monitors');
    expect((await Promise.all(texts)).filter((text) => text.includes('Stimmungssaldo'))).toEqual([]);
  });
});

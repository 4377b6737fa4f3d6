import { expect, openOverview, test } from './test';

const PAGES = [
  '/',
  '/mentions',
  '/monitors',
  '/monitors/new',
  '/models',
  '/classifiers',
  '/sources',
  '/welcome',
  // The mock knows nothing of these.
  ...(process.env['BASE_URL']
    ? ['/insights', '/explore?range=7d', '/compare?range=7d', '/rules', '/annotations', '/account']
    : []),
];

test('follows the system into the dark, and remembers a choice', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openOverview(page);
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await background();
  await page.getByRole('button', { name: 'Display' }).click();
  await page.getByRole('menuitemradio', { name: 'Light' }).click();
  await expect.poll(background).not.toBe(dark);
  const light = await background();
  await page.reload();
  await expect.poll(background).toBe(light);
});

for (const path of PAGES) {
  test(`${path} fits a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await page.waitForTimeout(500);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });
}

test('the panel covers a phone and closes', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openOverview(page);
  await page.getByTestId('bars-source').getByRole('listitem').getByRole('button').first().click();
  const panel = page.getByTestId('posts-panel');
  await expect(panel.locator('article').first()).toBeVisible();
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toHaveCount(0);
});

test('a path nobody made is answered by the app', async ({ page }) => {
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
});

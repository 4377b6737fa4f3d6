import { readFile } from 'node:fs/promises';
import { expect, test } from './test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('the map, the words and the funnel lead to their posts, and are saved', async ({ page }) => {
  test.slow();
  await page.goto('/?range=7d');
  await expect(page.getByTestId('chart-monitor').locator('canvas')).toBeVisible();
  await page.getByTestId('newest').scrollIntoViewIfNeeded();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const map = page.getByTestId('world-map');
  await map.scrollIntoViewIfNeeded();
  await expect(map.locator('canvas')).toBeVisible();
  await expect(map.getByTestId('unknown-place')).toContainText(/no place|names a place/);
  const country = map.getByRole('table').getByRole('button').first();
  const name = await country.innerText();
  await country.click();
  const panel = page.getByTestId('posts-panel');
  await expect(panel.getByRole('heading', { level: 2 })).toContainText(name);
  await expect(panel.locator('article').first()).toBeVisible();
  await page.keyboard.press('Escape');

  const word = page.getByTestId('cloud').getByRole('listitem').getByRole('button').first();
  await expect(word).toHaveAttribute('aria-label', /\d+ mentions by .* people/);
  await word.click();
  await expect(panel.locator('article').first()).toBeVisible();
  await page.keyboard.press('Escape');

  const funnel = page.getByTestId('funnel');
  await expect(funnel).toContainText('Different texts');
  const numbers = (await funnel.locator('.count').allInnerTexts()).map((text) => Number(text.replace(/\D/g, '')));
  expect(numbers.length).toBe(3);
  expect(numbers[0]).toBeGreaterThanOrEqual(numbers[1] ?? 0);
  expect(numbers[1]).toBeGreaterThanOrEqual(numbers[2] ?? 0);

  for (const [form, begin] of [
    ['Table (CSV)', 'country,mentions'],
    ['Picture (PNG)', '\u{fffd}PNG'],
    ['Drawing (SVG)', '<svg '],
  ] as const) {
    const file = page.waitForEvent('download');
    await map.getByRole('button', { name: 'Save: Where posts come from' }).click();
    await page.getByRole('menuitem', { name: form }).click();
    const download = await file;
    expect(download.suggestedFilename()).toMatch(/^groundswell-where-posts-come-from-\d{4}-\d\d-\d\d/);
    const text = await readFile(await download.path(), 'utf8');
    expect(text.startsWith(begin)).toBe(true);
    if (form === 'Drawing (SVG)') expect(text).toMatch(/Where posts come from[\s\S]*Europe\/Berlin[\s\S]*All monitors/);
  }
});

test('sources tell what was received and what became of it', async ({ page }) => {
  await page.goto('/sources');
  const intake = page.getByTestId('intake-funnel');
  await intake.scrollIntoViewIfNeeded();
  await expect(intake).toContainText('Admitted');
  await expect(intake).toContainText('edits, deletions and counts of known posts');
});

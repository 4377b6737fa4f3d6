import AxeBuilder from '@axe-core/playwright';
import { expect, openOverview, test } from './test';

// every-page.spec.ts walks the pages as they open; here is what they show when somebody does something.
test('axe finds nothing with the panel and with a dialog open', async ({ page, request }) => {
  await openOverview(page);
  await page.getByTestId('bars-source').getByRole('listitem').getByRole('button').first().click();
  await expect(page.getByTestId('posts-panel').locator('article').first()).toBeVisible();
  const panel = await new AxeBuilder({ page }).analyze();
  expect(panel.violations.map(({ id }) => id)).toEqual([]);
  const name = `Axe ${Date.now() % 100_000}`;
  const data = { name, query: 'nosuchwordanywhere', role: 'topic', active: true };
  await request.post('/api/v1/projects/default/monitors', { data });
  await page.goto('/monitors');
  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  const dialog = await new AxeBuilder({ page }).analyze();
  expect(dialog.violations.map(({ id }) => id)).toEqual([]);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
});

test('the keyboard reaches the posts behind a chart and comes back', async ({ page }) => {
  await openOverview(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  const chart = page.getByRole('slider').first();
  // The chart's menu may stand before it.
  for (let i = 0; i < 4 && !(await chart.evaluate((one) => one === document.activeElement)); i += 1)
    await page.keyboard.press('Tab');
  await expect(chart).toBeFocused();
  await page.keyboard.press('End');
  const last = await chart.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(chart).not.toHaveAttribute('aria-valuetext', last ?? '');
  await expect(page.locator('.readout')).toHaveCount(2);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('posts-panel').getByRole('heading', { level: 2 })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('posts-panel')).toHaveCount(0);
  await expect(chart).toBeFocused();
});

test('a bar and a menu answer to the keyboard', async ({ page }) => {
  await openOverview(page);
  await page.getByTestId('bars-source').getByRole('listitem').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('posts-panel')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Monitors shown/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/monitor=/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
});

test('axe finds nothing where a classifier is taught and judged', async ({ page, request }) => {
  const api = '/api/v1/projects/default/classifiers';
  const made = await request.post(api, { data: { name: `axe ${Date.now() % 100_000}` } });
  const { id } = (await made.json()) as { id: string };
  const labels = Array.from({ length: 40 }, (_, i) => ({
    text: `${i % 2 === 0 ? 'the parcel is late' : 'the price is too high'} number ${i}`,
    label: i % 2 === 0 ? 'delivery' : 'price',
  }));
  await request.post(`${api}/${id}/labels`, { data: { labels } });
  await request.post(`${api}/${id}/train`, { data: {} });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`/classifiers/${id}/label`);
    await expect(page.getByTestId('labeller')).toBeVisible();
    const labelling = await new AxeBuilder({ page }).analyze();
    expect(labelling.violations.map(({ id }) => id)).toEqual([]);
    await page.goto(`/classifiers/${id}`);
    await expect(page.getByTestId('report')).toBeVisible({ timeout: 45_000 });
    const report = await new AxeBuilder({ page }).analyze();
    expect(report.violations.map(({ id }) => id)).toEqual([]);
  }
  await request.delete(`${api}/${id}`);
});

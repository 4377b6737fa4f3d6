import { expect, test } from './test';

/** These pages speak to the whole API, which the mock does not know. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

const API = '/api/v1/projects/default';

test('a question is composed, drawn, put in a table, saved and pinned', async ({ page }) => {
  await page.goto('/explore?range=7d');
  await expect(page.getByTestId('measure-lines').locator('canvas')).toBeVisible();
  const composer = page.getByTestId('composer');
  await composer.getByRole('combobox', { name: 'By', exact: true }).selectOption('source');
  await expect(page).toHaveURL(/by=source/);
  await expect(page.getByTestId('measure-bars').locator('canvas')).toBeVisible();
  await composer.getByRole('combobox', { name: 'Add a figure' }).selectOption('net_sentiment');
  await composer.getByLabel('A formula of your own').fill('(positive-negative)/mentions');
  await composer.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByTestId('totals').locator('dt')).toHaveCount(3);

  await page.getByRole('button', { name: 'Table' }).click();
  const table = page.getByTestId('measure-table');
  await expect(table.getByRole('columnheader', { name: 'Net sentiment' })).toBeVisible();
  await table.getByRole('button').first().click();
  await expect(page.getByTestId('posts-panel').locator('article').first()).toBeVisible();
  await page.keyboard.press('Escape');

  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Save: / }).click();
  await page.getByRole('menuitem', { name: 'Table (CSV)' }).click();
  expect((await file).suggestedFilename()).toMatch(/\.csv$/);

  await page.getByRole('button', { name: 'Pin this answer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/by /);
  await expect(page.getByTestId('since')).toContainText('The numbers are those of then.');
  const pinned = await page.getByTestId('totals').innerText();
  await page.reload();
  await expect(page.getByTestId('totals')).toBeVisible();
  expect(await page.getByTestId('totals').innerText()).toBe(pinned);
  await page.getByRole('link', { name: 'Ask it anew' }).click();
  await expect(page).toHaveURL(/\/explore\?.*by=source/);
});

test('drawings can be saved as pictures', async ({ page }) => {
  await page.goto('/explore?range=7d&by=monitor');
  await expect(page.getByTestId('measure-bars').locator('canvas')).toBeVisible();
  for (const form of ['PNG', 'SVG']) {
    const file = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Save: / }).click();
    await page.getByRole('menuitem', { name: form }).click();
    expect((await file).suggestedFilename()).toMatch(
      new RegExp(`^groundswell-mentions-monitor-.*\\.${form.toLowerCase()}$`),
    );
  }
});

test('monitors are compared, with what is beyond chance', async ({ page }) => {
  await page.goto('/compare?range=7d');
  await expect(page.getByTestId('voice').getByRole('listitem').first()).toContainText('%');
  const rows = page.getByTestId('differences').locator('tbody tr');
  await expect(rows.first()).toContainText('Beyond chance');
  const few = await rows.count();
  await page.getByLabel('Only those beyond chance').uncheck();
  await expect.poll(() => rows.count()).toBeGreaterThan(few);
  await page.getByLabel('Compare', { exact: true }).selectOption('hashtag');
  await expect(page).toHaveURL(/topics=hashtag/);
  await page.getByTestId('voice').getByRole('listitem').getByRole('button').first().click();
  await expect(page.getByTestId('posts-panel').locator('article').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Pin these figures' }).click();
  await expect(page.getByTestId('since')).toBeVisible();
});

test('a click below a chart annotates, and before is compared with after', async ({ page, request }) => {
  const title = `Fix ${Date.now() % 100_000}`;
  await page.goto('/?range=7d');
  await expect(page.getByTestId('chart-monitor').locator('canvas')).toBeVisible();
  const box = await page.getByRole('slider').first().boundingBox();
  if (!box) throw new Error('the chart has no place');
  const [x, y] = [box.x + (box.width - 168) * 0.85, box.y + box.height - 8];
  await page.mouse.move(x, y);
  await page.mouse.click(x, y);
  const dialog = page.getByRole('dialog', { name: 'New annotation' });
  await dialog.getByLabel('What happened').fill(title);
  await dialog.getByLabel('Kind').selectOption('fix');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await page
    .getByTestId('flags')
    .first()
    .getByRole('link', { name: new RegExp(`^${title}`) })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);

  await page.getByLabel('Days before and after').selectOption('1');
  await page.getByLabel('Look at').selectOption({ index: 1 });
  await page.getByLabel('Beside the control').selectOption({ index: 2 });
  await expect(page.getByTestId('around').getByRole('columnheader', { name: 'Beyond the control' })).toBeVisible();
  await expect(page.getByTestId('words').getByRole('listitem').first()).toContainText(title);

  await page.getByRole('link', { name: 'All annotations' }).click();
  await page.getByRole('button', { name: `Delete “${title}”` }).click();
  await expect(page.getByRole('link', { name: new RegExp(title) })).toHaveCount(0);
  const left = (await (await request.get(`${API}/annotations`)).json()) as { title: string }[];
  expect(left.map((one) => one.title)).not.toContain(title);
});

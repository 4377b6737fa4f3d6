import { expect, test } from '../test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('compare three brands and share a report', async ({ page, browser }) => {
  test.setTimeout(240_000);
  const name = `Three brands ${Date.now() % 100_000}`;
  await page.goto('/?range=7d');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Compare', exact: true }).click();
  await page.getByRole('button', { name: /^Monitors shown/ }).click();
  for (const brand of ['Kelvora', 'Ozenti', 'Maple'])
    await page.getByRole('menuitemcheckbox', { name: brand, exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByText('3 compared.')).toBeVisible();

  // A ranking that sorts, with what is beyond chance.
  const table = page.getByTestId('compare-figures');
  await expect(table.locator('thead th')).toHaveCount(3);
  await table.getByRole('button', { name: 'Net sentiment' }).click();
  await expect(table.getByRole('rowheader', { name: 'Net sentiment' })).toHaveAttribute('aria-sort', 'descending');
  const nets = await table.locator('td.sorted').allInnerTexts();
  const values = nets.map((text) => Number(/^[+−-]?\d+/.exec(text)?.[0]?.replace('−', '-') ?? NaN));
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  await page.getByRole('radio', { name: 'People' }).check({ force: true });
  await expect(page.getByRole('heading', { name: 'People over time' })).toBeVisible();
  await expect(page).toHaveURL(/metric=authors/);
  // Every mark opens its posts.
  await page
    .getByTestId('moods')
    .getByRole('button', { name: /Kelvora, Negative/ })
    .click();
  await expect(page.getByTestId('posts-panel').locator('article').first()).toBeVisible();
  await page.keyboard.press('Escape');

  // A report of these three, made and approved.
  await page.getByRole('link', { name: 'Make a report' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  for (const brand of ['Kelvora', 'Ozenti', 'Maple'])
    await expect(page.getByLabel(brand, { exact: true })).toBeChecked();
  await page.getByRole('button', { name: 'Create' }).click();
  const report = page.getByTestId('reports').locator('li', { hasText: name });
  await expect(report).toContainText('Kelvora, Ozenti, Maple');
  await report.getByRole('button', { name: 'Make', exact: true }).click();
  const made = page.getByTestId('renditions').locator('li', { hasText: name });
  await expect(made).toContainText('Draft', { timeout: 60_000 });
  await made.getByRole('button', { name: 'Approve' }).click();
  await expect(made).toContainText('Approved');
  const file = page.waitForEvent('download');
  await made.getByRole('link', { name: 'Download' }).click();
  expect((await file).suggestedFilename()).toMatch(/\.pdf$/);

  // And a link for whoever has no account.
  await page.goBack();
  await page.getByRole('link', { name: 'Share a link' }).click();
  await page.getByLabel('Whom it is for').fill(name);
  await expect(page.getByLabel('Of which monitors').locator('option:checked')).toHaveText('Kelvora, Ozenti, Maple');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = await page.getByRole('status').getByRole('textbox').inputValue();
  const stranger = await browser.newContext();
  const theirs = await stranger.newPage();
  await theirs.goto(link);
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(theirs.getByText('People', { exact: true })).toBeVisible();
  await stranger.close();
});

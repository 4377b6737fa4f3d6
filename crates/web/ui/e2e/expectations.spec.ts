import { expect, isFit, test } from './test';

test.beforeEach(({ page }) => page.addInitScript(() => localStorage.setItem('groundswell.query', 'boolean')));

test('expectations are taken from posts, checked on each edit, and a query that breaks one is warned of', async ({
  page,
  request,
}) => {
  test.setTimeout(180_000);
  const word = 'kelvora';
  const name = `Expected ${Date.now() % 100_000}`;
  const made = await request.post('/api/v1/projects/default/monitors', { data: { name, query: word } });
  const { id } = (await made.json()) as { id: string };

  await page.goto(`/monitors/${id}`);
  const first = page.getByTestId('preview').locator('article').first();
  await first.getByRole('button', { name: 'Must match' }).click();
  await expect(first.getByRole('button', { name: 'Must match' })).toHaveAttribute('aria-pressed', 'true');
  const section = page.getByTestId('expectations');
  await expect(section.getByRole('status')).toHaveText('The one expectation holds');
  await expect(section.locator('mark').first()).toBeVisible();

  await section.getByLabel('Text of a post').fill(`${word} and porridge`);
  await section.getByRole('radio', { name: 'Must not match' }).check({ force: true });
  await section.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(section.getByRole('status')).toHaveText('1 of 2 expectations broken');
  await expect(section.getByLabel('Broken')).toBeVisible();
  await expect(section).toContainText('lets it in');

  const editor = page.getByRole('textbox', { name: 'Query' });
  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(`${word} NOT porridge`);
  await expect(section.getByRole('status')).toHaveText('All 2 expectations hold');

  const download = page.waitForEvent('download');
  await section.getByRole('button', { name: 'Export' }).click();
  const path = await (await download).path();
  await section.getByRole('button', { name: /^Take out: .*porridge/ }).click();
  await expect(section.getByRole('listitem').filter({ hasText: 'porridge' })).toHaveCount(0);
  await section.getByLabel(/A file of/).setInputFiles(path);
  await expect(section.getByRole('listitem').filter({ hasText: 'porridge' })).toHaveCount(1);

  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(`${word} NOT breakfast`);
  await expect(section.getByRole('status')).toHaveText(/broken$/);
  await page.getByRole('button', { name: 'Save changes' }).click();
  const warning = page.getByRole('alertdialog');
  await expect(warning).toContainText('The query breaks an expectation');
  await warning.getByRole('button', { name: 'Cancel' }).click();
  await expect(page).toHaveURL(new RegExp(`/monitors/${id}`));
  await page.getByRole('button', { name: 'Save changes' }).click();
  await warning.getByRole('button', { name: 'Save anyway' }).click();
  await expect(page).toHaveURL(/\/monitors(\?.*)?$/);

  await page.goto(`/monitors/${id}`);
  await expect(section.getByRole('status')).toHaveText(/broken$/);
  await section.getByText('Earlier versions').click();
  await section.getByRole('button', { name: 'Restore version 1' }).click();
  await expect(section.getByRole('listitem').filter({ hasText: 'porridge' })).toHaveCount(0);
  await isFit(page);
  await request.delete(`/api/v1/monitors/${id}`);
});

import { digits, expect, test } from './test';

// These are about what is written; the form has tests of its own (journeys).
test.beforeEach(({ page }) => page.addInitScript(() => localStorage.setItem('groundswell.query', 'boolean')));

test('a monitor is written, corrected, saved, backfilled, edited, deleted and brought back', async ({
  page,
  request,
}) => {
  const answer = await request.get('/api/v1/breakdown?by=term&limit=1');
  const { items } = (await answer.json()) as { items: { key: string }[] };
  const word = items[0]?.key;
  if (!word) throw new Error('the server knows no terms');
  const name = `Test ${Date.now() % 100_000}`;

  await page.goto('/monitors');
  await page.getByRole('link', { name: 'New monitor' }).click();
  await page.getByLabel('Name').fill(name);
  const editor = page.getByRole('textbox', { name: 'Query' });
  await editor.click();
  await page.keyboard.type(`${word} OR "never closed`);
  const save = page.getByRole('button', { name: 'Create monitor' });
  const problems = page.getByTestId('problems');
  await expect(problems.getByText('Error').first()).toBeVisible();
  await expect(page.locator('.cm-lintRange-error').first()).toBeVisible();
  await expect(save).toBeDisabled();

  const fix = problems.getByRole('button', { name: /^Change the query to/ }).first();
  if (await fix.isVisible()) await fix.click();
  else await page.keyboard.type('"');
  await expect(page.locator('.q-operator').first()).toHaveText('OR');
  await expect(page.getByTestId('preview')).toContainText(/posts match/);
  await expect(page.getByTestId('preview').locator('article').first()).toBeVisible();
  await page.getByText('Topic', { exact: true }).click();
  await save.click();

  const row = page.getByTestId('monitors').getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('Topic');
  await expect(row).toContainText(/found/, { timeout: 45_000 });
  await expect
    .poll(async () => digits(await row.locator('.count').getAttribute('title')), { timeout: 45_000 })
    .toBeGreaterThan(0);

  await row.getByRole('link', { name: `Edit ${name}` }).click();
  await page.getByLabel('Name').fill(`${name} b`);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(row).toContainText(`${name} b`);

  await row.getByRole('button', { name: /^Pause/ }).click();
  await expect(row).toContainText('Paused');

  await row.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toHaveCount(1);

  await row.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
});

test('an old version of a query is restored', async ({ page, request }) => {
  const name = `Versions ${Date.now() % 100_000}`;
  const made = await request.post('/api/v1/projects/default/monitors', { data: { name, query: 'first' } });
  const { id } = (await made.json()) as { id: string };
  await request.put(`/api/v1/monitors/${id}`, { data: { name, query: 'first OR second' } });

  await page.goto(`/monitors/${id}`);
  const versions = page.getByTestId('versions').getByRole('listitem');
  await expect(versions).toHaveCount(2);
  await expect(versions.first().locator('ins').last()).toHaveText('second');
  await page.getByRole('button', { name: 'Restore version 1' }).click();
  await expect(versions).toHaveCount(3);
  await expect(versions.first()).toContainText('restored from version 1');
  await expect(page.getByRole('textbox', { name: 'Query' })).toHaveText('first');
  await expect(page.getByRole('button', { name: 'Restore version 1' })).toHaveCount(0);
  await request.delete(`/api/v1/monitors/${id}`);
});

test('a monitor that does not exist is said to be gone', async ({ page }) => {
  await page.goto('/monitors/no-such-monitor');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This monitor does not exist any more');
});

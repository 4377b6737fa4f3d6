import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './test';

test('a report is defined, made, approved, and waits for a mail server', async ({ page }) => {
  await page.goto('/reports');
  const create = page.getByRole('button', { name: 'New report' });
  await expect(create.or(page.getByLabel('Name', { exact: true })).first()).toBeVisible();
  if (await create.isVisible()) await create.click();
  const name = `Review ${Date.now()}`;
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Recipients').fill('ana@acme.example, bo@acme.example');
  await page.getByLabel('Headline figures').check();
  await page.getByLabel('Platforms', { exact: true }).check();
  await page.getByRole('button', { name: 'Create' }).click();

  const report = page.getByTestId('reports').locator('li', { hasText: name });
  await expect(report).toBeVisible();
  await report.getByRole('button', { name: 'Make', exact: true }).click();
  const made = page.getByTestId('renditions').locator('li', { hasText: name });
  await expect(made).toContainText('Draft');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    made.getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/-draft\.pdf$/);

  await made.getByRole('button', { name: 'Approve' }).click();
  await expect(made).toContainText('Approved');
  await expect(made).toContainText('ana@acme.example: waits');
  await expect(made).toContainText('bo@acme.example: waits');
  await expect(page.getByText('There is no mail server yet')).toBeVisible();
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map(({ id }) => id)).toEqual([]);

  await made.getByRole('button', { name: `Delete “${name}”` }).click();
  await expect(made).toHaveCount(0);
  await report.getByRole('button', { name: `Delete “${name}”` }).click();
  await expect(report).toHaveCount(0);
});

test('an address that is none is named', async ({ page }) => {
  await page.goto('/reports');
  const create = page.getByRole('button', { name: 'New report' });
  await expect(create.or(page.getByLabel('Name', { exact: true })).first()).toBeVisible();
  if (await create.isVisible()) await create.click();
  await page.getByLabel('Name', { exact: true }).fill('Odd');
  await page.getByLabel('Recipients').fill('nobody');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('`nobody` is no mail address')).toBeVisible();
});

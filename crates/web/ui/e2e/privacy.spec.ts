import { readFile } from 'node:fs/promises';
import { expect, isFit, test } from './test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('limits are set and are in force', async ({ page, request }) => {
  await page.goto('/privacy');
  const field = page.getByLabel('Texts, X, in days');
  await expect(field).toBeVisible();
  await field.fill('40');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('retention').getByRole('row', { name: /^X/ })).toContainText('in force: 40 days');
  const kept = (await (await request.get('/api/v1/projects/default/retention')).json()) as {
    own: { platforms: Record<string, { text_days: number }> };
  };
  expect(kept.own.platforms['x']?.text_days).toBe(40);
  await field.fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('retention').getByRole('row', { name: /^X/ })).not.toContainText('40 days');
});

test('an author is erased; the receipt is saved and the log knows it', async ({ page }) => {
  // All of the journal is read through for it.
  test.setTimeout(240_000);
  const number = Date.now() % 100_000;
  const handle = `gone_${number}`;
  const reason = `asked for in letter ${number}`;
  await page.goto('/privacy?part=erasure');
  const form = page.getByTestId('erase');
  await form.getByLabel(/^Author/).fill(handle);
  await form.getByRole('combobox', { name: 'Platform' }).selectOption('mastodon');
  await form.getByLabel(/^Reason/).fill(reason);
  await form.getByRole('button', { name: 'Erase' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Erase' }).click();
  const first = page.getByTestId('erasures').getByRole('listitem').filter({ hasText: reason });
  await expect(first).toBeVisible({ timeout: 150_000 });
  await expect(first.getByTestId('receipt')).toBeVisible({ timeout: 60_000 });
  await first.getByTestId('receipt').locator('summary').click();
  await expect(first.getByTestId('receipt')).toContainText('Refused from now on');
  const saving = page.waitForEvent('download');
  await first.getByRole('button', { name: 'Save the receipt' }).click();
  const receipt = JSON.parse(await readFile(await (await saving).path(), 'utf8')) as { signature: string };
  expect(receipt.signature.length).toBeGreaterThan(40);

  await page.getByRole('radio', { name: 'Audit log' }).check({ force: true });
  await expect(page).toHaveURL(/part=audit/);
  await expect(page.getByText(/The chain holds over all/)).toBeVisible();
  await expect(page.getByTestId('audit')).toContainText(reason);
  await expect(page.getByTestId('audit')).not.toContainText(handle);
  await page.goBack();
  await expect(page.getByTestId('erase')).toBeVisible();
});

test('platforms say what they demand and where that was read', async ({ page }) => {
  await page.goto('/privacy?part=platforms');
  const youtube = page.getByTestId('policy').filter({ hasText: 'YouTube' });
  await youtube.locator('summary').click();
  await expect(youtube).toContainText('the platform allows 30 days');
  await expect(youtube).toContainText('Source: YouTube API Services');
});

test('every part is fit', async ({ page }) => {
  test.slow();
  for (const part of ['retention', 'erasure', 'audit', 'platforms&named=youtube']) {
    await page.setViewportSize({ width: 1360, height: 900 });
    await page.goto(`/privacy?part=${part}`);
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
    await page.waitForTimeout(800);
    await isFit(page);
  }
});

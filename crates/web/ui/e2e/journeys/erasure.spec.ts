import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

const PROGRAM = process.env['GROUNDSWELL_BINARY'] ?? '../../../target/debug/groundswell';

test('erase an author and verify the receipt', async ({ page }) => {
  // All of the journal is read through for it.
  test.setTimeout(420_000);
  const reason = `asked for in letter ${Date.now() % 100_000}`;
  await page.goto('/mentions?range=7d&source=mastodon');
  const first = page.locator('article').filter({ hasText: 'Person ' }).first();
  await expect(first).toBeVisible();

  // Who wrote it: a deliberate act with a reason.
  await first.getByRole('button', { name: 'More to do' }).click();
  await page.getByRole('menuitem', { name: 'Who wrote this' }).click();
  await page.getByLabel('Reason').fill(reason);
  await page.getByRole('button', { name: 'Look them up' }).click();
  const revealed = page.getByTestId('revealed');
  await expect(revealed.getByText('Handle')).toBeVisible();
  const handle = await revealed.locator('dd').first().innerText();
  await page.getByRole('button', { name: 'Done' }).click();
  const author = await first.locator('.name').innerText();

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Privacy', exact: true }).click();
  await page.getByRole('radio', { name: 'Erasure' }).check({ force: true });
  const form = page.getByTestId('erase');
  await form.getByLabel(/^Author/).fill(handle);
  await form.getByRole('combobox', { name: 'Platform' }).selectOption('mastodon');
  await form.getByLabel(/^Reason/).fill(reason);
  await form.getByRole('button', { name: 'Erase' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Erase' }).click();
  const row = page.getByTestId('erasures').getByRole('listitem').filter({ hasText: reason });
  await expect(row.getByTestId('receipt')).toBeVisible({ timeout: 240_000 });

  // The receipt says what went, and holds.
  await row.getByTestId('receipt').locator('summary').click();
  await expect(row.getByTestId('receipt')).toContainText('groundswell erase --verify');
  const saving = page.waitForEvent('download');
  await row.getByRole('button', { name: 'Save the receipt' }).click();
  const folder = await mkdtemp(join(tmpdir(), 'receipt-'));
  const file = join(folder, 'receipt.json');
  await (await saving).saveAs(file);
  const data = join(dirname(process.env['TRUTH'] ?? ''), 'demo');
  const { stdout } = await promisify(execFile)(PROGRAM, ['erase', '--verify', file, '--data', data]);
  expect(stdout).toMatch(/holds|verif|right|ok/i);

  // Nothing of them is found any more.
  await page.goto('/mentions?range=7d&source=mastodon');
  await expect(page.locator('article').first()).toBeVisible();
  await expect(page.locator('article .name').filter({ hasText: author })).toHaveCount(0);
  // Who looked, and who erased, stands in the log.
  await page.goto('/privacy?part=audit');
  await expect(page.getByTestId('audit')).toContainText(reason);
  await expect(page.getByTestId('audit')).not.toContainText(handle);
});

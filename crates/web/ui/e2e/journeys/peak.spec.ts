import { readFile } from 'node:fs/promises';
import { expect, test } from '../test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('find why a peak happened and export the evidence', async ({ page }) => {
  test.setTimeout(240_000);
  // The past is walked as soon as it is stored; the marks come then.
  await page.goto('/?range=7d');
  const marks = page
    .getByTestId('peaks')
    .first()
    .getByRole('link', { name: /^\d\. .*Peak: / });
  await expect(async () => {
    await page.reload();
    await expect(marks.first()).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 120_000 });
  const peak = marks.first();
  const number = (await peak.innerText()).trim();
  // The line of the same number below the chart leads to the same place.
  const line = page
    .getByTestId('peak-list')
    .getByRole('listitem')
    .nth(Number(number) - 1);
  await expect(line.getByRole('link')).toHaveAttribute('href', (await peak.getAttribute('href')) ?? '');
  await peak.click();

  // Why: every sentence leads to the mentions it rests on.
  await expect(page).toHaveURL(/\/trends\//);
  const sentences = page.getByTestId('sentences');
  await expect(sentences).toContainText(/mentions by .* people/, { timeout: 60_000 });
  await sentences.getByRole('button').first().click();
  await expect(page.getByTestId('evidence').locator('article').first()).toBeVisible();
  await expect(page.getByTestId('parts')).toContainText('Platform');

  // The evidence as a file, with what each platform lets out.
  await page.getByRole('button', { name: 'Export the evidence' }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const lines = (await readFile(await (await saving).path(), 'utf8')).split('\n');
  expect(lines.length).toBeGreaterThan(10);

  // And the mentions themselves, to read on.
  await page.getByRole('link', { name: 'All its mentions' }).click();
  await expect(page).toHaveURL(/\/mentions\?.*from=\d+/);
  await expect(page.locator('article').first()).toBeVisible();
});

import { expect, isFit, test } from './test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('a sample is drawn and labelled with keys, and says how right the model was', async ({ page }) => {
  test.slow();
  await page.goto('/accuracy?range=7d');
  await expect(page.getByTestId('corrected').getByRole('row', { name: /^Negative/ })).toContainText('%');
  await page.getByRole('button', { name: 'Draw 50 posts now' }).click();
  await expect(page).toHaveURL(/\/accuracy\/s_/);
  const labeller = page.getByTestId('labeller');
  await expect(labeller).toContainText('50 left');
  await isFit(page);
  await page.setViewportSize({ width: 1360, height: 900 });
  for (let n = 0; n < 31; n += 1) await page.keyboard.press(String(1 + (n % 3)));
  await page.keyboard.press('s');
  await expect(labeller).toContainText('18 left');
  await page.keyboard.press('z');
  await expect(labeller).toContainText('19 left');
  await expect(page.getByTestId('results')).toContainText(/How often the model was right \d+/, { timeout: 30_000 });
  await page.getByRole('link', { name: 'Accuracy', exact: true }).click();
  await expect(page.getByTestId('samples').getByRole('listitem').first()).toContainText('31 of 50 labelled');
  await expect(page.getByTestId('corrected')).toContainText(/Corrected by \d+ labels drawn at random/);
  await isFit(page);
});

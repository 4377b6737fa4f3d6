import { expect, test } from '../test';

/** The journeys speak to the whole API, which the mock does not know. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('first run to first alert: a project, the guide, the overview, an alert that says something', async ({ page }) => {
  test.setTimeout(300_000);
  const number = Date.now() % 100_000;
  await page.goto('/');
  await page.getByRole('button', { name: /^Project:/ }).click();
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByLabel('Name of the project').fill(`Journey ${number}`);
  await page.getByRole('button', { name: 'Create', exact: true }).click();

  // An empty project asks what to look for.
  await expect(page).toHaveURL(/\/welcome\?project=/);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Brand mentions').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Your names').fill('Kelvora');
  await page.getByLabel('Competitors').fill('Ozenti');
  await page.getByRole('button', { name: 'Start watching' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Ozenti' })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Open the overview' }).click();

  // It ends on a live page that has a past.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await expect(page.getByTestId('newest').locator('article').first()).toBeVisible({ timeout: 90_000 });

  const navigation = page.getByRole('navigation', { name: 'Main' });
  await navigation.getByRole('link', { name: 'Alerts', exact: true }).click();
  await page
    .getByTestId('templates')
    .getByRole('button', { name: /^Every mention/ })
    .click();
  const form = page.getByTestId('alert-form');
  await form.getByLabel('Name', { exact: true }).fill(`First ${number}`);
  await form.getByLabel('Then nothing more for').selectOption('0');
  await expect(page.getByTestId('backtest')).toContainText(/Would have told you something/, { timeout: 90_000 });
  await form.getByRole('button', { name: 'Save alert' }).click();
  await expect(
    page
      .getByTestId('alerts')
      .getByRole('listitem')
      .filter({ hasText: `First ${number}` }),
  ).toBeVisible();

  // The stream goes on by itself; somebody names the brand before long.
  await page.getByLabel('What was told').check({ force: true });
  const told = page
    .getByTestId('alert-events')
    .getByRole('listitem')
    .filter({ hasText: `First ${number}` });
  await expect(async () => {
    await page.reload();
    await page.getByLabel('What was told').check({ force: true });
    await expect(told.first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 120_000 });
  // On a wide screen the evidence of what was told last stands beside it.
  await expect(told.first().getByRole('button', { name: 'Hide the evidence' })).toBeVisible();
  await expect(page.getByTestId('alert-evidence').locator('article').first()).toContainText(/kelvora|ozenti/i);
});

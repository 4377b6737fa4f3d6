import { expect, isFit, test } from './test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('accounts are named, and their channels stand side by side', async ({ page, request }) => {
  test.slow();
  const monitors = (await (await request.get('/api/v1/projects/default/monitors')).json()) as {
    id: string;
    name: string;
  }[];
  const [own, other] = monitors;
  for (const one of monitors) await request.put(`/api/v1/monitors/${one.id}/accounts`, { data: [] });
  await page.goto('/channels?range=7d');
  await expect(page.getByTestId('nothing')).toContainText('No accounts yet');
  await page.getByRole('button', { name: 'Accounts' }).click();
  const form = page.getByTestId('accounts');
  await form.getByLabel('Monitor').selectOption(own!.id);
  await form.getByLabel('Platform').fill('bluesky');
  await form.getByLabel('Handle').fill('@kelvora');
  await form.getByRole('button', { name: 'One more account' }).click();
  await form.getByLabel('Platform').last().fill('x');
  await form.getByLabel('Handle').last().fill('kelvora');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('side')).toContainText('2 accounts');

  await request.put(`/api/v1/monitors/${other!.id}/accounts`, {
    data: ['bluesky', 'x', 'mastodon'].map((platform) => ({ platform, handle: 'ozenti' })),
  });
  await page.reload();
  await expect(page.getByTestId('side').getByRole('columnheader')).toHaveCount(3);
  await expect(page.getByTestId('channel')).toHaveCount(2);
  await expect(page.getByTestId('side').getByRole('row', { name: /^Posts a day/ })).toContainText(/\d/);

  // A bar opens the posts behind it: those of the accounts alone.
  await page
    .getByTestId('channel')
    .first()
    .getByRole('button', { name: /^Reply/ })
    .click();
  await expect(page).toHaveURL(/p\.voice=owned/);
  await expect(page.getByTestId('posts-panel').locator('article').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('posts-panel')).toHaveCount(0);
  await isFit(page);
});

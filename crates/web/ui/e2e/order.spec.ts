import { expect, isFit, test } from './test';

test('mentions are listed in another order, which the address keeps', async ({ page }) => {
  await page.goto('/mentions?range=7d');
  await expect(page.locator('article').first()).toBeVisible();
  const asked = page.waitForResponse((answer) => /\/mentions\?.*sort=engagement/.test(answer.url()));
  await page.getByRole('combobox', { name: 'Order', exact: true }).selectOption('engagement');
  const { items } = (await (await asked).json()) as {
    items: { post: { likes: number | null; reposts: number | null; replies: number | null } }[];
  };
  const sums = items.map(({ post }) => (post.likes ?? 0) + (post.reposts ?? 0) + (post.replies ?? 0));
  expect(sums[0] ?? 0).toBeGreaterThanOrEqual(sums.at(-1) ?? 0);
  await expect(page).toHaveURL(/[?&]sort=engagement/);

  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Order', exact: true })).toHaveValue('engagement');
  await page.getByRole('combobox', { name: 'Order', exact: true }).selectOption('audience');
  await expect(page.getByText('those whose followers are not known come last')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('combobox', { name: 'Order', exact: true })).toHaveValue('engagement');
  await isFit(page);
});

test('what is searched for can be ordered by how well it matches', async ({ page }) => {
  await page.goto('/mentions?range=7d');
  await expect(page.locator('article').first()).toBeVisible();
  const orders = page.getByRole('combobox', { name: 'Order', exact: true });
  const best = orders.getByRole('option', { name: 'Best match' });
  await expect(best).toBeDisabled();

  await page.goto('/mentions?range=7d&q=the');
  await expect(best).toBeEnabled();
  const asked = page.waitForResponse((answer) => /\/mentions\?.*sort=relevance/.test(answer.url()));
  await orders.selectOption('relevance');
  expect((await asked).status()).toBe(200);
  await expect(page).toHaveURL(/[?&]sort=relevance/);
  await expect(page.getByText('rare ones count more than common ones')).toBeVisible();
  await isFit(page);

  // Without the search the order goes, too.
  await page.goto('/mentions?range=7d&sort=relevance');
  await expect(orders).toHaveValue('newest');
});

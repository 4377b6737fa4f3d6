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

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './test';

/** These pages speak to the whole API, which the mock does not know. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

const API = '/api/v1/projects/default';

test('a mention is starred, tagged and corrected, and each can be undone', async ({ page }) => {
  await page.goto('/mentions?range=7d');
  const first = page.locator('article').first();
  await expect(first).toBeVisible();
  const star = first.getByRole('button', { name: 'Starred' });
  await star.click();
  await expect(star).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(star).toHaveAttribute('aria-pressed', 'false');

  const tag = `t${Date.now() % 100_000}`;
  await first.getByRole('button', { name: 'Tags and more' }).click();
  await page.getByLabel('Tags separated by commas').fill(tag);
  await page.getByRole('combobox', { name: 'Status' }).selectOption('pending');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(first.getByRole('link', { name: `Tag: ${tag}` })).toBeVisible();
  await expect(first.getByRole('link', { name: 'Status: Pending' })).toBeVisible();

  await first
    .getByRole('button', { name: /^Correct the sentiment toward/ })
    .first()
    .click();
  await page.getByRole('menuitemradio', { name: 'Negative' }).click();
  await expect(first.getByLabel('corrected by hand')).toBeVisible();

  // The server knows it too: a filter finds that mention, and no other.
  await first.getByRole('link', { name: `Tag: ${tag}` }).click();
  await expect(page).toHaveURL(new RegExp(`tag=${tag}`));
  await expect(page.locator('article')).toHaveCount(1);
  await expect(page.locator('article').getByLabel('corrected by hand')).toBeVisible();
});

test('keys go through the list, and the bar changes what is selected', async ({ page, request }) => {
  const tag = `bulk${Date.now() % 100_000}`;
  await page.goto('/mentions?range=7d');
  await expect(page.locator('article').first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeHidden();
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  const bar = page.getByTestId('bulk');
  await expect(bar).toContainText('2 selected');
  await bar.getByRole('button', { name: 'Tags and more' }).click();
  await page.getByLabel('Add tags separated by commas').fill(tag);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toHaveCount(0);
  await expect(page.getByRole('link', { name: `Tag: ${tag}` })).toHaveCount(2);

  await page.goto(`/mentions?range=7d&tag=${tag}`);
  await expect(page.locator('article')).toHaveCount(2);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByRole('button', { name: /^Select all \d+ found/ }).click();
  await page.getByTestId('bulk').getByRole('button', { name: 'Star', exact: true }).click();
  await expect
    .poll(async () => {
      const answer = await request.get(`/api/v1/mentions?from=0&tag=${tag}&mark=starred`);
      return ((await answer.json()) as { total: number }).total;
    })
    .toBeGreaterThanOrEqual(2);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
});

test('a rule is made, applied to the past, undone and deleted', async ({ page, request }) => {
  const name = `Rule ${Date.now() % 100_000}`;
  const tag = `r${Date.now() % 100_000}`;
  await page.goto('/rules');
  await page.getByRole('button', { name: 'New rule' }).click();
  const form = page.getByTestId('rule-form');
  await form.getByLabel('What it is for').fill(name);
  await form.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByLabel('Filter by').selectOption('sentiment');
  await page.getByLabel('Value').selectOption('negative');
  await page.getByRole('button', { name: 'Only these' }).click();
  await form.getByLabel(/^Add tags/).fill(tag);
  // Beside the form: what it would have done.
  const preview = page.getByTestId('rule-preview');
  await expect(preview).toContainText('mentions of the last 30 days');
  await expect(preview.getByRole('row', { name: new RegExp(tag) })).toContainText(/\d/);
  await expect(preview.locator('article').first()).toBeVisible();
  await form.getByRole('button', { name: 'Save rule' }).click();
  const row = page.getByTestId('rules').getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('Negative');

  await row.getByRole('button', { name: `Apply “${name}” to the past` }).click();
  await expect(row.getByTestId('run')).toContainText(/mentions of the past changed/, { timeout: 30_000 });
  await expect(page.getByTestId('tags').getByRole('link', { name: tag })).toBeVisible();
  await row.getByRole('button', { name: 'Undo that' }).click();
  await expect(page.getByText(/mentions are as they were/)).toBeVisible();

  await row.getByRole('button', { name: `Delete “${name}”` }).click();
  await expect(row).toHaveCount(0);
  const left = (await (await request.get(`${API}/rules`)).json()) as { name: string }[];
  expect(left.map((rule) => rule.name)).not.toContain(name);
});

test('an account makes a key with scopes and withdraws it', async ({ page }) => {
  await page.goto('/account');
  await page.getByLabel('What it is for').fill('e2e');
  await page.getByLabel('read mentions').check();
  await page.getByRole('button', { name: 'Make a key' }).click();
  await expect(page.getByText('Hand this on now')).toBeVisible();
  const row = page.getByTestId('keys').getByRole('listitem').filter({ hasText: 'e2e' }).first();
  await expect(row).toContainText('read mentions');
  await row.getByRole('button', { name: 'Withdraw' }).click();
  await expect(row).toHaveCount(0);
});

test('axe finds nothing with the bar, a form and the help open', async ({ page }) => {
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/mentions?range=7d');
  await expect(page.locator('article').first()).toBeVisible();
  for (const key of ['j', 'x']) await page.keyboard.press(key);
  await page.getByTestId('bulk').getByRole('button', { name: 'Tags and more' }).click();
  await page.waitForTimeout(300);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`)).toEqual([]);
});

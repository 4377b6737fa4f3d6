import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './test';

/** These pages speak to the whole API, which the mock does not know. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('topics are listed, drawn as a wheel, and lead to their posts', async ({ page }) => {
  await page.goto('/topics?range=7d');
  const list = page.getByTestId('topic-list').getByRole('listitem');
  await expect(list.first()).toContainText('Posts');
  await expect(page.getByTestId('wheel').locator('canvas')).toBeVisible();
  await expect(page.getByTestId('changed').getByRole('heading', { level: 3 })).toHaveCount(2);

  const examples = list.first().getByRole('button', { name: 'Examples' });
  await examples.click();
  await expect(examples).toHaveAttribute('aria-expanded', 'true');
  await expect(list.first().locator('article').first()).toBeVisible();

  const name = await list.first().locator('h3 button').innerText();
  await list.first().locator('h3 button').click();
  const panel = page.getByTestId('posts-panel');
  await expect(panel.locator('article').first()).toBeVisible();
  // A topic's words may change while posts come in: one of them is enough to know it.
  await expect(panel.getByRole('heading', { level: 2 })).toContainText(new RegExp(name.split(', ').join('|')));
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  const found = await new AxeBuilder({ page }).exclude('.svelte-sonner').analyze();
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});

test('a copied text shows how it spread, and leads to its copies', async ({ page }) => {
  await page.goto('/topics?range=7d');
  await page.getByTestId('copied').getByRole('button', { name: 'How it spread' }).first().click();
  const cascade = page.getByTestId('cascade');
  await expect(cascade.getByRole('heading', { level: 2 })).toContainText('posts with the same text');
  await expect(cascade.getByText('The first one')).toBeVisible();
  await expect(cascade.locator('canvas')).toBeVisible();
  await cascade.getByRole('button', { name: 'Show all of them' }).click();
  await expect(page.getByTestId('posts-panel').locator('article')).toHaveCount(1);
  await expect(page.getByTestId('posts-panel').getByRole('button', { name: /cop(y|ies)/ })).toBeVisible();
});

test('the page fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/topics?range=7d');
  await expect(page.getByTestId('topic-list').getByRole('listitem').first()).toBeVisible();
  await expect(page.getByTestId('copied').getByRole('listitem').first()).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
});

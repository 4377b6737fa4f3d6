import { expect, test } from './test';

test('every model says how often it is right, and whether its percentages hold', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Models' }).click();
  await expect(page).toHaveURL(/\/models$/);
  const glance = page.getByTestId('glance');
  await expect(glance.getByRole('row').nth(1)).toContainText(/\d+%/);

  const card = page.getByTestId('task-sentiment');
  await expect(card).toContainText(/When it says \d+% sure, it is right \d+% of the time\./);
  await expect(card).toContainText('panel@2');
  await expect(card).toContainText('encoder@2');
  await expect(card.getByText('What it gets wrong')).toBeVisible();
  await card.getByText(/^Trained on/).click();
  await expect(card.getByRole('columnheader', { name: 'Licence' })).toBeVisible();
});

test('a task in the address is led to', async ({ page }) => {
  await page.goto('/models');
  await page.getByTestId('glance').getByRole('link', { name: 'Irony' }).click();
  await expect(page).toHaveURL(/#irony$/);
  await expect(page.getByRole('heading', { name: 'Irony', exact: true })).toBeInViewport();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Irony', exact: true })).toBeInViewport();
});

test('a reliability diagram answers to the pointer and to the keyboard', async ({ page }) => {
  await page.goto('/models');
  const diagram = page.getByTestId('task-sentiment').getByRole('slider').first();
  await diagram.focus();
  await expect(page.locator('.readout')).toContainText('says');
  const last = await diagram.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowLeft');
  await expect(diagram).not.toHaveAttribute('aria-valuetext', last ?? '');
  await page.keyboard.press('Home');
  await expect(diagram).toHaveAttribute('aria-valuetext', /^says \d+%, right \d+%/);
  await diagram.blur();
  await expect(page.locator('.readout')).toHaveCount(0);
  await diagram.hover();
  await expect(page.locator('.readout')).toHaveCount(1);
});

test('measures, models and sets can be chosen', async ({ page }) => {
  await page.goto('/models');
  const card = page.getByTestId('task-sentiment');
  const numbers = () => card.locator('td.number').allTextContents();
  const before = await numbers();
  await card.getByRole('radio', { name: 'Balanced score' }).check();
  await expect.poll(numbers).not.toEqual(before);

  const matrix = () => card.getByRole('table', { name: /What is taken for what/ }).innerText();
  const full = await matrix();
  await card.getByRole('group', { name: 'Model', exact: true }).getByRole('radio', { name: 'Fast' }).check();
  await expect.poll(matrix).not.toBe(full);
  const all = await matrix();
  await card.getByRole('combobox').selectOption({ label: 'German (umsab)' });
  await expect.poll(matrix).not.toBe(all);
});

test('an answer that does not come is said, and asked for again', async ({ page }) => {
  await page.route('**/api/v1/models', (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', message: 'the weights are gone', hint: null } }),
  );
  await page.goto('/models');
  await expect(page.getByRole('alert')).toContainText('The weights are gone.');
  await page.unroute('**/api/v1/models');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('task-sentiment')).toBeVisible();
});

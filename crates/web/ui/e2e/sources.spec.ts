import { expect, isFit, test } from './test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('a source is added, tested, paused, changed and removed', async ({ page, request }) => {
  test.slow();
  const name = `feed-${Date.now() % 100_000}`;
  await page.goto('/sources');
  await page.getByRole('link', { name: 'Add a source' }).click();
  await expect(page.getByTestId('connectors').getByRole('listitem')).toHaveCount(15);
  await page.getByTestId('connectors').getByRole('button', { name: /^RSS/ }).click();
  await expect(page).toHaveURL(/named=feed/);
  await expect(page.getByTestId('about')).toContainText('Cannot see');
  const form = page.getByTestId('source-form');
  await form.getByLabel('Name of the source').fill(name);
  await form.getByLabel(/^urls/).fill('not an address');
  await form.getByRole('button', { name: 'Add the source' }).click();
  await expect(page.getByRole('alert')).toContainText('urls');
  await form.getByLabel(/^urls/).fill('http://127.0.0.1:9/feed');
  await form.getByLabel('Posts a day').fill('100');
  await form.getByRole('button', { name: 'Add the source' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Source ${name}`);

  await page.goto('/sources');
  const row = page.getByTestId('source').filter({ hasText: name });
  await expect(row.getByTestId('strip')).toBeVisible();
  await row.getByRole('button', { name: `Test ${name}` }).click();
  await expect(row.getByRole('status')).toContainText(/It works|It does not work/, { timeout: 40_000 });
  await row.getByRole('button', { name: `Pause ${name}` }).click();
  await expect(row.getByRole('button', { name: `Let ${name} go on` })).toBeVisible();

  await row.getByRole('link', { name: `Settings of ${name}` }).click();
  await expect(page.getByLabel('Posts a day')).toHaveValue('100');
  await page.getByLabel('Posts a day').fill('200');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sources and health');
  const kept = (await (await request.get(`/api/v1/sources/${name}`)).json()) as { budget: { most: number }[] };
  expect(kept.budget[0]?.most).toBe(200);

  await page.goto(`/sources/${name}`);
  await isFit(page);
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByTestId('source').filter({ hasText: name })).toHaveCount(0);
});

test('what stands in the file is shown and cannot be changed', async ({ page, request }) => {
  const [own] = (await (await request.get('/api/v1/sources')).json()) as object[];
  const fixed = {
    ...own,
    name: 'fixed',
    connector: 'bluesky',
    origin: 'file',
    mode: 'sealed',
    options: { languages: ['en'] },
  };
  await page.route('**/api/v1/sources', (route) => route.fulfill({ json: [fixed] }));
  await page.goto('/sources/fixed');
  await expect(page.getByText('so it is shown here read-only')).toBeVisible();
  await expect(page.getByText('["en"]')).toBeVisible();
  await expect(page.getByTestId('source-form')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Remove' })).toHaveCount(0);
});

test('gaps are listed, and the page is fit', async ({ page }) => {
  test.slow();
  await page.route('**/api/v1/coverage*', async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { to: number; gaps: object[] };
    const gap = {
      source: 'demo',
      from: answer.to - 7_200_000,
      until: answer.to - 3_600_000,
      kind: 'gap',
      reason: 'the line was cut',
      repaired: true,
    };
    await route.fulfill({ response, json: { ...answer, gaps: [gap] } });
  });
  await page.goto('/sources');
  await expect(page.getByTestId('gaps')).toContainText('the line was cut');
  await expect(page.getByTestId('gaps')).toContainText('fetched later');
  await isFit(page);
  await page.goto('/sources/new');
  await expect(page.getByTestId('connectors')).toBeVisible();
  await isFit(page);
});

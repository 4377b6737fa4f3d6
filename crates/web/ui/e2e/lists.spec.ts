import { expect, isFit, test } from './test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

const API = '/api/v1/projects/default';

test('a list is made, used by a monitor, changed, deleted and brought back', async ({ page, request }) => {
  const name = `l${Date.now() % 100_000}`;
  await page.goto('/lists?named=new');
  const form = page.getByTestId('list-form');
  await form.getByLabel(/^Name/).fill(name);
  await form.getByLabel(/^Terms/).fill('zork\nzork machine\nzork');
  await expect(form).toContainText('2 terms');
  await form.getByRole('button', { name: 'Save' }).click();
  const row = page
    .getByTestId('lists')
    .getByRole('listitem')
    .filter({ hasText: `list:${name}` });
  await expect(row).toContainText('used by no monitor');
  const made = await request.post(`${API}/monitors`, {
    data: { name: `Of ${name}`, query: `list:${name}`, role: 'topic', color: 3 },
  });
  expect(made.ok()).toBe(true);
  await page.reload();
  await expect(row.getByRole('link', { name: `Of ${name}` })).toBeVisible();
  await row.getByRole('button', { name: `Edit ${name}` }).click();
  await expect(page).toHaveURL(new RegExp(`named=${name}`));
  await form.getByLabel(/^Terms/).fill('zork\nzork machine\nzorks');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('3 terms');
  await request.delete(`/api/v1/monitors/${((await made.json()) as { id: string }).id}`);
  await row.getByRole('button', { name: `Delete ${name}` }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toContainText('3 terms');
  await isFit(page);
});

test('pinned answers are listed and lead to themselves', async ({ page, request }) => {
  const to = Date.now();
  await request.post(`${API}/permalinks`, {
    data: { filter: { from: to - 86_400_000, to }, measure: { metric: 'share_of_voice', by: 'monitor' } },
  });
  await page.goto('/explore');
  await page.getByRole('link', { name: 'Pinned answers' }).click();
  const first = page.getByTestId('pinned').getByRole('listitem').first();
  await expect(first).toContainText('Share of voice by monitor');
  await isFit(page);
  await page.setViewportSize({ width: 1360, height: 900 });
  await first.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Share of voice by monitor');
});

test('a run over the past can be stopped', async ({ page, request }) => {
  const name = `Stop ${Date.now() % 100_000}`;
  const rule = (await (
    await request.post(`${API}/rules`, {
      data: { name, filter: {}, change: { add_tags: [`stop${Date.now() % 100_000}`] }, active: false },
    })
  ).json()) as { id: string };
  // The run is over before a hand finds the button: it is held in the answer until the button was found.
  let asked = '';
  await page.route('**/rules/*/run', async (route) => {
    asked = `${route.request().method()} ${new URL(route.request().url()).pathname}`;
    await route.fulfill({ json: {} });
  });
  await page.route('**/projects/default/rules', async (route) => {
    const response = await route.fetch();
    const rules = (await response.json()) as { id: string; run: object | null }[];
    const run = {
      done: 10,
      total: 100,
      changed: 5,
      changes: [],
      ended: asked !== '',
      fault: null,
      stopped: asked !== '',
    };
    await route.fulfill({ response, json: rules.map((one) => (one.id === rule.id ? { ...one, run } : one)) });
  });
  await page.goto('/rules');
  const row = page.getByTestId('rules').getByRole('listitem').filter({ hasText: name });
  await row.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(row.getByTestId('run')).toContainText('stopped by hand');
  expect(asked).toBe(`DELETE ${API}/rules/${rule.id}/run`);
  // The server itself: what is not under way cannot be stopped.
  expect((await request.delete(`${API}/rules/${rule.id}/run`)).status()).toBe(409);
  await request.delete(`${API}/rules/${rule.id}`);
});

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './test';

/** These pages speak to the whole API, which the mock does not know. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

const API = '/api/v1/projects/default';

test('the recall stands out, and it is told why', async ({ page, request }) => {
  // The past is walked as soon as it is stored.
  test.slow();
  await expect
    .poll(
      async () =>
        ((await (await request.get(`${API}/findings?kinds=peak`)).json()) as { findings: unknown[] }).findings.length,
      { timeout: 90_000 },
    )
    .toBeGreaterThan(0);
  await page.goto('/trends');
  const rows = page.getByTestId('findings').locator('tbody tr');
  await expect(rows.filter({ hasText: 'Dock 3 recall' }).first()).toContainText('expected');
  // Events stand under how they stand, each with its line.
  await expect(page.getByTestId('findings').locator('tbody[data-stage]').first()).toBeVisible();
  await expect(rows.filter({ hasText: 'Dock 3 recall' }).first().locator('svg')).toBeVisible();
  await page.getByLabel('Peaks', { exact: true }).check({ force: true });
  const recall = rows.filter({ hasText: 'Kelvora' }).filter({ hasText: 'mentions' }).first();
  await expect(page).toHaveURL(/part=peaks/);
  const header = recall.getByRole('link', { name: /: why$/ });
  await header.click();

  const sentences = page.getByTestId('sentences');
  // One number is called expected, the detector's.
  await expect(sentences.getByRole('listitem').first()).toContainText(/mentions by .* people/);
  await expect(sentences).not.toContainText('to be expected');
  await expect(page.getByTestId('at-once')).toBeVisible();
  await sentences.getByRole('button').first().click();
  await expect(page.getByTestId('evidence').locator('article').first()).toBeVisible();
  await expect(page.getByTestId('parts')).toContainText('Platform');
  // No term is said to be said more whose interval spans none.
  await expect(page.getByText(/Said more than before|No word is said more than before/).first()).toBeVisible();
  for (const odds of await page.getByTestId('terms').locator('tbody td:nth-of-type(1)').allInnerTexts())
    expect(odds).not.toMatch(/\([-−]/);

  await page.getByRole('button', { name: 'Put aside' }).click();
  await expect(page.getByRole('button', { name: 'Take back' })).toBeVisible();
  await page.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByRole('button', { name: 'Put aside' })).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the findings (${scheme}), and they fit a phone`, async ({ page, request }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const list = (await (await request.get(`${API}/findings?kinds=peak`)).json()) as { findings: { id: string }[] };
    for (const path of ['/trends', `/trends/${list.findings[0]?.id}`]) {
      await page.goto(path);
      await expect(page.getByTestId(path === '/trends' ? 'findings' : 'sentences')).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await page.setViewportSize({ width: 1280, height: 720 });
    }
  });
}

test('an explanation is rephrased on request, and the original is one click away', async ({ page, request }) => {
  const list = (await (await request.get(`${API}/findings?kinds=peak`)).json()) as { findings: { id: string }[] };
  const id = list.findings[0]?.id;
  const model = { model: 'test-7b', host: '127.0.0.1:11434' };
  // The demo has no language model: what one would say is put into the answers here.
  await page.route(`**/findings/${id}/explanation`, async (route) => {
    const told = (await (await route.fetch()).json()) as Record<string, unknown>;
    await route.fulfill({ json: { ...told, rephrase: model } });
  });
  let asked = 0;
  await page.route(`**/findings/${id}/rephrasing`, async (route) => {
    asked += 1;
    const why = asked === 1 ? 'the answer holds a number that is not in what it rests on: 98765' : null;
    const parts = why === null ? [{ text: 'People spoke of it.', sentences: [0], mentions: [] }] : [];
    await route.fulfill({ json: { model: model.model, parts, made_at: 1, why_not: why } });
  });
  await page.goto(`/trends/${id}`);
  const button = page.getByRole('button', { name: 'Rephrase', exact: true });
  await button.click();
  await expect(page.getByText('It stands as we say it', { exact: false })).toContainText('98765');
  await expect(page.getByTestId('sentences')).toBeVisible();
  await button.click();
  await expect(page.getByTestId('rephrased')).toContainText('People spoke of it.');
  await expect(page.getByText('Rephrased by test-7b on 127.0.0.1:11434', { exact: false })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await button.click();
  await expect(page.getByTestId('sentences')).toBeVisible();
  await button.click();
  await expect(page.getByTestId('rephrased')).toBeVisible();
  expect(asked).toBe(2);
});

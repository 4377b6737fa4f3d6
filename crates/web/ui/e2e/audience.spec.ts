import { expect, isFit, test } from './test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

test('each part answers, keeps its place in the address and is fit', async ({ page, request }) => {
  test.setTimeout(300_000);
  const monitors = (await (await request.get('/api/v1/projects/default/monitors')).json()) as { id: string }[];
  await page.goto('/audience?range=7d');
  await expect(page.getByTestId('people')).toContainText(/People\s*[\d,]+/);
  await expect(page.getByTestId('together').getByRole('row').nth(1)).toContainText('Kelvora');
  await isFit(page);

  await page.setViewportSize({ width: 1360, height: 900 });
  await page.getByRole('radio', { name: 'Perceptions' }).check({ force: true });
  await expect(page).toHaveURL(/part=perceptions/);
  await expect(page.getByTestId('perceptions').getByRole('heading', { name: 'Kelvora' })).toBeVisible({
    timeout: 40_000,
  });
  await page.getByLabel('Seen by').selectOption('hashtag');
  await expect(page).toHaveURL(/by=hashtag/);
  await expect(page.getByTestId('perceptions').getByRole('button').first()).toContainText('#', { timeout: 40_000 });
  await isFit(page);
  await page.goBack();
  await page.goBack();
  await expect(page.getByTestId('people')).toBeVisible();

  await page.setViewportSize({ width: 1360, height: 900 });
  await page.goto(`/audience?range=7d&part=market&named=${monitors[0]!.id}`);
  await expect(page.getByTestId('awareness')).toContainText('Ozenti', { timeout: 40_000 });
  await expect(page.getByTestId('market')).toContainText('Mentions', { timeout: 40_000 });
  await isFit(page);

  await page.setViewportSize({ width: 1360, height: 900 });
  await page.goto('/audience?range=7d&part=entity&by=site');
  await page.getByTestId('entity-top').getByRole('button').first().click();
  await expect(page).toHaveURL(/named=/);
  await expect(page.getByTestId('entity')).toContainText('First seen', { timeout: 40_000 });
  await isFit(page);

  await page.setViewportSize({ width: 1360, height: 900 });
  await page.goto('/audience?range=7d&part=preferences');
  await expect(page.getByText(/texts that name two monitors/)).toBeVisible({ timeout: 120_000 });
  await isFit(page);
});

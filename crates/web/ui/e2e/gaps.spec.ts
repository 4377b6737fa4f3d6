import { expect, isFit, test } from './test';

/** The demo holds three days: what lies before was not collected, and charts say so. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

// The first minute is written down when it is over.
test.beforeAll(async ({ request }) => {
  const slots = async () => {
    const told = (await (await request.get('/api/v1/coverage')).json()) as { sources: { slots: unknown[] }[] };
    return told.sources.flatMap((source) => source.slots).length;
  };
  await expect.poll(slots, { timeout: 90_000 }).toBeGreaterThan(0);
});

for (const [place, path] of [
  ['the Overview', '/?range=7d'],
  ['Compare', '/compare?range=7d'],
  ['Explore', '/explore?range=7d'],
] as const) {
  test(`time that was not collected is hatched and named on ${place}`, async ({ page }) => {
    await page.goto(path);
    // Charts come first, what was collected after them.
    await expect(page.getByTestId('gap-legend').first()).toHaveText('not collected', { timeout: 20_000 });
    await expect(page.getByTestId('not-collected').first()).toBeVisible({ timeout: 20_000 });
  });
}

test('a bucket without a source is no zero, for whoever hears the chart, either', async ({ page }) => {
  await page.goto('/?range=7d');
  await expect(page.getByTestId('gap-legend').first()).toBeVisible({ timeout: 20_000 });
  const chart = page.getByRole('slider').first();
  await chart.focus();
  await page.keyboard.press('Home');
  await expect(chart).toHaveAttribute('aria-valuetext', /not collected/);
  await page.keyboard.press('End');
  await expect(chart).not.toHaveAttribute('aria-valuetext', /not collected/);
  await expect(chart).toHaveAttribute('aria-label', /Some of this time was not collected/);
});

test('hatching is fit in the light, in the dark and on a phone', async ({ page }) => {
  await page.goto('/explore?range=7d');
  await expect(page.getByTestId('not-collected').first()).toBeVisible();
  await isFit(page);
});

test('a period that was collected whole shows nothing of it', async ({ page }) => {
  await page.goto('/?range=24h');
  await expect(page.getByTestId('chart-monitor').locator('canvas')).toBeVisible();
  await page.waitForTimeout(1500);
  await expect(page.getByTestId('gap-legend')).toHaveCount(0);
});

test('a source that was away is named', async ({ page }) => {
  // The demo is never away: the answer is given another hour without its source.
  await page.route('**/api/v1/coverage**', async (route) => {
    const hour = 3_600_000;
    const to = Date.now();
    const from = to - 24 * hour;
    const slot = (at: number, live: number) => ({
      at,
      width: hour,
      seen: 9,
      lag_p50: null,
      lag_p95: null,
      refused: {},
      live,
    });
    const slots = (gone: number) =>
      Array.from({ length: 24 }, (_, i) => slot(from + i * hour, i === gone || i === gone + 1 ? 0 : hour));
    await route.fulfill({
      json: {
        from,
        to,
        gaps: [],
        sources: [
          { source: 'one', slots: slots(-9) },
          { source: 'two', slots: slots(10) },
        ],
      },
    });
  });
  await page.goto('/?range=24h');
  await expect(page.getByTestId('gap-legend').first()).toHaveText('collected in part');
  await expect(page.getByTestId('partly').first()).toBeVisible();
});

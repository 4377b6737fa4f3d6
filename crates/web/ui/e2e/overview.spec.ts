import { digits, expect, openOverview, test } from './test';

test('shows the figures, says DEMO, and ticks', async ({ page }) => {
  await openOverview(page);
  await expect(page.getByTestId('demo')).toBeVisible();
  const figures = page.getByTestId('figures');
  for (const name of ['Mentions', 'People', 'Engagement', 'Net sentiment', 'Posts read'])
    await expect(figures.getByText(name, { exact: true })).toBeVisible();
  const mentions = figures.locator('.figure').first().locator('.value');
  const before = digits(await mentions.getAttribute('title'));
  expect(before).toBeGreaterThan(0);

  const slider = page.getByRole('slider').first();
  const summary = await slider.getAttribute('aria-label');
  await expect(page.getByTestId('live')).toHaveText('Live');
  await expect.poll(() => slider.getAttribute('aria-label'), { timeout: 30_000 }).not.toBe(summary);
  await expect
    .poll(async () => digits(await mentions.getAttribute('title')), { timeout: 30_000 })
    .toBeGreaterThan(before);
});

test('has a table behind each chart that adds up', async ({ page }) => {
  await openOverview(page);
  const chart = page.getByTestId('chart-monitor');
  const rows = chart.locator('tbody tr');
  expect(await rows.count()).toBeGreaterThan(10);
  const values = await chart.locator('tbody td').allTextContents();
  expect(values.reduce((sum, value) => sum + digits(value), 0)).toBeGreaterThan(0);
});

test('shows exact values of both charts at the time under the pointer', async ({ page }) => {
  await openOverview(page);
  const box = await page.getByTestId('chart-monitor').getByRole('slider').boundingBox();
  if (!box) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const readouts = page.locator('.readout');
  await expect(readouts).toHaveCount(2);
  expect(await readouts.nth(0).locator('.time').textContent()).toBe(
    await readouts.nth(1).locator('.time').textContent(),
  );
});

test('opens the posts behind a point of the chart', async ({ page }) => {
  await openOverview(page);
  const box = await page.getByTestId('chart-monitor').getByRole('slider').boundingBox();
  if (!box) throw new Error('the chart has no place');
  await page.mouse.click(box.x + box.width * 0.6, box.y + 20);
  const panel = page.getByTestId('posts-panel');
  await expect(panel.getByRole('heading', { level: 2 })).toContainText(/\d\d:\d\d/);
  await expect(page).toHaveURL(/p\.from=\d+/);
  await page.goBack();
  await expect(panel).toHaveCount(0);
});

test('opens the posts behind a bar, keeps it as a filter, and goes back', async ({ page }) => {
  await openOverview(page);
  const bar = page.getByTestId('bars-lang').getByRole('listitem').getByRole('button').first();
  await bar.click();
  const panel = page.getByTestId('posts-panel');
  await expect(panel.locator('article').first()).toBeVisible();
  await expect(panel.locator('article mark').first()).toBeVisible();
  await panel.getByRole('button', { name: 'Keep as filter' }).click();
  await expect(panel).toHaveCount(0);
  await expect(page).toHaveURL(/lang=/);
  const chip = page.getByRole('button', { name: /^Remove the filter Language/ });
  await expect(chip).toBeVisible();
  await expect(page.getByTestId('bars-lang').getByRole('listitem').getByRole('button')).toHaveCount(1);
  await chip.click();
  await expect(page).not.toHaveURL(/lang=/);
  await page.goBack();
  await expect(chip).toBeVisible();
});

test('asks for one monitor and another period', async ({ page }) => {
  await openOverview(page);
  await page.getByRole('button', { name: /^Monitors shown/ }).click();
  await page.getByRole('menuitemcheckbox').nth(1).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/monitor=/);
  await page.getByRole('button', { name: /^Period/ }).click();
  await page.getByRole('button', { name: 'Last hour' }).click();
  await expect(page).toHaveURL(/range=1h/);
  await expect(page.getByText('compared with the hour before')).toBeVisible();
  await expect(page.getByTestId('chart-monitor').locator('thead th')).toHaveCount(2);
});

test('pauses and resumes', async ({ page }) => {
  await openOverview(page);
  const live = page.getByTestId('live');
  await expect(live).toHaveText('Live');
  await live.click();
  await expect(live).toHaveText('Paused');
  const slider = page.getByRole('slider').first();
  const summary = await slider.getAttribute('aria-label');
  await page.waitForTimeout(4000);
  expect(await slider.getAttribute('aria-label')).toBe(summary);
  await live.click();
  await expect(live).toHaveText('Live');
});

test('says what to do where nothing was found', async ({ page }) => {
  await page.goto('/?range=1h&term=nosuchwordanywhere');
  const hint = page.getByTestId('nothing');
  await expect(hint).toContainText('No mentions in this period');
  await hint.getByRole('button', { name: 'Clear filters' }).click();
  await expect(hint).toHaveCount(0);
});

test('shows older numbers dimmed and says so when the server cannot answer', async ({ page }) => {
  await openOverview(page);
  await page.route(/api\/v1\/(overview|series|breakdown|mentions)/, (route) =>
    route.fulfill({
      status: 503,
      json: { code: 'blocked', message: 'the store is being repaired', hint: 'Wait a minute.' },
    }),
  );
  await page.getByRole('button', { name: /^Period/ }).click();
  await page.getByRole('button', { name: 'Last 7 days' }).click();
  await expect(page.getByRole('alert')).toHaveCount(1);
  await expect(page.getByRole('alert')).toContainText('The store is being repaired. Wait a minute.');
  await expect(page.getByTestId('figures')).toHaveClass(/dim/);
  await page.unroute(/api\/v1\/(overview|series|breakdown|mentions)/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

import { expect, faultsOf, isFit, openOverview, test } from './test';

test('the rail groups the pages; folded and on a phone all of them stay within reach', async ({ page }) => {
  await page.goto('/monitors');
  const rail = page.getByRole('navigation', { name: 'Main' });
  await expect(rail.getByRole('list', { name: 'Understand' }).getByRole('link', { name: 'Topics' })).toBeVisible();
  await page.getByRole('button', { name: 'Fold the rail' }).click();
  await expect(rail.getByRole('link', { name: 'Topics' })).toHaveAttribute('title', 'Topics');
  await page.getByRole('button', { name: 'Unfold the rail' }).click();

  await page.setViewportSize({ width: 390, height: 844 });
  await rail.getByRole('button', { name: 'More' }).click();
  const sheet = page.getByRole('dialog', { name: 'More' });
  await expect(sheet.getByRole('heading', { name: 'Set up' })).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  await sheet.getByRole('link', { name: 'Alerts' }).click();
  await expect(page).toHaveURL(/\/alerts$/);
  await expect(sheet).toHaveCount(0);
});

test('the palette goes anywhere and sets what the frame lets set', async ({ page }) => {
  await page.goto('/monitors');
  await page.getByRole('heading', { level: 1, name: 'Monitors' }).waitFor();
  const palette = page.getByRole('dialog', { name: 'Go to, or do' });
  const look = async (words: string) => {
    await page.keyboard.press('Control+k');
    await expect(palette.getByRole('combobox')).toBeFocused();
    await page.keyboard.type(words);
  };
  const choose = async (words: string, name: string) => {
    await look(words);
    await expect(palette.getByRole('option', { selected: true })).toHaveText(name);
    await page.keyboard.press('Enter');
  };
  await look('');
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Control+k');
  await expect(palette).toHaveCount(0);
  await choose('top', 'Topics');
  await expect(page).toHaveURL(/\/topics$/);
  await choose('last 7', 'Last 7 days');
  await expect(page).toHaveURL(/range=7d/);
  await choose('theme dark', 'Theme: Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await look('zzz');
  await expect(palette.getByText('Nothing of that name')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
});

test('the keyboard alone: the first Tab leads to the content, ? shows the keys, / searches, p pauses', async ({
  page,
}) => {
  await page.goto('/topics');
  await expect(page.getByTestId('live')).toHaveText('Live');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  await page.keyboard.press('p');
  await expect(page).toHaveURL(/live=paused/);
  await expect(page.getByTestId('live')).toHaveText('Paused');
  await page.keyboard.press('p');
  await expect(page.getByTestId('live')).toHaveText('Live');
  await page.keyboard.press('/');
  await expect(page).toHaveURL(/\/mentions/);
  await page.getByRole('heading', { level: 1, name: 'Mentions' }).waitFor();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(help.getByText('next mention')).toBeVisible();
  await expect(help.getByText('Everywhere')).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
});

test('the time zone is chosen, stands in the address, and is asked with', async ({ page }) => {
  await page.goto('/explore');
  await page.getByTestId('zone').click();
  const asked = page.waitForRequest((request) => /\/measure\?.*zone=UTC/.test(request.url()));
  await page.getByRole('button', { name: 'UTC', exact: true }).click();
  await asked;
  await expect(page).toHaveURL(/tz=UTC/);
  await expect(page.getByTestId('zone')).toHaveText('UTC');
  await page.goBack();
  await expect(page.getByTestId('zone')).not.toHaveText('UTC');
  await page.getByTestId('zone').click();
  await page.getByLabel('Another one').fill('Asia/Tokyo');
  await page.getByRole('button', { name: 'Show times there' }).click();
  await expect(page).toHaveURL(/tz=Asia%2FTokyo/);
});

test('back and forward walk through pages, periods, filters and the panel', async ({ page }) => {
  await openOverview(page);
  const rail = page.getByRole('navigation', { name: 'Main' });
  await page.getByRole('button', { name: /^Period/ }).click();
  await page.getByRole('button', { name: 'Last 7 days' }).click();
  await expect(page).toHaveURL(/range=7d/);
  await page.getByTestId('bars-source').getByRole('listitem').getByRole('button').first().click();
  await expect(page).toHaveURL(/posts=1/);
  await rail.getByRole('link', { name: 'Topics' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Topics');
  await page.goBack();
  await expect(page).toHaveURL(/posts=1/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await page.goBack();
  await expect(page).not.toHaveURL(/posts=1/);
  await expect(page.getByRole('button', { name: 'Period: Last 7 days' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Period: Last 24 hours' })).toBeVisible();
  await page.goForward();
  await page.goForward();
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Topics');
});

test('tabs share one live connection; when the one that holds it goes, another takes it', async ({ context }) => {
  const streams: string[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/api/v1/live')) streams.push(request.url());
  });
  const first = await context.newPage();
  await first.goto('/monitors');
  await expect(first.getByTestId('live')).toHaveText('Live');
  const second = await context.newPage();
  await second.goto('/monitors');
  await expect(second.getByTestId('live')).toHaveText('Live');
  expect(streams).toHaveLength(1);
  const heard = second.getByTestId('live');
  await first.close();
  await expect.poll(() => streams.length).toBe(2);
  await expect(heard).toHaveText('Live');
});

test('the frame is fit for everybody', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto('/monitors?live=paused');
  await isFit(page);
});

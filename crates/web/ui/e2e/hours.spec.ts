import { digits, expect, test } from './test';

test('an hour of the heat map opens exactly its posts, and stays as a filter', async ({ page, request }) => {
  await page.goto('/?range=7d&tz=Europe%2FBerlin');
  const map = page.getByTestId('measure-week');
  // It is asked for when it comes in sight.
  await expect(async () => {
    await page.mouse.move(600, 500);
    await page.mouse.wheel(0, 500);
    await expect(map.locator('canvas').first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 40_000 });
  await map.scrollIntoViewIfNeeded();
  const answer = await request.get(
    `/api/v1/measure?metric=mentions&by=week_hour&zone=Europe%2FBerlin&from=${Date.now() - 7 * 86_400_000}`,
  );
  const { axes, cells } = (await answer.json()) as {
    axes: { keys: { key: string }[] }[];
    cells: { value: number }[][][];
  };
  const counts = cells.map((row) => row[0]?.[0]?.value ?? 0);
  const best = counts.indexOf(Math.max(...counts));
  const hour = Number(axes[0]?.keys[best]?.key);

  const [left, right, bottom, top] = [44, 8, 28, 8];
  const panel = page.getByTestId('posts-panel');
  // What is above may still grow: the map is looked for anew.
  await expect(async () => {
    const box = await map.locator('canvas').first().boundingBox();
    if (!box) throw new Error('the map has no place');
    await page.mouse.click(
      box.x + left + ((hour % 24) + 0.5) * ((box.width - left - right) / 24),
      box.y + top + (Math.floor(hour / 24) + 0.5) * ((box.height - top - bottom) / 7),
    );
    await expect(panel).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await expect(page).toHaveURL(new RegExp(`p.week_hour=${hour}(@|%40)Europe(/|%2F)Berlin`));
  await expect.poll(async () => digits(await panel.locator('header .quiet').textContent())).toBeGreaterThan(0);
  const name = await panel.getByRole('heading').first().textContent();
  expect(name?.trim()).toMatch(/^[A-Z][a-z]{2} \d\d–\d\d$/);

  await panel.getByRole('button', { name: 'Keep as filter' }).click();
  const chip = page.getByRole('button', { name: /^Remove the filter Hour: / });
  await expect(chip).toBeVisible();
  await expect(page).toHaveURL(/[?&]week_hour=/);
  // Looked at from elsewhere it says whose clock it means.
  await page.goto(page.url().replace(/tz=[^&]*/, 'tz=UTC'));
  await expect(chip).toContainText('Europe/Berlin');
  await chip.click();
  await expect(chip).toHaveCount(0);
});

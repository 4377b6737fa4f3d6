import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, isFit, test } from './test';

test.skip(!process.env['BASE_URL'], 'the mock knows nothing of dashboards');
test.describe.configure({ mode: 'serial' });

const API = '/api/v1/projects/default/dashboards';
let board = '';

const place = (page: Page, id: string) =>
  page.getByTestId('board').locator(`[data-place]`, { has: page.getByTestId(`widget-${id}`) });

test('a dashboard begins with a template that suits the objective', async ({ page, request }) => {
  for (const one of (await (await request.get(API)).json()) as { id: string }[])
    await request.delete(`${API}/${one.id}`);
  await page.goto('/dashboards');
  await expect(page.getByRole('heading', { name: 'No dashboard yet' })).toBeVisible();
  await expect(page.getByTestId('templates').getByRole('button')).toHaveCount(6);
  await page
    .getByTestId('templates')
    .getByRole('button', { name: /Brand health/ })
    .click();
  await expect(page.getByRole('heading', { level: 1, name: 'Brand health' })).toBeVisible();
  board = new URL(page.url()).pathname.split('/')[2] ?? '';
  const first = page.getByTestId('widget-w_1');
  await expect(first.getByRole('heading')).toHaveText('Mentions');
  await expect(first.getByRole('button', { name: /^Read the posts: Mentions/ })).toBeVisible();
  await expect(page.getByTestId('widget-w_5').locator('canvas')).toBeVisible();
  // A click on a mark opens its posts, within the widget's own filter.
  const bars = page.getByTestId('widget-w_8');
  await bars.scrollIntoViewIfNeeded();
  await bars
    .getByRole('button', { name: /^Read the posts/ })
    .first()
    .click();
  await expect(page.getByTestId('posts-panel').locator('article').first()).toBeVisible();
  await expect(page).toHaveURL(/p\.source=/);
  await page.keyboard.press('Escape');
});

test('figures, stacked charts and bars are saved as a table and as a picture', async ({ page }) => {
  await page.goto(`/dashboards/${board}?range=7d`);
  for (const kind of ['number', 'sentiment', 'bars']) {
    const widget = page.locator(`[data-kind=${kind}]`).first();
    await widget.scrollIntoViewIfNeeded();
    const name = await widget.getByRole('heading').innerText();
    for (const [form, begin] of [
      ['Table (CSV)', /^[a-z]+,|^mentions/],
      ['Picture (PNG)', /^\u{fffd}PNG/u],
      ['Drawing (SVG)', new RegExp(`^<svg [\\s\\S]*${name}[\\s\\S]*Europe/Berlin`)],
    ] as const) {
      const file = page.waitForEvent('download');
      await widget.getByRole('button', { name: `Save: ${name}` }).click();
      await page.getByRole('menuitem', { name: form }).click();
      expect(await readFile(await (await file).path(), 'utf8'), `${kind} ${form}`).toMatch(begin);
    }
  }
});

test('a widget is added, configured while one looks, moved by keyboard, and taken back', async ({ page }) => {
  await page.goto(`/dashboards/${board}?range=7d`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('button', { name: 'Add a widget' }).click();
  await page.getByRole('menuitem', { name: /^Bars/ }).click();
  const panel = page.getByTestId('widget-panel');
  const added = page.getByTestId('widget-w_12');
  await expect(added.getByRole('heading')).toHaveText('Mentions by source');
  await panel.getByRole('combobox', { name: 'By', exact: true }).selectOption('lang');
  await expect(added.getByRole('heading')).toHaveText('Mentions by language');
  await expect(added.getByText('English')).toBeVisible();
  await panel.getByLabel('Title').fill('Tongues');
  await expect(added.getByRole('heading')).toHaveText('Tongues');
  await panel.getByRole('button', { name: 'Close' }).click();

  await expect(place(page, 'w_1')).toHaveAttribute('data-place', '0,0,3,2');
  const grip = page.getByRole('button', { name: /^Move People/ });
  await grip.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(place(page, 'w_2')).toHaveAttribute('data-place', '0,0,3,2');
  await expect(page.getByTestId('told')).toHaveText('People: column 1, row 1, 3 wide, 2 high');
  await expect(grip).toBeFocused();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(place(page, 'w_2')).toHaveAttribute('data-place', '0,0,3,3');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(place(page, 'w_2')).toHaveAttribute('data-place', '0,0,3,2');
  await page.getByRole('button', { name: 'Redo', exact: true }).click();
  await expect(place(page, 'w_2')).toHaveAttribute('data-place', '0,0,3,3');

  // By pointer: the corner makes it wider.
  const corner = place(page, 'w_5').locator('.corner');
  await corner.scrollIntoViewIfNeeded();
  const box = (await corner.boundingBox())!;
  const wide = Number((await place(page, 'w_5').getAttribute('data-place'))?.split(',')[2]);
  await page.mouse.move(box.x + 6, box.y + 6);
  await page.mouse.down();
  await page.mouse.move(box.x - 120, box.y + 6, { steps: 4 });
  await page.mouse.up();
  const after = Number((await place(page, 'w_5').getAttribute('data-place'))?.split(',')[2]);
  expect(after).toBeLessThan(wide);

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeVisible();
  await page.reload();
  await expect(place(page, 'w_2')).toHaveAttribute('data-place', '0,0,3,3');
  await expect(page.getByTestId('widget-w_12').getByRole('heading')).toHaveText('Tongues');
});

test('what somebody else saved meanwhile is not lost', async ({ page, request }) => {
  await page.goto(`/dashboards/${board}?part=edit`);
  await page.getByRole('button', { name: 'Edit', exact: true }).or(page.getByLabel('Name')).first().waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Mine');
  const now = await (await request.get(`${API}/${board}`)).json();
  const { version, description, widgets } = now;
  const put = await request.put(`${API}/${board}`, { data: { version, description, widgets, name: 'Theirs' } });
  expect(put.status()).toBe(200);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Somebody else changed this dashboard');
  await page.getByRole('button', { name: 'Keep mine as a copy' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Mine (copy)' })).toBeVisible();
  expect((await (await request.get(`${API}/${board}`)).json()).name).toBe('Theirs');
  // Deleting is taken back with one click.
  await page.goto('/dashboards');
  await page.getByRole('button', { name: 'More about “Mine (copy)”' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByTestId('dashboards').getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(page.getByTestId('dashboards').getByRole('listitem')).toHaveCount(2);
});

test('a link shows the dashboard to whoever has it, and ends when it is withdrawn', async ({ page, browser }) => {
  await page.goto(`/dashboards/${board}?range=7d`);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByTestId('share-dashboard');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const url = await dialog.locator('input[readonly]').inputValue();
  expect(url).toContain('/shared#');
  const context = await browser.newContext();
  const outside = await context.newPage();
  const asked: string[] = [];
  outside.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await outside.goto(new URL(url).pathname + new URL(url).hash);
  await expect(outside.getByRole('heading', { level: 1, name: 'Theirs' })).toBeVisible();
  await expect(outside.getByTestId('widget-w_1').locator('.value')).toBeVisible();
  await expect(outside.getByTestId('widget-w_5').locator('canvas')).toBeVisible();
  await expect(outside.getByText(/widgets are not shown by a link/)).toBeVisible();
  await expect(outside.getByRole('button', { name: /^Read the posts/ })).toHaveCount(0);
  expect(asked.filter((path) => path.startsWith('/api/') && !path.startsWith('/api/v1/share/'))).toEqual([]);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('It shows nothing any more')).toBeVisible();
  await outside.reload();
  await expect(outside.getByText(/This link shows nothing any more/)).toBeVisible();
  await context.close();
});

test('the wall shows one screen after the other, dark and without chrome', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`/wall?boards=${board}&range=7d&every=5`);
  const wall = page.getByTestId('wall');
  await expect(wall.getByRole('heading', { level: 1, name: 'Theirs' })).toBeVisible();
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const screen = page.getByTestId('screen');
  const of = Number((await screen.textContent())?.split(' of ')[1]);
  expect(of).toBeGreaterThan(1);
  await expect(screen).toHaveText(`2 of ${of}`, { timeout: 9000 });
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowLeft');
  await expect(screen).toHaveText(`1 of ${of}`);
  // Nothing is cut off.
  const cut = await wall.locator('.box').evaluate((box) => box.scrollHeight - box.clientHeight);
  expect(cut).toBeLessThanOrEqual(2);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(new RegExp(`/dashboards/${board}`));
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', 'dark');
});

for (const path of ['', '/new', '/edit', '/wall'] as const)
  test(`axe finds nothing in dashboards${path}, and it fits a phone`, async ({ page }) => {
    await page.goto(
      path === ''
        ? '/dashboards'
        : path === '/wall'
          ? `/wall?boards=${board}`
          : `/dashboards/${board}${path === '/edit' ? '?part=edit&item=w_5' : ''}`,
    );
    if (path === '') await expect(page.getByTestId('dashboards').getByRole('listitem').first()).toBeVisible();
    else await expect(page.getByTestId('widget-w_1').locator('.value')).toBeVisible();
    if (path === '/wall') {
      const { faultsOf } = await import('./test');
      expect(await faultsOf(page)).toEqual([]);
      return;
    }
    await isFit(page);
  });

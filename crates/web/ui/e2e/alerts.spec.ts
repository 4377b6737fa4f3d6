import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './test';

/** These pages speak to the whole API, which the mock does not know. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

const API = '/api/v1/projects/default';

test('an alert is tried on what is stored, saved, tells something, and is judged', async ({ page, request }) => {
  // Every change of the form is tried on all that is stored, which takes a debug build its time.
  test.setTimeout(300_000);
  const name = `Alert ${Date.now() % 100_000}`;
  await page.goto('/alerts');
  await expect(page.getByRole('heading', { level: 1, name: 'Alerts' })).toBeVisible();
  if (await page.getByRole('button', { name: 'New alert' }).isVisible())
    await page.getByRole('button', { name: 'New alert' }).click();
  await page
    .getByTestId('templates')
    .getByRole('button', { name: /^Threshold/ })
    .click();
  const form = page.getByTestId('alert-form');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Figure').selectOption('mentions');
  await form.getByLabel('Limit').fill('1');
  const tried = page.getByTestId('backtest');
  await expect(tried).toContainText(/Would have told you something \d+ times in/);
  await form.getByLabel('Limit').fill('100000000');
  await expect(tried).toContainText('Would have told you nothing in');

  await form.getByLabel('What it watches for').selectOption('every_mention');
  await form.getByLabel('Then nothing more for').selectOption('0');
  await expect(tried).toContainText(/Would have told you something \S+ times in/);
  await form.getByRole('button', { name: 'Save alert' }).click();
  const row = page.getByTestId('alerts').getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('Every mention');

  // Somebody says something.
  const monitors = (await (await request.get(`${API}/monitors`)).json()) as { query: string }[];
  const word = monitors.map((one) => /[A-Za-z]{4,}/.exec(one.query)?.[0]).find((one) => one !== undefined) ?? 'acme';
  const post = { uid: `test:${Date.now()}`, platform: 'test', lang: 'en', text: `so much about ${word} today` };
  await request.post('/api/v1/posts', { data: [post] });
  await page.getByLabel('What was told').check({ force: true });
  const events = page.getByTestId('alert-events');
  await expect(async () => {
    await page.goto('/alerts');
    await page.getByLabel('What was told').check({ force: true });
    await expect(events.getByRole('listitem').filter({ hasText: name }).first()).toBeVisible({ timeout: 2_000 });
  }).toPass();
  const told = events.getByRole('listitem').filter({ hasText: name }).first();
  const show = told.getByRole('button', { name: 'Show the evidence' });
  if (await show.isVisible()) await show.click();
  // Beside the list where there is room, below what was told where there is none.
  await expect(page.getByTestId('alert-evidence').locator('article').first()).toBeVisible();
  await told.getByRole('button', { name: 'Yes' }).click();
  await expect(told.getByRole('button', { name: 'Yes' })).toHaveAttribute('aria-pressed', 'true');
  await expect(told).toContainText('Noted');

  await page.getByLabel('Alerts', { exact: true }).check({ force: true });
  await expect(row).toContainText('1 of 1 judged were useful');
  await row.getByRole('button', { name, exact: true }).click();
  await expect(page).toHaveURL(/item=/);
  const pane = page.getByTestId('alert-pane');
  await expect(pane).toContainText('1 of 1 judged were useful');
  await expect(pane.getByRole('link').first()).toHaveAttribute('href', /part=events&event=/);
  await row.getByRole('button', { name: `Mute “${name}” for a day` }).click();
  await expect(row).toContainText('Mute until');
  await row.getByRole('button', { name: `Delete “${name}”` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
});

test('a destination is added, tried, given a new secret and removed', async ({ page }) => {
  const name = `Hook ${Date.now() % 100_000}`;
  await page.goto('/alerts');
  await page.getByLabel('Where it goes').check({ force: true });
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('combobox', { name: 'How', exact: true }).selectOption('webhook');
  await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9/hook');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const row = page.getByTestId('destinations').getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('http://127.0.0.1:9');
  await expect(page.getByRole('status').getByRole('textbox')).toHaveValue(/^whsec_/);
  await row.getByRole('button', { name: `Send a trial to “${name}”` }).click();
  await expect(row).toContainText('private network');
  await row.getByRole('button', { name: `New secret for “${name}”` }).click();
  await expect(page.getByRole('status').getByRole('textbox')).toHaveValue(/^whsec_/);
  await row.getByRole('button', { name: `Remove “${name}”` }).click();
  await expect(row).toHaveCount(0);
});

test('axe finds nothing, and a phone shows it all', async ({ page }) => {
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/alerts');
    const choose = page.getByRole('button', { name: 'New alert' });
    await expect(choose.or(page.getByTestId('templates'))).toBeVisible();
    if (await choose.isVisible()) await choose.click();
    await page.getByTestId('templates').getByRole('button', { name: /^Peak/ }).click();
    await expect(page.getByTestId('backtest')).toContainText('Would have');
    for (const part of ['Alerts', 'What was told', 'Where it goes']) {
      await page.getByLabel(part, { exact: true }).check({ force: true });
      const axe = await new AxeBuilder({ page }).analyze();
      expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
    }
  }
});

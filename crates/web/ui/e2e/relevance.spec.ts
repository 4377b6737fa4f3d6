import AxeBuilder from '@axe-core/playwright';
import { digits, expect, test } from './test';

const API = '/api/v1/projects/default/monitors';

test('a noisy monitor is judged with keys, and its precision rises', async ({ page, request }) => {
  test.setTimeout(150_000);
  const monitors = (await (await request.get(API)).json()) as { id: string; name: string; mentions: number }[];
  const monitor = monitors[0];
  if (!monitor) throw new Error('there is no monitor');
  await page.goto(`/monitors/${monitor.id}`);
  await page.getByRole('link', { name: 'Judge relevance' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Relevance: ${monitor.name}`);
  const judge = page.getByTestId('judge');
  const post = judge.getByRole('article');
  await expect(post).toContainText(/\w/);
  await expect(page.getByTestId('precision')).toHaveText('not known yet');

  // Back and forth, then a judgment that is changed.
  const first = await post.innerText();
  await page.keyboard.press('j');
  await expect.poll(() => post.innerText()).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(() => post.innerText()).toBe(first);

  const judged = async () => digits((await page.getByTestId('judged').innerText()).split(' judged')[0] ?? '');
  async function read(count: number) {
    const start = await judged();
    for (let i = 0; i < count; i += 1) {
      const text = await post.innerText();
      // What makes a mention noise in this test: another language than English.
      await page.keyboard.press(/\b(the|my|is|of|to|for)\b/i.test(text) ? 'y' : 'n');
      await expect.poll(judged).toBe(start + i + 1);
    }
  }
  await read(24);
  await expect(page.getByTestId('relevance-versions').getByText('In force', { exact: true })).toBeVisible();
  // It rests on posts drawn at random: how many of those come among the first is chance.
  const precision = page.getByTestId('precision');
  for (let more = 0; more < 4 && !(await precision.innerText()).includes('%'); more += 1) {
    await page.waitForTimeout(3_000);
    await read(12);
  }
  await expect(precision).toContainText('%', { timeout: 30_000 });
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations).toEqual([]);

  await page.getByRole('slider').fill('80');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved. What comes')).toBeVisible();
  await page.getByRole('button', { name: 'Apply to stored mentions' }).click();
  await expect(page.getByTestId('job')).toContainText(/changed|mentions/i);
});

test('it fits a telephone', async ({ page, request }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const monitors = (await (await request.get(API)).json()) as { id: string }[];
  await page.goto(`/monitors/${monitors[0]?.id}/relevance`);
  await expect(page.getByTestId('judge').getByRole('article')).toContainText(/\w/);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
});

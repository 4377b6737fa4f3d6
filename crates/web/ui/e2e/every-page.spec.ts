import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { addressOf, make, PAGES, table } from './pages';
import { expect, test } from './test';

/** Every page of the route table: axe finds nothing, in the light, in the dark and on a phone; and nothing breaks the strict policy. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

let made = new Map<string, string>();

/** What axe finds, as `rule: place`; `rules` narrows it to some, or leaves some out. */
async function faults(page: Page, rules: { only?: string[]; without?: string[] } = {}): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (rules.only) axe.withRules(rules.only);
  if (rules.without) axe.disableRules(rules.without);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** What the dark changes. The rule is by far the slowest, so that it is not asked a third time on a phone, whose colours are those of the light. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

test.beforeAll(async ({ request }) => void (made = await make(request)));

test('every page of the route table is walked', () => {
  expect(table.length).toBeGreaterThan(20);
  expect(table.filter((name) => !(name in PAGES))).toEqual([]);
});

for (const name of table.filter((one) => one in PAGES)) {
  test(`${name} is clean for axe and for the policy`, async ({ page }) => {
    test.slow();
    const broken: string[] = [];
    await page.exposeFunction('tellBroken', (what: string) => broken.push(what));
    await page.addInitScript(() => {
      const tell = (window as unknown as { tellBroken: (what: string) => void }).tellBroken;
      addEventListener('securitypolicyviolation', (event) =>
        tell(`${event.violatedDirective}: ${event.blockedURI || event.sample}`),
      );
    });
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    const response = await page.goto(addressOf(name, made));
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe-inline');
    await page.getByRole('heading').first().waitFor();
    // Down the page once, so that what is loaded late is there, too.
    await page.evaluate(async () => {
      for (let y = 0; y < document.documentElement.scrollHeight && y < 8000; y += 700) {
        scrollTo(0, y);
        await new Promise((done) => setTimeout(done, 60));
      }
      scrollTo(0, 0);
    });
    await page.waitForTimeout(600);
    expect(await faults(page), 'light').toEqual([]);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
    await page.waitForTimeout(800);
    expect(await faults(page, { only: COLOURS }), 'dark').toEqual([]);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(400);
    expect(await faults(page, { without: COLOURS }), 'phone').toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'phone').toBeLessThanOrEqual(390);
    expect(broken).toEqual([]);
  });
}

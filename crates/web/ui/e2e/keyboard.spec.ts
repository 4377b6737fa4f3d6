import type { Page } from '@playwright/test';
import { addressOf, make, PAGES, table } from './pages';
import { expect, test } from './test';

/** Every page by the keyboard alone: Tab goes on and on, what it is at is seen, and nothing lies over it. */
test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

let made = new Map<string, string>();
test.beforeAll(async ({ request }) => void (made = await make(request)));

const MOST = 90;

interface At {
  /** A number of its own for each element; 0 outside the page. */
  id: number;
  name: string;
  ring: boolean;
  /** Whether the bar at the top lies over it. */
  under: boolean;
}

/** What has the focus now. */
const at = (page: Page): Promise<At> =>
  page.evaluate(() => {
    const all = window as unknown as { seen?: Map<Element, number> };
    const seen = (all.seen ??= new Map());
    const one = document.activeElement;
    if (!one || one === document.body) return { id: 0, name: 'outside', ring: true, under: false };
    if (!seen.has(one)) seen.set(one, seen.size + 1);
    const drawn = (element: Element | null | undefined) => {
      if (!element) return false;
      const style = getComputedStyle(element);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
    };
    const ring = [one, one.nextElementSibling, one.parentElement, one.closest('.cm-editor')].some(drawn);
    const bar = document.querySelector('.page > .bar')?.getBoundingClientRect();
    const box = one.getBoundingClientRect();
    const under = Boolean(
      bar && one.closest('main') && box.height > 0 && box.top < bar.bottom && box.bottom <= bar.bottom,
    );
    const words = one.getAttribute('aria-label') ?? one.textContent ?? '';
    return { id: seen.get(one)!, name: `${one.tagName} ${words.trim().slice(0, 40)}`, ring, under };
  });

for (const name of table.filter((one) => one in PAGES)) {
  test(`${name} is gone through by Tab`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(addressOf(name, made));
    await page.getByRole('heading').first().waitFor();
    await page.waitForTimeout(800);
    const path: At[] = [];
    const faults: string[] = [];
    for (let i = 0; i < MOST; i += 1) {
      await page.keyboard.press('Tab');
      const now = await at(page);
      if (now.id === 0) break;
      if (now.id === path[0]?.id) break;
      if (path.some(({ id }) => id === now.id)) {
        faults.push(`caught at ${now.name}`);
        break;
      }
      if (!now.ring) faults.push(`no ring: ${now.name}`);
      if (now.under) faults.push(`under the bar: ${now.name}`);
      path.push(now);
    }
    expect(path.length).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  });
}

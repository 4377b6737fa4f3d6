import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';

/** Every test also fails on an error in the page's console: a refused script, a crash, a missing file. */
export const test = base.extend<{ quiet: void }>({
  quiet: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !/Failed to load resource|EventSource/.test(message.text()))
          faults.push(message.text());
      });
      await use();
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens the Overview and waits until its answers are there. */
export async function openOverview(page: Page, search = ''): Promise<void> {
  await page.goto(`/${search}`);
  await expect(page.getByTestId('chart-monitor').locator('canvas')).toBeVisible();
  await expect(page.getByTestId('bars-source').getByRole('listitem').getByRole('button').first()).toBeVisible();
}

/** A number as the app writes it with every digit. */
export function digits(text: string | null): number {
  return Number((text ?? '').replace(/\D/g, ''));
}

/** What axe finds, as `rule: place`. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`);
}

/** Axe finds nothing in the light and in the dark, and nothing scrolls sideways on a phone. */
export async function isFit(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  expect(await faultsOf(page)).toEqual([]);
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  expect(await faultsOf(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
}

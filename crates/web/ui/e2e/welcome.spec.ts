import type { Page } from '@playwright/test';
import { expect, test } from './test';

/** What a platform says of its past. */
const PAST = {
  id: null,
  source: 'bluesky',
  monitor: null,
  from: 0,
  to: 1,
  state: 'estimated',
  posts: 0,
  estimated_posts: 0,
  estimated_requests: 1,
  estimated_money: 0,
  lines: [],
  error: null,
};

/** The installation as it is before anybody asked it for anything: real answers, without the monitors of before. */
async function pretendFresh(page: Page): Promise<void> {
  const made = new Set<string>();
  await page.route('**/api/v1/status', async (route) => {
    const response = await route.fetch();
    const status = await response.json();
    const sources = [
      {
        name: 'bluesky',
        connector: 'bluesky',
        state: 'waiting',
        posts: 0,
        lag_ms: null,
        last_post_at: null,
        error: 'no address found for the host',
        retry_at: null,
      },
    ];
    await route.fulfill({ response, json: { ...status, mode: 'run', sources } });
  });
  await page.route('**/api/v1/live?*', (route) => route.abort());
  await page.route('**/api/v1/projects/*/monitors', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    if (route.request().method() === 'POST') {
      made.add(body.id);
      return route.fulfill({ response, json: body });
    }
    return route.fulfill({ response, json: body.filter((monitor: { id: string }) => made.has(monitor.id)) });
  });
}

test('a fresh installation opens the guide, which makes the monitors and ends on the Overview', async ({
  page,
  request,
}) => {
  const counted: string[] = [];
  await pretendFresh(page);
  await page.goto('/');
  await expect(page).toHaveURL(/\/welcome$/);
  await expect(page.getByText('no address found for the host')).toBeVisible();
  await expect(page.getByText('groundswell demo')).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.getByLabel('Brand mentions').check();
  await page.getByRole('button', { name: 'Continue' }).click();

  const start = page.getByRole('button', { name: 'Start watching' });
  await expect(start).toBeDisabled();
  await page.route('**/api/v1/sources/*/past', async (route) => {
    const body = route.request().postDataJSON();
    counted.push(body.query);
    await route.fulfill({ json: { ...PAST, estimated_posts: 1234 } });
  });
  await page.getByLabel('Your names').fill('Guide Test, #guidetest');
  await expect(page.getByTestId('counts')).toContainText('1,234 posts');
  expect(counted.at(-1)).toBe('"Guide Test" OR #guidetest');
  await page.getByLabel('Competitors').fill('Rival Test');
  await expect(page.getByText('"Guide Test" OR #guidetest')).toBeVisible();
  await start.click();

  await expect(page.getByRole('listitem').filter({ hasText: 'Rival Test' })).toBeVisible();
  await page.getByRole('button', { name: 'Switch on: Peak' }).click();
  await expect(page.getByText('On', { exact: true })).toBeVisible();
  // The page says so before the server has answered.
  let made: { id: string }[] = [];
  const peaks = async () => {
    const all = (await (await request.get('/api/v1/projects/default/alerts')).json()) as {
      id: string;
      definition: { when: { kind: string } };
    }[];
    made = all.filter(({ definition }) => definition.when.kind === 'peak');
    return made.length;
  };
  await expect.poll(peaks).toBe(1);
  for (const { id } of made) await request.delete(`/api/v1/projects/default/alerts/${id}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Leave out posts with').fill('hiring');
  await page.getByRole('button', { name: 'Open the overview' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Overview');

  const answer = await request.get('/api/v1/projects/default/monitors');
  const monitors = ((await answer.json()) as { id: string; name: string; query: string }[]).filter(({ name }) =>
    /^(Guide|Rival) Test$/.test(name),
  );
  expect(monitors.map(({ query }) => query).sort()).toEqual(
    ['("Guide Test" OR #guidetest) NOT hiring', '("Rival Test") NOT hiring'].sort(),
  );
  for (const { id } of monitors) await request.delete(`/api/v1/monitors/${id}`);
});

test('an outage is said with its time, and what was loaded stays', async ({ page }) => {
  await page.route('**/api/v1/live?*', (route) => route.abort());
  await page.goto('/');
  await expect(page.getByText(/Offline since \d\d:\d\d/)).toBeVisible();
  await expect(page.getByTestId('live')).toHaveText('Offline');
  await expect(page.getByTestId('bars-source').getByRole('listitem').getByRole('button').first()).toBeVisible();
  // It comes back by itself.
  await page.unroute('**/api/v1/live?*');
  await expect(page.getByTestId('live')).toHaveText('Live');
  await expect(page.getByText(/Offline since/)).toHaveCount(0);
});

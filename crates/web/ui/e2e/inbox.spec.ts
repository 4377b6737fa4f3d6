import type { APIRequestContext } from '@playwright/test';
import { expect, isFit, test } from './test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

const API = '/api/v1/projects/default';

/** Makes items of so many mentions, answered by one name. */
async function items(request: APIRequestContext, count: number, assignee: string): Promise<string[]> {
  const page = (await (await request.get(`/api/v1/mentions?from=0&limit=${count}`)).json()) as {
    items: { id: string }[];
  };
  const mentions = page.items.map(({ id }) => id);
  await request.post(`${API}/marks`, { data: { mentions, change: { status: 'open', assignee } } });
  return mentions;
}

test('an item is taken up, gets a due time and a note, and goes to a desk', async ({ page, request }) => {
  const who = `w${Date.now() % 100_000}`;
  await items(request, 2, who);
  await page.goto(`/inbox?who=${who}`);
  const list = page.getByTestId('items').getByTestId('item');
  await expect(list).toHaveCount(2);
  await list
    .first()
    .getByRole('button', { name: /^Open the item/ })
    .click();
  const panel = page.getByTestId('item-panel');
  await expect(panel.getByRole('heading', { name: 'To be answered' })).toBeFocused();
  await expect(page).toHaveURL(/item=/);

  await panel.getByLabel('Answer due').fill('2031-01-01T10:00');
  await panel.getByRole('button', { name: 'Set' }).last().click();
  await expect(panel.getByText(/^due /)).toBeVisible();
  await panel.getByRole('combobox', { name: 'Status' }).selectOption('pending');
  await expect(list).toHaveCount(1);
  await expect(panel.getByText(/^answered /)).toBeVisible();

  await panel.getByLabel('New note').fill('call her back');
  await panel.getByRole('button', { name: 'Write note' }).click();
  await expect(panel.getByTestId('notes')).toContainText('call her back');
  await panel.getByTestId('notes').getByRole('button', { name: 'Edit' }).click();
  await panel.getByLabel('Edit', { exact: true }).fill('called');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByTestId('notes')).toContainText('edited');

  // A desk that nobody answers at: the ticket waits, and says so.
  const name = `desk ${who}`;
  const settings = { kind: 'jira', address: 'https://127.0.0.1:9/rest', jira_project: 'X', allow_private: true };
  await request.post(`${API}/desks`, { data: { name, settings } });
  await page.reload();
  await panel.getByLabel('To the desk').selectOption({ label: name });
  await panel.getByRole('button', { name: 'Make a ticket' }).click();
  await expect(panel.getByTestId('hand-over')).toContainText(`Handed over to ${name}`);

  await page.goBack();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('item-panel')).toHaveCount(0);
});

test('keys go through the items, and the bar changes what is selected', async ({ page, request }) => {
  const who = `k${Date.now() % 100_000}`;
  await items(request, 3, who);
  await page.goto(`/inbox?who=${who}`);
  const list = page.getByTestId('items').getByTestId('item');
  await expect(list).toHaveCount(3);
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  const bar = page.getByTestId('bulk');
  await expect(bar).toContainText('2 selected');
  await bar.getByRole('button', { name: 'Tags and more' }).click();
  await page.getByRole('dialog').getByRole('combobox', { name: 'Status' }).selectOption('closed');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(list).toHaveCount(1);
  await page.getByRole('radio', { name: 'Closed' }).check({ force: true });
  await expect(page).toHaveURL(/stand=closed/);
  await expect(list).toHaveCount(2);
  await page.goBack();
  await expect(list).toHaveCount(1);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('item-panel')).toBeVisible();
});

test('notices stand at the bell until they are looked at', async ({ page }) => {
  const notice = {
    id: 7,
    project: 'default',
    mention: '00',
    kind: 'assigned',
    by: 'user:u_1',
    at: Date.now(),
    read_at: null,
  };
  let unread = 1;
  await page.route('**/api/v1/notices', async (route) => {
    if (route.request().method() === 'POST') unread = 0;
    await route.fulfill({ json: { items: [notice], unread } });
  });
  await page.goto('/inbox');
  await expect(page.getByTestId('unread')).toHaveText('1');
  await page.getByRole('button', { name: '1 notice not read' }).click();
  await expect(page.getByTestId('notices')).toContainText('assigned a mention to you');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('unread')).toHaveCount(0);
});

test('a target is set, a desk is made and removed', async ({ page }) => {
  const name = `Desk ${Date.now() % 100_000}`;
  await page.goto('/inbox/settings');
  await page.getByLabel('Minutes').fill('90');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The target is kept')).toBeVisible();
  const form = page.getByTestId('desk-form');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Address that tickets are posted to').fill('nonsense');
  await form.getByRole('button', { name: 'Add desk' }).click();
  await expect(page.getByRole('alert')).toContainText('address');
  await form.getByLabel('Address that tickets are posted to').fill('https://desk.example.org/api/v2/tickets.json');
  await form.getByRole('button', { name: 'Add desk' }).click();
  const row = page.getByTestId('desks').getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('link only');
  await row.getByRole('button', { name: `Remove ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
});

test('what nobody has to answer is said, and the pages are fit', async ({ page }) => {
  test.slow();
  await page.goto('/inbox?who=nobody-of-that-name');
  await expect(page.getByTestId('nothing')).toContainText('Nothing under this choice');
  await page.route('**/items?*', (route) =>
    route.fulfill({ status: 500, json: { code: 'x', message: 'it broke', hint: null } }),
  );
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('It broke');
  await page.unroute('**/items?*');
  await page.goto('/inbox?stand=all');
  const first = page.getByTestId('items').getByTestId('item').first();
  await first.getByRole('button', { name: /^Open the item/ }).click();
  await expect(page.getByTestId('notes')).toBeVisible();
  await isFit(page);
});

import type { APIRequestContext } from '@playwright/test';
import { digits, expect, test } from './test';

const API = '/api/v1/projects/default/classifiers';

/** A classifier of this test alone, with labelled texts where it is to be trained. */
async function make(request: APIRequestContext, name: string, labelled = 0): Promise<string> {
  const made = await request.post(API, { data: { name } });
  const { id } = (await made.json()) as { id: string };
  const labels = Array.from({ length: labelled }, (_, i) => ({
    text: i % 2 === 0 ? `the parcel number ${i} came late` : `the price of number ${i} is too high`,
    label: i % 2 === 0 ? 'delivery' : 'price',
  }));
  if (labelled > 0) await request.post(`${API}/${id}/labels`, { data: { labels } });
  return id;
}

test('a classifier is named, taught with keys, and taken back', async ({ page, request }) => {
  const name = `keys ${Date.now() % 100_000}`;
  await page.goto('/models');
  await page.getByRole('link', { name: 'Your own' }).click();
  const create = page.getByRole('button', { name: 'New classifier' });
  const field = page.getByLabel('What should it tell apart?');
  await expect(create.or(field)).toBeVisible();
  if (await create.isVisible()) await create.click();
  await field.fill(name);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');

  await page.getByRole('link', { name: 'Label posts' }).click();
  const labeller = page.getByTestId('labeller');
  const post = labeller.getByRole('article');
  await expect(post).toContainText(/\w/);
  for (const label of ['good news', 'bad news']) {
    const before = await post.innerText();
    await page.keyboard.press('n');
    await page.keyboard.type(label);
    await page.keyboard.press('Enter');
    await expect(post).not.toHaveText(before);
  }
  const third = await post.innerText();
  await page.keyboard.press('1');
  await expect(labeller.getByRole('status')).toContainText('Labelled “good news” · 3 labelled');
  await expect(labeller.getByRole('button', { name: /good news/ })).toContainText('2');
  await page.keyboard.press('z');
  await expect.poll(() => post.innerText()).toBe(third);
  await expect(labeller.getByRole('button', { name: /good news/ })).toContainText('1');
  await page.keyboard.press('s');
  await expect.poll(() => post.innerText()).not.toBe(third);

  await page.getByRole('link', { name: `Back to ${name}` }).click();
  await expect(page.getByTestId('labels').getByRole('listitem')).toHaveCount(2);
  await request.delete(`${API}/${id}`);
});

test('a file is taken, and its broken lines are named', async ({ page, request }) => {
  const id = await make(request, `file ${Date.now() % 100_000}`);
  await page.goto(`/classifiers/${id}`);
  const file = ['text,label', 'the parcel is late,delivery', 'one field alone', 'far too dear,price', ''].join('\n');
  await page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'labels.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await expect(page.getByText('2 rows taken')).toBeVisible();
  await expect(page.getByTestId('file-problems').getByRole('row').nth(1)).toContainText('3');
  await expect(page.getByTestId('labels')).toContainText('delivery');
  await request.delete(`${API}/${id}`);
});

test('a classifier is trained, judged, put in use, asked, applied and rolled back', async ({ page, request }) => {
  const name = `train ${Date.now() % 100_000}`;
  const id = await make(request, name, 40);
  await page.goto(`/classifiers/${id}`);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const versions = page.getByTestId('versions').getByRole('listitem');
  await expect(page.getByRole('button', { name: 'Use version 1' })).toBeEnabled({ timeout: 45_000 });
  const report = page.getByTestId('report');
  await expect(report).toContainText('From 40 labelled posts');
  await expect(report.getByRole('row', { name: /Balanced score/ })).toContainText(/\d+%/);
  await expect(report).toContainText('What to mend');

  await page.getByRole('button', { name: 'Use version 1' }).click();
  await expect(page.getByText('Version 1 in use', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Train again' }).click();
  await expect(versions).toHaveCount(2, { timeout: 45_000 });
  await page.getByRole('button', { name: 'Use version 2' }).click();
  await expect(page.getByText('Version 2 in use', { exact: true })).toBeVisible();

  await page.getByRole('textbox', { name: 'Try a sentence' }).fill('the parcel number 41 came late');
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByTestId('said')).toContainText(/“delivery”, \d+% sure/);

  await page.getByRole('button', { name: 'Read the past' }).click();
  await expect(page.getByTestId('job')).toContainText(/mentions of the past are read/, { timeout: 45_000 });
  expect(digits(await page.getByTestId('job').innerText())).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Go back to version 1' }).click();
  await expect(page.getByText('Version 1 in use', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Take out of use' }).click();
  await expect(page.getByText('Not in use')).toBeVisible();

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/classifiers$/);
  await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0);
});

test('a name that is taken is refused in words', async ({ page }) => {
  await page.goto('/classifiers');
  const create = page.getByRole('button', { name: 'New classifier' });
  const field = page.getByLabel('What should it tell apart?');
  await expect(create.or(field)).toBeVisible();
  if (await create.isVisible()) await create.click();
  await field.fill('sentiment');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('choose another name');
});

test('a project without classifiers says how to begin', async ({ page }) => {
  await page.route(`**${API}`, (route) => route.fulfill({ json: [] }));
  await page.goto('/classifiers');
  await expect(page.getByRole('heading', { name: 'Nothing has been taught yet' })).toBeVisible();
  await expect(page.getByLabel('What should it tell apart?')).toBeVisible();
});

test('a classifier that does not exist is said to be gone', async ({ page }) => {
  for (const path of ['/classifiers/nobody', '/classifiers/nobody/label']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This classifier does not exist any more');
  }
});

import { expect, test } from '../test';

test.skip(process.env['BASE_URL'] === undefined, 'needs the demo at BASE_URL');

/** What would change something, or take something out of the house. */
const CHANGES =
  /^(New |Create|Add|Save(?!: )|Delete|Edit |Pause |Star|Mute|Not relevant|Tags and more|Make|Approve|Export|Invite|Erase|Judge|Pin |Restore|Put |Use this|Train|Bring|Apply|Correct )/;

test('be a viewer who may not: everything is seen, nothing is offered that is refused', async ({ page, browser }) => {
  test.setTimeout(300_000);
  const email = `viewer${Date.now() % 100_000}@acme.example`;
  // Somebody who may, invites.
  await page.goto('/people');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('combobox', { name: 'Role' }).first().selectOption('viewer');
  await page.getByRole('button', { name: 'Invite' }).click();
  const link = await page.getByRole('status').getByRole('textbox').inputValue();

  // The viewer takes the invitation up in a browser of their own.
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: 'en-GB' });
  const theirs = await context.newPage();
  const refused: string[] = [];
  theirs.on('response', (response) => {
    if (response.status() === 403) refused.push(`${response.request().method()} ${new URL(response.url()).pathname}`);
  });
  await theirs.goto(new URL(new URL(link).pathname + new URL(link).hash, process.env['BASE_URL']).href);
  await theirs.getByLabel('Password').fill('a sentence is easy to remember');
  await theirs.getByRole('button', { name: 'Keep it and sign in' }).click();
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Overview');

  // Every page of the rail: seen, without a button that leads nowhere, without a question that is refused.
  const paths = await theirs
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  expect(paths.length).toBeGreaterThan(10);
  const offered: string[] = [];
  for (const path of paths) {
    await theirs.goto(path);
    await expect(theirs.getByRole('heading', { level: 1 }).first()).toBeVisible();
    await theirs.waitForTimeout(700);
    const names = await theirs
      .locator('main')
      .locator('button:not(:disabled), a.button')
      .evaluateAll((all) => all.map((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim()));
    offered.push(...names.filter((name) => CHANGES.test(name)).map((name) => `${path}: ${name}`));
  }
  expect(offered).toEqual([]);

  // A mention is read, and its thread.
  await theirs.goto('/mentions?range=7d');
  await expect(theirs.locator('article').first()).toBeVisible();
  await expect(theirs.getByRole('checkbox')).toHaveCount(0);
  await theirs.getByRole('link', { name: 'Show the thread' }).first().click();
  await expect(theirs).toHaveURL(/thread=/);
  // A query may be tried, not saved.
  await theirs.goto('/monitors');
  await theirs
    .getByRole('link', { name: /^Look at/ })
    .first()
    .click();
  await expect(theirs.getByTestId('preview').locator('article').first()).toBeVisible();
  await expect(theirs.getByText('Saving one takes an analyst')).toBeVisible();
  expect(refused).toEqual([]);

  // Straight to where they may not: refused politely, with a way back.
  for (const path of ['/monitors/new', '/sources/new', '/people', '/welcome']) {
    await theirs.goto(path);
    await expect(theirs.getByTestId('not-yours')).toContainText('You are here as: Viewer');
  }
  await theirs.getByRole('link', { name: 'Back to the overview' }).click();
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Overview');
  await context.close();

  // And let out again.
  await page
    .getByTestId('users')
    .getByRole('listitem')
    .filter({ hasText: email })
    .getByRole('button', { name: 'Disable' })
    .click();
});

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './test';

const SAID = [
  ['negative', 'Kelvora broke down again, this is awful and I want my money back'],
  ['positive', 'I love my new Kelvora, it is wonderful'],
  ['neutral', 'Kelvora opens a shop in the station'],
  ['positive', 'Kelvora is a terrible disappointment, never again'],
];

/** An export as another product gives it: lines before the header, a query, their sentiment. */
function csv(): string {
  const rows = Array.from({ length: 80 }, (_, i) => {
    const [sentiment, text] = SAID[i % SAID.length] ?? ['', ''];
    const day = new Date(Date.now() - (i % 10) * 86_400_000).toISOString().slice(0, 10);
    return `${day} 0${i % 10}:15:00,"${text} (${i})",https://forum.example/${i},en,${sentiment},Kelvora EN`;
  });
  return ['Report: Kelvora', '', 'Date,Text,Url,Language,Sentiment,Query Name', ...rows].join('\n');
}

test("another product's export is brought in and compared", async ({ page }) => {
  await page.goto('/reports');
  await page.getByRole('link', { name: 'Compare with another vendor' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Another vendor beside us' })).toBeVisible();
  await page
    .getByLabel('Bring in an export')
    .setInputFiles({ name: 'mentions.csv', mimeType: 'text/csv', buffer: Buffer.from(csv()) });
  await expect(page.locator('#main').getByRole('status')).toContainText('80 rows: 80 new posts');

  const compared = page.getByTestId('vendor-comparison');
  const figure = (name: string) => compared.locator('.figure', { has: page.getByText(name, { exact: true }) });
  await expect(figure('Theirs')).toContainText('80');
  // What was brought in is matched and stored a moment later.
  await expect(async () => {
    await page.reload();
    await expect(figure('Both')).toContainText('80', { timeout: 2_000 });
  }).toPass();
  await expect(figure('Of theirs, found here')).toContainText('100% (9');
  await expect(compared.getByRole('table', { name: /rows are theirs/ })).toContainText('Theirs: Negative');
  const sample = compared.locator('.sample li');
  await expect(sample.first()).toContainText(/Theirs: positive\s*·\s*Ours: negative/i);
  await page.getByRole('button', { name: 'Draw others' }).click();
  await expect(sample.first()).toBeVisible();

  await page.getByLabel('To', { exact: true }).fill('2020-01-02');
  await page.getByLabel('From', { exact: true }).fill('2020-01-01');
  await expect(page.getByText('Nothing of theirs falls into this period.')).toBeVisible();
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map(({ id }) => id)).toEqual([]);
});

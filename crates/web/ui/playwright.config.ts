import { defineConfig } from '@playwright/test';

/** Against a running `groundswell demo` at BASE_URL; without one, against the build with the mock of the API. */
const base = process.env['BASE_URL'];
const port = 4179;

export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  // A busy machine may be late once; what fails always fails.
  retries: process.env['CI'] ? 2 : 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: {
    baseURL: base ?? `http://127.0.0.1:${port}`,
    viewport: { width: 1360, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['PLAYWRIGHT_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
  ...(base === undefined
    ? {
        webServer: {
          command: `npx vite build && npx vite preview --mode mock --host 127.0.0.1 --port ${port} --strictPort`,
          url: `http://127.0.0.1:${port}/api/v1/status`,
          timeout: 120_000,
        },
      }
    : {}),
});

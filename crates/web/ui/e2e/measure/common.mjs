// What the measuring scripts share: the address, the browser, and how a figure is printed.
import { chromium } from '@playwright/test';

export const base = process.env.BASE_URL;
if (!base) {
  console.error('BASE_URL must name a running Groundswell, such as http://127.0.0.1:8080');
  process.exit(2);
}

export const look = { viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Berlin' };

/** A Chromium; `args` are added to what every script needs. */
export function browser(args = []) {
  return chromium.launch({
    executablePath: process.env.PLAYWRIGHT_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...args],
  });
}

/** The value below which a part of the values lies; `null` of none. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? null;
}

const results = [];

/** Prints a figure beside its goal; `most` and `least` are what it must reach, where there is such a goal. */
export function figure(name, value, unit, { most, least, note = '' } = {}) {
  const goal = most !== undefined ? `≤ ${most}` : least !== undefined ? `≥ ${least}` : '';
  const met = (most === undefined || value <= most) && (least === undefined || value >= least);
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(1);
  results.push(met);
  console.log(
    `| ${name} | ${shown} ${unit} | ${goal === '' ? '' : `${goal} ${unit}`} | ${goal === '' ? '' : met ? 'reached' : 'MISSED'} | ${note} |`,
  );
}

export function head(title) {
  console.log(`\n## ${title}\n\n| figure | value | goal | | |\n|---|---:|---:|---|---|`);
}

/** Ends the script: 1 where a goal was missed and STRICT is set, so that a machine can refuse it. */
export function end() {
  process.exit(process.env.STRICT && results.includes(false) ? 1 : 0);
}

import { locale } from '$lib/messages/language';

/** Below this many observations a share says more than is known: counts only. */
export const SMALL_SAMPLE = 30;

const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const compactHeadline = new Intl.NumberFormat(locale, {
  notation: 'compact',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** `12.4k`: short, for reading at a glance. */
export function short(value: number): string {
  return Math.abs(value) < 1000 ? whole.format(value) : compact.format(value);
}

/** A headline: every digit while it fits the eye (so that it is seen to move), short from ten thousand on. */
export function headline(value: number): string {
  return Math.abs(value) < 10_000 ? whole.format(value) : compactHeadline.format(value);
}

/** `12,417`: every digit, for the hover. */
export function exact(value: number): string {
  return whole.format(value);
}

export function share(part: number): string {
  return percent.format(part);
}

const twoDigits = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** `0.31`: a score between 0 and 1 that is not a share. */
export function decimal(value: number): string {
  return twoDigits.format(value);
}

const oneDigit = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** `2.3`, `45`, `1.2k`: a number that is only estimated, with no more digits than are known. */
export function rough(value: number): string {
  return Math.abs(value) < 9.95 ? oneDigit.format(value) : short(Math.round(value));
}

/** `42 % (39–45)`: a share with its interval, in whole per cent. */
export function shareWithInterval(estimate: { value: number; low: number; high: number }): string {
  return `${percent.format(estimate.value)} (${whole.format(estimate.low * 100)}–${whole.format(estimate.high * 100)})`;
}

/** `+12`: a net figure between −1 and 1, in points. */
export function points(value: number): string {
  return signed.format(Math.round(value * 100) || 0);
}

export type Direction = 'up' | 'down' | 'same';

export interface Change {
  direction: Direction;
  /** `12 %`, or the bare difference where the base is too small for a share. */
  amount: string;
}

/** How a count moved. `null` where there is nothing to compare with. */
export function change(now: number, before: number | null | undefined): Change | null {
  if (before === null || before === undefined) return null;
  const difference = now - before;
  if (difference === 0) return { direction: 'same', amount: '' };
  const direction = difference > 0 ? 'up' : 'down';
  if (before < SMALL_SAMPLE) return { direction, amount: exact(Math.abs(difference)) };
  const part = Math.abs(difference) / before;
  if (part < 0.005) return { direction: 'same', amount: '' };
  return { direction, amount: part >= 10 ? `${whole.format(part + (difference > 0 ? 1 : 0))}×` : percent.format(part) };
}

/** How a net figure moved, in points. */
export function pointChange(now: number | undefined, before: number | undefined): Change | null {
  if (now === undefined || before === undefined) return null;
  const difference = Math.round(now * 100) - Math.round(before * 100);
  if (difference === 0) return { direction: 'same', amount: '' };
  return { direction: difference > 0 ? 'up' : 'down', amount: exact(Math.abs(difference)) };
}

/** `1.2 GB`. */
export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let unit = 0;
  let amount = value;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const options = {
    style: 'unit',
    unit: units[unit],
    unitDisplay: 'short',
    maximumFractionDigits: amount < 10 ? 1 : 0,
  };
  return new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions).format(amount);
}

const languageNames = new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' });

/** The name of a language in the reader's own; the code where there is none. */
export function languageName(code: string, unknown: string): string {
  if (code === 'und' || code === '') return unknown;
  try {
    return languageNames.of(code) ?? code;
  } catch {
    return code;
  }
}

const countryNames = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });

/** The name of a country in the reader's own language; the code where there is none. */
export function countryName(code: string): string {
  try {
    return countryNames.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

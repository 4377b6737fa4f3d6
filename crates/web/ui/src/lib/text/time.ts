import { locale } from '$lib/messages/language';
import { zone as chosen } from '$lib/state/zone.svelte';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const SHAPES = {
  clock: { hour: '2-digit', minute: '2-digit' },
  clockSeconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  dayMonth: { day: 'numeric', month: 'short' },
  weekday: { weekday: 'short', day: 'numeric', month: 'short' },
  full: { dateStyle: 'medium', timeStyle: 'medium' },
  zoneName: { timeZoneName: 'short' },
  parts: {
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const made = new Map<string, Intl.DateTimeFormat>();

/** A formatter for the zone that is looked in now; whoever draws with it is drawn anew when the zone changes. */
function form(shape: keyof typeof SHAPES, timeZone = chosen.name): Intl.DateTimeFormat {
  const key = `${shape} ${timeZone}`;
  let found = made.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(shape === 'parts' ? 'en' : locale, { ...SHAPES[shape], timeZone });
    made.set(key, found);
  }
  return found;
}

const weekdayName = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });

/** Monday is day 0; the fifth of January 1970 was one. */
export function weekday(day: number): string {
  return weekdayName.format((4 + day) * DAY);
}

/** An hour of the week as filters have it, `33@Europe/Berlin`: `Tue 09–10`, with its zone where that is not the one looked in. */
export function weekHour(value: string): string {
  const [number = '', zone = 'UTC'] = value.split('@');
  const hour = Number(number);
  if (!/^\d{1,3}$/.test(number) || hour > 167) return value;
  const two = (n: number) => String(n).padStart(2, '0');
  const name = `${weekday(Math.floor(hour / 24))} ${two(hour % 24)}–${two((hour % 24) + 1)}`;
  return zone === chosen.name ? name : `${name}, ${zone}`;
}

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });

/** Offsets change on quarters of an hour at most. */
const QUARTER = 15 * MINUTE;
const offsets = new Map<string, number>();

/** How far a zone's clocks are ahead of UTC then, in milliseconds. */
export function offset(at: number, timeZone = chosen.name): number {
  const quarter = Math.floor(at / QUARTER);
  const key = `${quarter} ${timeZone}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const part = Object.fromEntries(
    form('parts', timeZone)
      .formatToParts(quarter * QUARTER)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  const local = Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute'], part['second']);
  if (offsets.size > 20_000) offsets.clear();
  offsets.set(key, local - quarter * QUARTER);
  return local - quarter * QUARTER;
}

export function timeOfDay(at: number): string {
  return form('clock').format(at);
}

export function exactTime(at: number): string {
  return form('full').format(at);
}

/** The zone that is looked in: `Europe/Berlin` and its short name now, `CET`. */
export function zone(): { name: string; short: string } {
  const parts = form('zoneName').formatToParts(Date.now());
  return { name: chosen.name, short: parts.find((part) => part.type === 'timeZoneName')?.value ?? '' };
}

/** `14:05`, with the day where it is not today's. */
export function moment(at: number, now = Date.now()): string {
  const day = (time: number) => Math.floor((time + offset(time)) / DAY);
  const clock = form('clock').format(at);
  return day(at) === day(now) ? clock : `${form('dayMonth').format(at)}, ${clock}`;
}

/** What `<input type="datetime-local">` wants: local time without a zone. */
export function localTime(at: number): string {
  return new Date(at + offset(at)).toISOString().slice(0, 16);
}

/** The other way round; not a number where it is no time. */
export function fromLocalTime(text: string): number {
  const local = Date.parse(`${text.length === 10 ? `${text}T00:00` : text}Z`);
  if (Number.isNaN(local)) return local;
  const near = local - offset(local);
  return local - offset(near);
}

/** `3 min. ago`. */
export function ago(at: number, now = Date.now()): string {
  const seconds = Math.min(0, Math.round((at - now) / 1000));
  if (seconds > -60) return relative.format(seconds, 'second');
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

/** A bucket in words: `Mon 3 Mar, 14:00–14:15`, or the day alone where it spans days. */
export function bucketLabel(start: number, interval: number): string {
  if (interval >= 7 * DAY) return form('dayMonth').formatRange(start, start + interval - 1);
  if (interval >= DAY) return form('weekday').format(start);
  return `${form('weekday').format(start)}, ${timeOfDay(start)}–${timeOfDay(start + interval)}`;
}

/** An interval in words: `15 minutes`. */
export function intervalLabel(interval: number): string {
  const units: [number, string][] = [
    [7 * DAY, 'week'],
    [DAY, 'day'],
    [HOUR, 'hour'],
    [MINUTE, 'minute'],
  ];
  const [size, unit] = units.find(([size]) => interval % size === 0) ?? [1000, 'second'];
  const count = interval / size;
  const parts = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).formatToParts(count);
  const text = parts.map((part) => part.value).join('');
  return count === 1
    ? parts
        .filter((part) => part.type === 'unit')
        .map((part) => part.value)
        .join('')
        .trim()
    : text;
}

/** `5 s`, `1.5 h`: a delay, short. */
export function duration(ms: number): string {
  const format = (value: number, unit: string) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: value < 10 ? 1 : 0,
    }).format(value);
  if (ms < 1000) return format(Math.max(0, ms), 'millisecond');
  if (ms < MINUTE) return format(ms / 1000, 'second');
  if (ms < HOUR) return format(ms / MINUTE, 'minute');
  return ms < DAY ? format(ms / HOUR, 'hour') : format(ms / DAY, 'day');
}

/** The steps a time axis may be labelled in. */
const STEPS = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
];

/**
 * Labels for a time axis in the zone that is looked in: at most `most` of them, on round local times, by index into `times`.
 * Midnights show the date, other times the clock.
 */
export function timeTicks(times: readonly number[], most: number): Map<number, string> {
  const first = times[0];
  const last = times.at(-1);
  const ticks = new Map<number, string>();
  if (first === undefined || last === undefined) return ticks;
  const step = STEPS.find((step) => (last - first) / step <= most) ?? 28 * DAY;
  let previous: number | null = null;
  times.forEach((time, index) => {
    const local = time + offset(time);
    const slot = Math.floor(local / step);
    if (previous !== null && slot !== previous) {
      const midnight =
        Math.floor(local / DAY) !== Math.floor((local - step) / DAY) && local - slot * step < DAY && local % DAY < step;
      ticks.set(index, step >= DAY || midnight ? form('dayMonth').format(time) : timeOfDay(time));
    } else if (previous === null && local % step === 0) {
      ticks.set(index, step >= DAY || local % DAY === 0 ? form('dayMonth').format(time) : timeOfDay(time));
    }
    previous = slot;
  });
  return ticks;
}

export function clockWithSeconds(at: number): string {
  return form('clockSeconds').format(at);
}

const longDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A day without a time, `2026-11-26`, in the reader's form; as it was written where it is none. */
export function dayLabel(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : longDay.format(at);
}

/** The days of a comparison as date fields hold them, and as the API asks for them: UTC, the last day included. */
export interface Days {
  from: string;
  to: string;
}

const DAY = 86_400_000;

/** The ninety days that end today. */
export function lately(now: number): Days {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(now - 89 * DAY), to: day(now) };
}

/** Begin and end in milliseconds since 1970; `null` where a field is empty or the days are the wrong way round. */
export function bounds(days: Days): { from: number; to: number } | null {
  const [from, to] = [Date.parse(`${days.from}T00:00:00Z`), Date.parse(`${days.to}T00:00:00Z`) + DAY];
  return from < to ? { from, to } : null;
}

import { t } from '$lib/messages';

type Cause = keyof typeof t.sources.causes;

/** What the commonest faults of a connection say, from the most to the least telling. */
const TELLING: [RegExp, Cause][] = [
  [/look ?up|resolve|name or service not known|dns|no such host/i, 'unknown'],
  [/\b401\b|\b403\b|unauthori[sz]ed|forbidden|invalid (api )?key|bad credentials/i, 'key'],
  [/\b429\b|too many requests|rate limit/i, 'busy'],
  [/certificate|tls|ssl/i, 'certificate'],
  [/timed? ?out|deadline/i, 'slow'],
  [/refused|reset|unreachable|no route/i, 'closed'],
];

/** A connection's fault in the reader's words; `null` where only the fault itself can be said. */
export function causeOf(error: string): string | null {
  const cause = TELLING.find(([pattern]) => pattern.test(error))?.[1];
  return cause === undefined ? null : t.sources.causes[cause];
}

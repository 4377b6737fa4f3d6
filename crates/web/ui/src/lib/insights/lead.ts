import type { Monitor } from '$lib/api/types';
import type { Claim } from './types';

const WORD = /[\p{L}\p{N}]+/gu;
const wordsIn = (text: string): string[] => text.toLocaleLowerCase().match(WORD) ?? [];
/** What a query writes and nobody says. */
const OPERATORS = new Set(['or', 'and', 'not', 'near', 'lang', 'source', 'country', 'list', 'to']);

/** The words that monitors look for, and their names: to find them in what was found says nothing. */
export function ownWords(monitors: readonly Pick<Monitor, 'name' | 'query'>[]): ReadonlySet<string> {
  const all = monitors.flatMap(({ name, query }) => [...wordsIn(name), ...wordsIn(query)]);
  return new Set(all.filter((word) => !OPERATORS.has(word)));
}

/** Whether a subject is made of nothing but own words. */
export function isOwn(key: string, own: ReadonlySet<string>): boolean {
  const words = wordsIn(key);
  return words.length > 0 && words.every((word) => own.has(word));
}

/** The parts of a claim's id: `adds:aspect:battery`, `more:m_1:aspect:price`. */
function subjectOf({ id }: Claim): { monitor: string | null; key: string } | null {
  const [what, ...rest] = id.split(':');
  if (what === 'adds' || what === 'part') return { monitor: null, key: rest.slice(1).join(':') };
  if (what === 'better' || what === 'more') return { monitor: rest[0] ?? null, key: rest.slice(2).join(':') };
  return null;
}

/** Whether a claim is about what its own monitors look for. */
export function isAboutOwn(claim: Claim, monitors: readonly Pick<Monitor, 'id' | 'name' | 'query'>[]): boolean {
  const subject = subjectOf(claim);
  if (!subject) return false;
  // What is said more around one may be another's name; in what one is judged better may not.
  const of = claim.id.startsWith('more:') ? monitors.filter(({ id }) => id === subject.monitor) : monitors;
  return isOwn(subject.key, ownWords(of));
}

/** Half a point of net sentiment: less is written as 0 and changes nothing for anybody. */
const LEAST = 0.005;

/** Whether its figure is too small to be said, however sure it is. */
export function isTiny({ id, value }: Claim): boolean {
  return /^(adds|part|better|sentiment):/.test(id) && Math.abs(value.value ?? 0) < LEAST;
}

/** Claims that say that something changed since the period before. */
export const isChange = ({ id }: Claim): boolean => /^(volume|sentiment|part):/.test(id);

/**
 * How far a change lies beyond its interval: the end that is nearer to no change, in doublings for counts, in tens of points
 * for net sentiment, so that the two can be put in one order.
 */
export function beyond({ id, value: { value, low, high } }: Claim): number {
  if (value == null || low == null || high == null) return 0;
  const ratio = id.startsWith('volume:');
  const scale = (at: number) => (ratio ? Math.log2(Math.max(at, 1e-6)) : at / 0.1);
  const [a, b] = [scale(low), scale(high)];
  return a <= 0 && b >= 0 ? 0 : Math.min(Math.abs(a), Math.abs(b));
}

/** Claims as they are read: changes by how far they go, then the others as they came; and how many are left out. */
export function readable(claims: readonly Claim[], monitors: readonly Pick<Monitor, 'id' | 'name' | 'query'>[]) {
  const kept = claims.filter((claim) => !isTiny(claim) && !isAboutOwn(claim, monitors));
  return {
    changes: kept.filter(isChange).toSorted((a, b) => beyond(b) - beyond(a)),
    others: kept.filter((claim) => !isChange(claim)),
    left: claims.length - kept.length,
  };
}

import type { Monitor } from '$lib/api/types';

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

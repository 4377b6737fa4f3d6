import type { QueryCheck } from '$lib/api/types';
import { byteOffsets } from '$lib/text/bytes';
import { parseBasic, printBasic, withoutEach } from './basic';

/** One thing to count: what the word brings, and, where the form can say the query, what would be without it. */
export interface Asked {
  term: string;
  /** `null`: within a query that the form cannot say. */
  part: 'any' | 'all' | 'none' | null;
  /** Posts that match and hold the word. */
  within: string;
  /** The query without the word; `null` where that cannot be said, or is no query. */
  without: string | null;
}

export const MOST = 12;
const COUNTED = new Set(['term', 'phrase', 'tag', 'handle', 'wildcard', 'case']);

/** What to count of a query, in its order. */
export function askedOf(query: string, spans: QueryCheck['spans']): Asked[] {
  const form = parseBasic(query);
  if (form)
    return withoutEach(form).map(({ term, part, query: without }) => ({
      term,
      // The only one of "any" must be there, like those of "all".
      part: part === 'any' && form.any.length === 1 ? 'all' : part,
      within: part === 'none' ? '' : printBasic(part === 'any' ? { ...form, any: [term] } : form),
      // A query must look for something; what only says what must not be there is none.
      without: without === '' || (part !== 'none' && form.any.length + form.all.length === 1) ? null : without,
    }));
  const at = byteOffsets(
    query,
    spans.flatMap(({ start, end }) => [start, end]),
  );
  const terms = spans.flatMap(({ kind }, i) =>
    COUNTED.has(kind) ? [query.slice(at[i * 2] ?? 0, at[i * 2 + 1] ?? 0)] : [],
  );
  return [...new Set(terms)].map((term) => ({ term, part: null, within: `(${query}) AND ${term}`, without: null }));
}

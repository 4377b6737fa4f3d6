import type { Connector, Past } from '$lib/api/sources';
import type { SourceStatus } from '$lib/api/types';

/** A source whose platform can be asked, without a key or money, how much it holds of some words. */
export interface Countable {
  source: string;
  connector: string;
}

/** The sources that can count, one for each platform. */
export function countable(
  sources: readonly Pick<SourceStatus, 'name' | 'connector'>[],
  connectors: readonly Pick<Connector, 'name' | 'abilities' | 'keys' | 'price'>[],
): Countable[] {
  const able = new Set(
    connectors
      .filter(({ abilities, price }) => abilities.includes('past') && price === 0)
      .filter(({ keys }) => !keys.some(({ needed, kind }) => needed && kind === 'secret'))
      .map(({ name }) => name),
  );
  const seen = new Set<string>();
  return sources
    .filter(({ connector }) => able.has(connector) && !seen.has(connector) && seen.add(connector))
    .map(({ name, connector }) => ({ source: name, connector }));
}

/** What came of asking: a number, why there is none, or nothing yet. */
export type Count = { state: 'asked' } | { state: 'known'; posts: number } | { state: 'unknown'; why: string };

export function countOf(answer: Past): Count {
  if (answer.estimated_posts !== null) return { state: 'known', posts: answer.estimated_posts };
  return { state: 'unknown', why: answer.lines[0] ?? answer.error ?? '' };
}

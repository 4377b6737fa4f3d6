import type { Explained } from '$lib/api/types';
import { t } from '$lib/messages';
import { sourceName } from '$lib/state/labels';
import { countryName, exact, languageName } from '$lib/text/format';

/** A sentence with the numbers of the mentions behind it. */
export interface Told {
  text: string;
  mentions: readonly string[];
}

/** A term is said more than before where its interval lies above none. */
export const isMore = (term: Explained['terms'][number]): boolean => term.log_odds.low > 0;

export const termText = (term: Explained['terms'][number]): string =>
  `${term.kind === 'hashtag' && !term.text.startsWith('#') ? '#' : ''}${term.text}`;

const NAMED = 3;
const SAME = /^the same hours of (\d+) earlier (day|week)s?$/;

/** What a finding was held against, in the reader's language where the server says it in a form known here. */
export function heldAgainst(compared: string): string {
  const [, count, unit] = SAME.exec(compared) ?? [];
  if (count === undefined) return compared;
  return (unit === 'week' ? t.trends.sameHoursOfWeeks : t.trends.sameHoursOfDays)(Number(count));
}

function counted({ posts, authors, excess, compared }: Explained): string {
  const [all, people] = [exact(posts), exact(authors)];
  if (compared.startsWith('nothing')) return t.trends.counted(all, people);
  const far = exact(Math.abs(Math.round(excess)));
  return (excess < 0 ? t.trends.countedFewer : t.trends.countedMore)(all, people, far, heldAgainst(compared));
}

const ON = /^(.+) of the excess is on (.+)\.$/;
const IN = /^(.+) of the excess is in the language “(.+)”\.$/;
const FROM = /^(.+) of the excess comes from (.+)\.$/;
const EARLY = /^The first mention with one of these came (\d+) minutes after its begin: “(.*)”\.$/s;

/** A sentence of the server with names in the place of codes, where its form is known here. */
function named(text: string, hasTerms: boolean): string {
  const [, on, source] = ON.exec(text) ?? [];
  if (on !== undefined && source !== undefined) return t.trends.excessOn(on, sourceName(source));
  const [, spoken, lang] = IN.exec(text) ?? [];
  if (spoken !== undefined && lang !== undefined) return t.trends.excessIn(spoken, languageName(lang, lang));
  const [, from, country] = FROM.exec(text) ?? [];
  if (from !== undefined && country !== undefined) return t.trends.excessFrom(from, countryName(country));
  // "These" are the terms of the sentence before, where that is said.
  const [, minutes, quote] = hasTerms ? [] : (EARLY.exec(text) ?? []);
  if (minutes !== undefined && quote !== undefined) return t.trends.early(Number(minutes), quote);
  return text;
}

/**
 * What an explanation says. The first sentence counts, the second (where there are terms) names them: these two are said here,
 * from the same figures as the rest of the page, so that no other number is called "expected" than the detector's, and no
 * term is said to be said more whose interval does not say so. The others are the server's.
 */
export function toldOf(explained: Explained): Told[] {
  const { sentences, terms } = explained;
  const more = terms.filter(isMore).slice(0, NAMED);
  const words = more.map((term) => t.trends.saidBy(termText(term), exact(term.authors), exact(term.authors_before)));
  return [
    { text: counted(explained), mentions: sentences[0]?.mentions ?? [] },
    ...(words.length > 0
      ? [{ text: t.trends.saidMore(words.join(', ')), mentions: more.flatMap(({ mentions }) => mentions.slice(0, 2)) }]
      : []),
    ...sentences
      .slice(terms.length > 0 ? 2 : 1)
      .map(({ text, mentions }) => ({ text: named(text, words.length > 0), mentions })),
  ];
}

import type { MonitorInput, Objective, Role } from '$lib/api/types';

/** The guide's answers. */
export interface Answers {
  /** Platforms to listen to; all where every one is chosen. */
  sources: string[];
  allSources: string[];
  objective: Objective;
  names: string;
  competitors: string;
  topics: string;
}

/** Names as people write them into a box: one a line, or separated by commas; each once. */
export function splitNames(text: string): string[] {
  const names = text.split(/[\n,;]+/).map((name) => name.replaceAll('"', '').trim().replace(/\s+/g, ' '));
  return [...new Set(names.filter((name) => name !== ''))];
}

/** A name as a query's term: quoted where it is more than a word, or would be read as an operator. */
export function term(name: string): string {
  const plain = /^[#@$]?[\p{L}\p{N}\p{M}][\p{L}\p{N}\p{M}_'’&+.-]*$/u.test(name);
  return plain && !/^(AND|OR|NOT|NEAR)$/.test(name) ? name : `"${name}"`;
}

function anyOf(terms: readonly string[]): string {
  return terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' OR ')})`;
}

/** One query: any of the names, on the chosen platforms. */
export function query(names: readonly string[], answers: Pick<Answers, 'sources' | 'allSources'>): string {
  const words = names.map(term);
  const some = answers.sources.length > 0 && answers.sources.length < answers.allSources.length;
  if (!some) return words.join(' OR ');
  return `${anyOf(words)} AND source:${anyOf(answers.sources)}`;
}

/** The query without posts that hold any of `unwanted`. */
export function without(text: string, unwanted: readonly string[]): string {
  return unwanted.length === 0 ? text : `(${text}) NOT ${anyOf(unwanted.map(term))}`;
}

/** The monitors that the answers ask for: one of our own, one for each competitor, one for each subject. */
export function monitors(answers: Answers): MonitorInput[] {
  const make = (name: string, role: Role, names: string[]): MonitorInput => ({
    name,
    role,
    query: query(names, answers),
    active: true,
    color: null,
  });
  const own = splitNames(answers.names);
  const subject: Role = answers.objective === 'awareness' ? 'campaign' : 'topic';
  return [
    ...(own.length > 0 ? [make(own[0] ?? '', 'brand', own)] : []),
    ...splitNames(answers.competitors).map((name) => make(name, 'competitor', [name])),
    ...splitNames(answers.topics).map((name) => make(name, subject, [name])),
  ];
}

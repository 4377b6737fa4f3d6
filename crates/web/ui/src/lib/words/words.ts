import type { Measured, Value } from '$lib/api/types';

export type Mood = 'negative' | 'neutral' | 'positive';

export interface Word {
  key: string;
  mentions: number;
  authors: number | null;
  net: Value | undefined;
  mood: Mood;
}

/** The side that a balance is on beyond chance: its whole interval is; neutral where that cannot be told. */
export function moodOf(net: Value | undefined): Mood {
  if (net?.value == null || net.low == null || net.high == null) return 'neutral';
  return net.low > 0 ? 'positive' : net.high < 0 ? 'negative' : 'neutral';
}

/** The words of an answer that is cut by term, most mentions first, without those in `names`. */
export function wordsOf(answer: Measured, names: ReadonlySet<string>): Word[] {
  const at = (metric: string) => answer.metrics.indexOf(metric);
  return (answer.axes[0]?.keys ?? [])
    .map((key, i) => {
      const row = answer.rows[i] ?? [];
      const net = row[at('net_sentiment')];
      const authors = row[at('authors')]?.value ?? null;
      return { key, mentions: row[at('mentions')]?.value ?? 0, authors, net, mood: moodOf(net) };
    })
    .filter(({ key, mentions }) => !key.other && !key.hidden && mentions > 0 && !names.has(key.key))
    .map(({ key, ...rest }) => ({ ...rest, key: key.key }))
    .toSorted((a, b) => b.mentions - a.mentions || a.key.localeCompare(b.key));
}

/** What stands after a word, so that its colour is not all that says it. */
export const SIGNS: Record<Mood, string> = { negative: ' ▼', neutral: '', positive: ' ▲' };
export const INKS: Record<Mood, string> = {
  negative: '--negative-ink',
  neutral: '--ink-2',
  positive: '--positive-ink',
};

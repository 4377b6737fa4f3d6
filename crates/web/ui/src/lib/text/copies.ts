import type { MentionView } from '$lib/api/types';

/** A post as listed: its first mention, its mentions by other monitors, and how many more posts say the same words. */
export interface Folded {
  mention: MentionView;
  others: MentionView[];
  copies: number;
}

function words(text: string): string {
  return text
    .toLowerCase()
    .replace(/https?:\/\/\S+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Texts shorter than this are left alone: two people who write "thanks!" copy nobody. */
const LEAST = 24;

/** Folds the mentions of one post into one, and copies of a text, or where nobody looked for them posts with the same
 * words, into the first of them. */
export function foldCopies(mentions: readonly MentionView[]): Folded[] {
  const posts = new Map<string, Folded>();
  const texts = new Map<string, Folded>();
  const result: Folded[] = [];
  for (const mention of mentions) {
    const same = posts.get(mention.post.key);
    if (same) {
      if (same.mention.post.key === mention.post.key) same.others.push(mention);
      continue;
    }
    const plain = words(mention.post.text);
    const text = mention.group ?? (plain.length >= LEAST ? plain : null);
    const original = text === null ? undefined : texts.get(text);
    if (original) {
      original.copies += 1;
      posts.set(mention.post.key, original);
      continue;
    }
    const folded: Folded = { mention, others: [], copies: 0 };
    posts.set(mention.post.key, folded);
    if (text !== null) texts.set(text, folded);
    result.push(folded);
  }
  return result;
}

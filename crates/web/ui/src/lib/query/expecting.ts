import type { Expected } from '$lib/api/expectations';

/** What is expected of posts that are shown, and how to say it of one more. */
export interface Expecting {
  /** What is expected of a post: that it is matched or not; `null` where nothing is. */
  of: (key: string) => boolean | null;
  expect: (post: { key: string; title: string | null; text: string }, matches: boolean) => void;
  busy: boolean;
}

/** Whether two expectations say the same: of the same post, or of the same text. */
export const isSame = (one: Expected, other: Expected) =>
  one.post != null || other.post != null
    ? one.post === other.post
    : one.text === other.text && (one.title ?? null) === (other.title ?? null);

/** `more` added to `all`: what is there already keeps its place and is expected as was said last. */
export function joined(all: readonly Expected[], more: readonly Expected[]): Expected[] {
  const result = [...all];
  for (const one of more) {
    const at = result.findIndex((other) => isSame(one, other));
    if (at < 0) result.push(one);
    else if (result[at]?.matches !== one.matches) result[at] = one;
  }
  return result;
}

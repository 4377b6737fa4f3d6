/** What is expected of posts that are shown, and how to say it of one more. */
export interface Expecting {
  /** What is expected of a post: that it is matched or not; `null` where nothing is. */
  of: (key: string) => boolean | null;
  expect: (post: { key: string; title: string | null; text: string }, matches: boolean) => void;
  busy: boolean;
}

import type { MarkChange, MarkView } from '$lib/api/types';
import { t } from '$lib/messages';
import { sentimentName } from '$lib/state/labels';

/** What a mark looks like after a change, as the server would say: what is cleared goes first. */
export function changed(mark: MarkView, change: MarkChange): MarkView {
  const clear = new Set(change.clear ?? []);
  const base: MarkView = {
    ...mark,
    tags: clear.has('tags') ? [] : mark.tags,
    category: clear.has('category') ? null : mark.category,
    status: clear.has('status') ? null : mark.status,
    assignee: clear.has('assignee') ? null : mark.assignee,
    sentiment: clear.has('sentiment') ? null : mark.sentiment,
    relevant: clear.has('relevant') ? null : mark.relevant,
  };
  const gone = new Set(change.remove_tags ?? []);
  const tags = [...base.tags.filter((tag) => !gone.has(tag)), ...(change.add_tags ?? [])];
  return {
    tags: [...new Set(tags)].sort(),
    category: change.category ?? base.category,
    status: change.status ?? base.status,
    assignee: change.assignee ?? base.assignee,
    sentiment: change.sentiment ?? base.sentiment,
    relevant: change.relevant ?? base.relevant,
    starred: change.starred ?? base.starred,
    muted: change.muted ?? base.muted,
  };
}

/** What a form says: a text is set, an empty one is taken away, `null` is left as it is. */
export interface MarkFields {
  addTags: string[];
  removeTags: string[];
  category: string | null;
  status: string | null;
  assignee: string | null;
}

/** The change that a form asks for; `null` where it asks for none. */
export function changeOf(fields: MarkFields): MarkChange | null {
  const change: MarkChange = {};
  const clear: string[] = [];
  if (fields.addTags.length > 0) change.add_tags = fields.addTags;
  if (fields.removeTags.length > 0) change.remove_tags = fields.removeTags;
  for (const name of ['category', 'status', 'assignee'] as const) {
    const value = fields[name];
    if (value === '') clear.push(name);
    else if (value !== null) change[name] = value;
  }
  if (clear.length > 0) change.clear = clear;
  return Object.keys(change).length > 0 ? change : null;
}

/** Tags as typed: separated by commas, without `#` and doubles. */
export function tagsIn(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim().replace(/^#/, ''));
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

/** What a change does, in a few words. */
export function inWords(change: MarkChange): string {
  const words: string[] = [];
  if (change.starred != null) words.push(change.starred ? t.work.wasStarred : t.work.wasUnstarred);
  if (change.muted != null) words.push(change.muted ? t.work.wasMuted : t.work.wasUnmuted);
  if (change.relevant != null) words.push(change.relevant ? t.work.wasRelevant : t.work.wasIrrelevant);
  if (change.sentiment) words.push(t.work.wasSentiment(sentimentName(change.sentiment)));
  if (change.add_tags?.length) words.push(t.work.wasTagged(change.add_tags.join(', ')));
  if (change.status) words.push(t.work.statuses[change.status] ?? change.status);
  if (change.assignee) words.push(`${t.work.assignee}: ${change.assignee}`);
  if (change.category) words.push(`${t.work.category}: ${change.category}`);
  return words.length > 0 ? words.join(', ') : t.work.changed;
}

import type { FilterParams, MarkChange } from '$lib/api/types';
import { t } from '$lib/messages';
import { sentimentName } from '$lib/state/labels';

/** What a rule does, part by part, as name and value. */
export function effects(change: MarkChange): [string, string][] {
  const parts: [string, string][] = [];
  if (change.add_tags?.length) parts.push([t.work.addTags, change.add_tags.join(', ')]);
  if (change.remove_tags?.length) parts.push([t.work.removeTags, change.remove_tags.join(', ')]);
  if (change.category) parts.push([t.work.category, change.category]);
  if (change.status) parts.push([t.work.status, t.work.statuses[change.status] ?? change.status]);
  if (change.assignee) parts.push([t.work.assignee, change.assignee]);
  if (change.sentiment) parts.push([t.rules.sentiment, sentimentName(change.sentiment)]);
  if (change.relevant != null) parts.push([t.rules.relevance, change.relevant ? t.work.relevant : t.work.irrelevant]);
  if (change.starred) parts.push([t.rules.star, '']);
  if (change.muted) parts.push([t.rules.mute, '']);
  return parts;
}

/** For each effect the filter of the mentions that carry it already; `null` where there is none. */
export function marked(change: MarkChange): (FilterParams | null)[] {
  const found: (FilterParams | null)[] = [];
  const tags = change.add_tags ?? [];
  // Of several tags a mention may carry some.
  if (tags.length > 0) found.push(tags.length === 1 ? { tag: tags[0] } : null);
  if (change.remove_tags?.length) found.push(null);
  if (change.category) found.push({ category: change.category });
  if (change.status) found.push({ status: change.status });
  if (change.assignee) found.push({ assignee: change.assignee });
  if (change.sentiment) found.push({ sentiment: change.sentiment });
  if (change.relevant != null) found.push(null);
  if (change.starred) found.push({ mark: 'starred' });
  if (change.muted) found.push(null);
  return found;
}

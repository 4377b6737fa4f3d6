import type { MarkChange } from '$lib/api/types';
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

import type { Item } from '$lib/api/responding';
import { t } from '$lib/messages';
import { ago, moment } from '$lib/text/time';

/** Where an item stands, in a few words. */
export function standing(item: Item, now: number): { words: string; late: boolean } {
  if (item.responded_at !== null) return { words: t.inbox.responded(moment(item.responded_at, now)), late: false };
  if (item.closed_at !== null) return { words: t.inbox.closed(moment(item.closed_at, now)), late: false };
  if (item.due_at === null) return { words: t.inbox.noDue, late: false };
  return item.due_at < now
    ? { words: t.inbox.overdue(ago(item.due_at, now)), late: true }
    : { words: t.inbox.due(moment(item.due_at, now)), late: false };
}

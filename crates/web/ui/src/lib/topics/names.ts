import { t } from '$lib/messages';

/** What topics are called, as answers told it; their numbers say nothing to a reader. */
const names = new Map<string, string>();

export function topicName(id: string | null, words: readonly string[]): string {
  const name = words.slice(0, 3).join(', ') || t.topics.unnamed;
  if (id !== null && words.length > 0) names.set(id, name);
  return name;
}

/** The name of a topic met before. */
export function knownTopic(id: string): string {
  return names.get(id) ?? t.topics.one;
}

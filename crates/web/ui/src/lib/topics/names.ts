import { SvelteMap } from 'svelte/reactivity';
import { api } from '$lib/api/client';
import { t } from '$lib/messages';

/** What topics are called, as answers told it; their numbers say nothing to a reader. */
const names = new Map<string, string>();
/** Those asked for by name alone, for cards that name their topic. */
const learned = new SvelteMap<string, string>();
const asked = new Set<string>();
const MOST = 200;
const MONTH = 30 * 86_400_000;

/** Asks once how a project's topics are called; cards that know theirs by number alone show no topic until then. */
export async function learnTopics(project: string): Promise<void> {
  if (asked.has(project)) return;
  asked.add(project);
  try {
    const { topics } = await api.topics(project, { from: Date.now() - MONTH, limit: MOST });
    for (const { id, words } of topics) learned.set(id, topicName(id, words));
  } catch {
    asked.delete(project);
  }
}

/** What a topic is called, where that was told. */
export function learnedTopic(id: string): string | null {
  return learned.get(id) ?? null;
}

export function topicName(id: string | null, words: readonly string[]): string {
  const name = words.slice(0, 3).join(', ') || t.topics.unnamed;
  if (id !== null && words.length > 0) names.set(id, name);
  return name;
}

/** The name of a topic met before. */
export function knownTopic(id: string): string {
  return names.get(id) ?? t.topics.one;
}

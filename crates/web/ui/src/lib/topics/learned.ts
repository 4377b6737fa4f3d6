import { SvelteMap } from 'svelte/reactivity';
import { api } from '$lib/api/client';
import { topicName } from './names';

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

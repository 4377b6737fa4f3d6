import type { AlertDefinition } from '$lib/api/types';
import type { ObjectiveView } from '$lib/insights/types';
import { start, template, type KindName } from './templates';

export type Draft = ObjectiveView['alerts'][number];

/** The alert that a draft stands for, ready to be made; `null` where this app does not know its kind. */
export function definitionOf(draft: Draft, zone: string): AlertDefinition | null {
  const kind = (draft.kind === 'mention' ? 'every_mention' : draft.kind) as KindName;
  if (!('kind' in start(kind)) || !KNOWN.has(kind)) return null;
  const definition = template(kind, draft.name, zone);
  const scope = draft.scope as { monitor?: string };
  const { per_week, ...filter } = draft.condition as { per_week?: number } & Record<string, string>;
  const when = 'per_week' in definition.when && per_week ? { ...definition.when, per_week } : definition.when;
  return {
    ...definition,
    when,
    monitors: scope.monitor?.split(',').filter(Boolean) ?? [],
    filter: kind === 'every_mention' ? filter : {},
  };
}

const KNOWN: ReadonlySet<string> = new Set([
  'every_mention',
  'peak',
  'drop',
  'sentiment_shift',
  'trend',
  'new_topic',
  'silence',
] satisfies KindName[]);

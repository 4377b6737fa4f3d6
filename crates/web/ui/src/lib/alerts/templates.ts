import type { AlertDefinition, AlertKind } from '$lib/api/types';

/** The kinds in the order of the page. */
export const KINDS = [
  'every_mention',
  'digest',
  'threshold',
  'peak',
  'sentiment_shift',
  'influential_author',
  'keyword',
  'new_topic',
  'trend',
  'coordination',
  'drop',
  'silence',
  'silent_source',
  'budget',
  'drift',
] as const satisfies readonly AlertKind['kind'][];
export type KindName = AlertKind['kind'];

/** Lengths of windows, in minutes. */
export const WINDOWS = [5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10080];

/** Kinds that count mentions under a filter. */
export const FILTERED: readonly KindName[] = [
  'every_mention',
  'keyword',
  'influential_author',
  'digest',
  'threshold',
  'silence',
];

/** Kinds about sources, not about monitors. */
export const OF_SOURCES: readonly KindName[] = ['silent_source', 'budget'];

/** What a kind begins with. */
export function start(kind: KindName): AlertKind {
  switch (kind) {
    case 'keyword':
      return { kind, query: '' };
    case 'influential_author':
      return { kind, followers: 10_000 };
    case 'digest':
      return { kind, every: 'day', hour: 8 };
    case 'threshold':
      return {
        kind,
        measure: 'negative_share',
        window: 360,
        condition: { side: 'above', against: { value: 0.4 } },
      };
    case 'silence':
      return { kind, window: 1440 };
    case 'peak':
      return { kind, metrics: [], per_week: 0.5 };
    case 'drop':
    case 'sentiment_shift':
      return { kind, per_week: 0.5 };
    case 'silent_source':
      return { kind, sources: [], window: 180 };
    case 'budget':
      return { kind, sources: [], left: 0.1 };
    default:
      return { kind } as AlertKind;
  }
}

/** A definition of this kind, ready to be tried. */
export function template(kind: KindName, name: string, zone: string): AlertDefinition {
  const share = kind === 'threshold';
  return {
    name,
    when: start(kind),
    monitors: [],
    filter: {},
    min_sample: share ? 30 : 0,
    cooldown: kind === 'digest' ? 0 : 60,
    zone,
    quiet: { days: [], hours: null },
    recipients: [],
    severity: 'info',
    enabled: true,
  };
}

/** Whether a measure is a share, which people write in per cent. */
export function isShare(measure: string): boolean {
  return measure.endsWith('_share') || measure === 'net_sentiment';
}

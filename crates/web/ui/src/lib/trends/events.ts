import type { FindingRow } from '$lib/api/types';
import { HOUR, MINUTE } from '$lib/text/time';

/** What happened: one finding that says it best, and those that the same moments of the same monitor gave rise to. */
export interface Event {
  lead: FindingRow;
  others: FindingRow[];
}

/** How an event stands. `steady`: it goes on, and neither grows nor fades beyond chance. */
export const STAGES = ['new', 'growing', 'steady', 'fading', 'finished'] as const;
export type Stage = (typeof STAGES)[number];

/** Trends are looked for every quarter of an hour, and one is over when it was not met for a while. */
const OVER = 90 * MINUTE;
const NEW = 2 * HOUR;
/** So near to each other, two are one event. */
const NEAR = 30 * MINUTE;

const RANK: readonly string[] = ['peak', 'sentiment_shift', 'new_topic', 'trend', 'drop', 'silence'];

/** The finding that says best what happened comes first: mentions before other figures, the stronger before the weaker. */
function rank({ kind, detail }: FindingRow): number {
  const place = RANK.indexOf(kind);
  const mentions = detail.of === 'series' && detail.metric === 'mentions';
  return (place < 0 ? RANK.length : place) * 2 + (mentions ? 0 : 1);
}

const lessens = ({ kind }: FindingRow) => kind === 'drop' || kind === 'silence';
const standsAlone = ({ kind, monitor }: FindingRow) => monitor == null || kind === 'coordination' || kind === 'drift';

/**
 * Findings gathered to events, the newest first: those of one monitor whose moments overlap. What stands alone stays so; what
 * lessens is not put with what grows.
 */
export function eventsOf(findings: readonly FindingRow[]): Event[] {
  const events: (Event & { from: number; until: number })[] = [];
  const order = findings.toSorted((a, b) => rank(a) - rank(b) || b.strength - a.strength);
  for (const one of order) {
    const place = events.find(
      ({ lead, from, until }) =>
        !standsAlone(one) &&
        !standsAlone(lead) &&
        lead.monitor === one.monitor &&
        lead.dismissed === one.dismissed &&
        lessens(lead) === lessens(one) &&
        one.from <= until + NEAR &&
        one.until >= from - NEAR,
    );
    // The lead's own moments decide: a chain of neighbours would gather a whole day.
    if (place) place.others.push(one);
    else events.push({ lead: one, others: [], from: one.from, until: one.until });
  }
  return events
    .map(({ lead, others }) => ({ lead, others }))
    .toSorted((a, b) => b.lead.from - a.lead.from || b.lead.strength - a.lead.strength);
}

/** Whether an event still goes on, as far as detectors have read. */
export const goesOn = ({ lead, others }: Event, readUpTo: number): boolean =>
  [lead, ...others].some(({ until }) => until >= readUpTo - OVER);

/**
 * Whether counts grow or fade beyond chance: the last third of what there is since the beginning against the third before,
 * twice the standard deviation of their difference (Poisson).
 */
export function movement(counts: readonly number[]): 'growing' | 'fading' | 'steady' {
  const third = Math.max(1, Math.floor(counts.length / 3));
  if (counts.length < 2) return 'steady';
  const sum = (part: readonly number[]) => part.reduce((all, one) => all + one, 0);
  const last = sum(counts.slice(-third));
  const before = sum(counts.slice(-2 * third, -third));
  const far = 2 * Math.sqrt(last + before);
  if (last - before > far) return 'growing';
  return before - last > far ? 'fading' : 'steady';
}

/** How an event stands; `counts`: what its figure was since it began, where that is known. */
export function stageOf(event: Event, readUpTo: number, counts: readonly number[] | null): Stage {
  if (!goesOn(event, readUpTo)) return 'finished';
  if (event.lead.from >= readUpTo - NEW) return 'new';
  return counts === null ? 'steady' : movement(counts);
}

/** The terms that an event is about, each once, the surest first; `says`: whether one says anything. */
export function termsOf({ lead, others }: Event, most: number, says: (term: string) => boolean = () => true): string[] {
  const all = [lead, ...others.toSorted((a, b) => b.strength - a.strength)].flatMap(({ detail }) => {
    if (detail.of === 'terms') return detail.terms.map(({ text }) => text);
    return detail.of === 'topic' ? detail.words : [];
  });
  const known = new Set<string>();
  const told: string[] = [];
  for (const term of all) {
    const words = term.toLocaleLowerCase().split(/\s+/);
    // A pair of words that were both said already says nothing new.
    if (!says(term) || words.every((word) => known.has(word))) continue;
    words.forEach((word) => known.add(word));
    told.push(term);
    if (told.length === most) break;
  }
  return told;
}

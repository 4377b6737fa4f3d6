import type { components } from '$lib/api/schema';
import type { Annotation, Around, FilterParams, MentionView, Objective, Value } from '$lib/api/types';

type Schemas = components['schemas'];

/** What each insight says beside its own answer. */
export interface Frame {
  from: number;
  to: number;
  zone: string;
  generation: number;
  policy_labels: { source: string; text: string }[];
}

export interface Claim {
  id: string;
  kind: string;
  words: string;
  value: Value;
  people: number | null;
  p: number | null;
  evidence: { filter: FilterParams | null; mentions: string[] };
}

export interface Suggestion {
  claim: string;
  title: string;
  words: string;
  taken: string | null;
}

export interface Weekly extends Frame {
  comparable: boolean;
  claims: Claim[];
  suggestions: Suggestion[];
  findings: { words: string; finding: { number: number; monitor: string | null; from: number; until: number } }[];
  followed: { annotation: Annotation; around: Around | null }[];
  tested: number;
  passed: number;
}

export interface HourTimes {
  hour: number;
  ratio: Value;
  authors: number;
  beyond_chance: boolean;
}

export interface Times extends Frame {
  caveat: string;
  platforms: { source: string; posts: number; without_history: number; hours: HourTimes[] }[];
}

export interface SubjectDriver {
  key: string;
  posts: number;
  posts_before: number;
  people: number;
  share: Value;
  net: Value;
  adds: Value;
  part: Value;
  adds_beyond_chance: boolean;
  part_beyond_chance: boolean;
  evidence: FilterParams | null;
}

export interface Drivers extends Frame {
  by: string;
  posts: number;
  net: Value;
  net_before: Value;
  change: Value;
  subjects: SubjectDriver[];
  rest: SubjectDriver;
}

export interface Gaps extends Frame {
  ours: string[];
  competitors: {
    monitor: string;
    label: string;
    judged_better: { key: string; theirs: Value; ours: Value; by: Value; evidence: FilterParams }[];
    talked_of_more: { key: string; odds: Value; authors: number; ours: number; evidence: FilterParams }[];
  }[];
  unanswered: { intent: string; mentions: number; open: number; share: Value; evidence: FilterParams }[];
  examples: MentionView[];
  tested: number;
}

export interface Influencer {
  author: { key: string; handle: string | null; name: string | null };
  source: string;
  people: number;
  people_percentile: number;
  times: number;
  posts: number;
  rank: number;
  rank_percentile: number;
  topical: Value;
  evidence: FilterParams;
}

export interface Influencers extends Frame {
  looked_at: number;
  links: number;
  unheld: number;
  people: number;
  left_out: string[];
  influencers: Influencer[];
}

type Asked = Schemas['ObjectiveTarget'];
export type Target = Asked & Required<Pick<Asked, 'at_most' | 'days' | 'due'>>;

export interface ObjectiveView {
  objective: Objective;
  metric: Target['metric'];
  target: Target | null;
  progress: { now: Value; then: Value; part: number | null; state: string } | null;
  cards: string[];
  alerts: {
    name: string;
    kind: string;
    scope: Record<string, unknown>;
    condition: Record<string, unknown>;
    why: string;
  }[];
}

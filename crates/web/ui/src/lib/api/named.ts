import { answer, client, signalled, type Signal } from './client';
import type { components } from './schema';
import type { Answer, FilterParams, Measured, MentionView, Value } from './types';

type Schemas = components['schemas'];

/** The figures of one question within a page of several. */
export type Part = Pick<Measured, 'axes' | 'cells' | 'metrics' | 'rows' | 'total' | 'before'>;
export type Account = Answer<Schemas['Account']>;
interface Page {
  from: number;
  to: number;
  zone: string;
  generation: number;
  policy_labels: Measured['policy_labels'];
}

export interface Channel {
  monitor: string;
  label: string;
  accounts: Account[];
  figures: Part;
  series: Part;
  per_day: Value;
  gap: Value;
  kinds: Part;
  media: Part;
  hashtags: Part;
  terms: Part;
  week: Part;
  replies: { median: Value; answered: Value; to_unheld: number; sampled: boolean };
}
export type ChannelsPage = Page & { channels: Channel[] };

export interface People {
  authors: number;
  new_authors: Value;
  [other: string]: unknown;
}
export interface Pair {
  a: string;
  b: string;
  authors: number;
  lift: Value;
  of_a: Value;
  of_b: Value;
}
export type BehaviourPage = Page & {
  history_since: number | null;
  people: Schemas['People'];
  people_before: Schemas['People'] | null;
  together: { monitors: { monitor: string; label: string; authors: number }[]; pairs: Pair[]; votes: number };
  week: Part;
};
export type Preference = Omit<Answer<Schemas['Preference']>, 'share_a'> & { share_a: Value };
export type PreferencesPage = Omit<Page, 'zone'> & {
  found: number;
  read: number;
  langs: string[];
  pairs: Preference[];
};
export interface Attribute {
  key: string;
  authors: number;
  others: number;
  odds: Value;
  net_sentiment: Value;
}
export interface Perceived {
  monitor: string;
  label: string;
  authors: number;
  more: Attribute[];
  less: Attribute[];
}
export type PerceptionsPage = Omit<Page, 'zone'> & { by: string; monitors: Perceived[] };
export interface Aware {
  authors: number;
  texts: number;
  named: Value[];
  no_brand: Value;
}
export type AwarenessPage = Page & {
  brands: { monitor: string; label: string }[];
  category: string;
  series: (Aware & { from: number; to: number })[];
  total: Aware;
};
export type Moved = Answer<Schemas['Moved']>;
export type MarketPage = Page & {
  category: string;
  change: Value[];
  figures: Part;
  series: Part;
  rising: Moved[];
  falling: Moved[];
};
export type EntityPage = Page & {
  key: string;
  kind: string;
  author: MentionView['post']['author'];
  figures: Part;
  change: Value[];
  first_seen: number | null;
  last_seen: number | null;
  langs: Part;
  monitors: Part;
  sources: Part;
  series: Part;
  authors: Part | null;
  company: { hashtags: Part; links: Part; sites: Part; terms: Part; week: Part } | null;
  newest: MentionView[];
};

type Question = FilterParams & { zone?: string; interval?: string; by?: string; within?: string };

/** Named questions about a project: each a page of figures. */
export const named = (project: string, filter: Question, signal?: Signal) => {
  const params = { path: { project }, query: filter as never };
  const rest = signalled(signal);
  return {
    channels: () => answer<ChannelsPage>(client.GET('/api/v1/projects/{project}/channels', { params, ...rest })),
    behaviour: () => answer<BehaviourPage>(client.GET('/api/v1/projects/{project}/behaviour', { params, ...rest })),
    preferences: () =>
      answer<PreferencesPage>(client.GET('/api/v1/projects/{project}/preferences', { params, ...rest })),
    perceptions: () =>
      answer<PerceptionsPage>(client.GET('/api/v1/projects/{project}/perceptions', { params, ...rest })),
    awareness: () => answer<AwarenessPage>(client.GET('/api/v1/projects/{project}/awareness', { params, ...rest })),
    market: () => answer<MarketPage>(client.GET('/api/v1/projects/{project}/market', { params, ...rest })),
    entity: () => answer<EntityPage>(client.GET('/api/v1/projects/{project}/entity', { params, ...rest })),
  };
};

export const accounts = {
  get: (id: string, signal?: Signal) =>
    answer<Account[]>(client.GET('/api/v1/monitors/{id}/accounts', { params: { path: { id } }, ...signalled(signal) })),
  put: (id: string, body: Account[]) =>
    answer<unknown>(client.PUT('/api/v1/monitors/{id}/accounts', { params: { path: { id } }, body })),
};

/** A part as an answer of its own, for what draws answers. */
export function measured(part: Part, page: { from: number; to: number; zone?: string; generation: number }): Measured {
  const { from, to, generation } = page;
  return { ...part, from, to, generation, zone: page.zone ?? 'UTC', formulas: [], policy_labels: [] } as never;
}

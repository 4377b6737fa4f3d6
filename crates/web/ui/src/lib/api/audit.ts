import { answer, client, signalled, whole, type Signal } from './client';
import type { components } from './schema';
import type { Answer, FilterParams, Value } from './types';

type Schemas = components['schemas'];

export type Sample = Omit<Answer<Schemas['SampleView']>, 'results'> & {
  results: { accuracy: Value; shares: Value[]; confusion: number[][] };
};
export type Queued = Answer<Schemas['QueuedPost']>;
export interface Shares {
  n: number;
  uncertain: boolean;
  advice: string | null;
  caveat: string | null;
  shares: { class: string; estimate: Value; emq: number | null; counted: number }[];
  parts: Answer<Schemas['EstimatedPart']>[];
  labels: { drawn: number; corrections: number; vendor: number };
  from: number;
  to: number;
}

/** Posts drawn at random to be labelled, and what the labels say of the models. */
export const auditing = (project: string) => {
  const params = { path: { project } };
  const of = (sample: string) => ({ path: { project, sample } });
  return {
    list: (signal?: Signal) =>
      answer<Sample[]>(client.GET('/api/v1/projects/{project}/audit-samples', { params, ...signalled(signal) })),
    draw: (body: { size?: number }) =>
      answer<Sample>(client.POST('/api/v1/projects/{project}/audit-samples', { params, body: whole(body) })),
    get: (sample: string, signal?: Signal) =>
      answer<Sample>(
        client.GET('/api/v1/projects/{project}/audit-samples/{sample}', { params: of(sample), ...signalled(signal) }),
      ),
    queue: (sample: string, signal?: Signal) =>
      answer<Queued[]>(
        client.GET('/api/v1/projects/{project}/audit-samples/{sample}/queue', {
          params: of(sample),
          ...signalled(signal),
        }),
      ),
    label: (sample: string, mention: string, label: string | null) =>
      answer<Sample>(
        client.POST('/api/v1/projects/{project}/audit-samples/{sample}/labels', {
          params: of(sample),
          body: { labels: [{ mention, label }] },
        }),
      ),
  };
};

export const sentimentShares = (query: FilterParams, signal?: Signal) =>
  answer<Shares>(client.GET('/api/v1/sentiment-shares', { params: { query }, ...signalled(signal) }));

import { answer, client, signalled, type Signal } from './client';
import type { components } from './schema';
import type { Answer, Pinned } from './types';

type Schemas = components['schemas'];

export type KeywordList = Answer<Schemas['KeywordList']>;
export interface PinnedItem {
  id: string;
  created_at: number;
  by: string;
  question: Pinned & { overview?: unknown };
  mentions: number;
}

/** Keyword lists of a project. */
export const lists = (project: string) => {
  const of = (name: string) => ({ path: { project, name } });
  return {
    all: (signal?: Signal) =>
      answer<KeywordList[]>(
        client.GET('/api/v1/projects/{project}/lists', { params: { path: { project } }, ...signalled(signal) }),
      ),
    put: (name: string, terms: string[]) =>
      answer<KeywordList>(client.PUT('/api/v1/projects/{project}/lists/{name}', { params: of(name), body: { terms } })),
    remove: (name: string) =>
      answer<void>(client.DELETE('/api/v1/projects/{project}/lists/{name}', { params: of(name) })),
  };
};

export const pinnedAnswers = (project: string, signal?: Signal) =>
  answer<PinnedItem[]>(
    client.GET('/api/v1/projects/{project}/permalinks', { params: { path: { project } }, ...signalled(signal) }),
  );

export const stopRule = (project: string, rule: string) =>
  answer<unknown>(
    client.DELETE('/api/v1/projects/{project}/rules/{rule}/run', { params: { path: { project, rule } } }),
  );

import { answer, client, signalled, whole, type Signal } from './client';
import type { components } from './schema';
import type { Answer } from './types';

type Schemas = components['schemas'];

/** A post that a query must match, or must not; what is absent the post does not say. */
export type Expected = Schemas['Expected'];
export type ExpectationSet = Schemas['ExpectationSet'];
export type ExpectationVersion = Answer<Schemas['ExpectationVersion']>;
export type ExpectationResults = Answer<Schemas['ExpectationResults']>;
export type ExpectationResult = ExpectationResults['results'][number];
export type ExpectationsOf = Omit<Schemas['ExpectationsOf'], 'query'> & { query: string | null };

/** What is expected of a monitor's query. */
export const expectationsOf = (id: string) => {
  const params = { path: { id } };
  return {
    get: (version?: number, signal?: Signal) =>
      answer<ExpectationSet>(
        client.GET('/api/v1/monitors/{id}/expectations', {
          params: { ...params, query: version === undefined ? {} : { version } },
          ...signalled(signal),
        }),
      ),
    put: (set: ExpectationSet) =>
      answer<ExpectationSet>(client.PUT('/api/v1/monitors/{id}/expectations', { params, body: set })),
    versions: (signal?: Signal) =>
      answer<ExpectationVersion[]>(
        client.GET('/api/v1/monitors/{id}/expectations/versions', { params, ...signalled(signal) }),
      ),
  };
};

export const runExpectations = (project: string, query: string, expectations: Expected[], signal?: Signal) =>
  answer<ExpectationResults>(
    client.POST('/api/v1/queries/expectations', {
      body: whole({ project, query, expectations }),
      ...signalled(signal),
    }),
  );

/** What a file of `groundswell query test` expects, by monitor. */
export const readExpectations = (text: string) =>
  answer<ExpectationsOf[]>(client.POST('/api/v1/queries/expectations/read', { body: { text } }));

/** The file that `groundswell query test` reads. */
export const writeExpectations = (project: string, name: string, query: string, expectations: Expected[]) =>
  answer<{ text: string }>(
    client.POST('/api/v1/queries/expectations/write', { body: whole({ project, name, query, expectations }) }),
  );

import { answer, client, signalled, whole, type Signal } from './client';
import type { components } from './schema';
import type { Answer, SourceStatus } from './types';

type Schemas = components['schemas'];

export type Connector = Answer<Schemas['Connector']>;
export type ConnectorKey = Answer<Schemas['ConnectorKey']>;
export type Source = SourceStatus & {
  origin: 'file' | 'api' | 'own';
  mode: string;
  options: Record<string, unknown>;
  secrets: string[];
  connects: number;
  ignored: number;
  refused: number;
  allowed: number | null;
  budget: Answer<Schemas['BudgetLeft']>[];
  hook: string | null;
};
export interface SourceInput {
  connector: string;
  options: Record<string, unknown>;
  secrets: Record<string, string>;
}
export type Trial = Answer<Schemas['SourceTrial']>;
export type Coverage = Answer<Schemas['Coverage']>;
export type Gap = Answer<Schemas['CoverageGap']>;
export type Past = Answer<Schemas['PastAnswer']>;

const of = (name: string) => ({ path: { name } });

export const sources = {
  connectors: (signal?: Signal) => answer<Connector[]>(client.GET('/api/v1/connectors', signalled(signal))),
  list: (signal?: Signal) => answer<Source[]>(client.GET('/api/v1/sources', signalled(signal))),
  get: (name: string, signal?: Signal) =>
    answer<Source>(client.GET('/api/v1/sources/{name}', { params: of(name), ...signalled(signal) })),
  put: (name: string, body: SourceInput) =>
    answer<Source>(client.PUT('/api/v1/sources/{name}', { params: of(name), body: whole(body) })),
  remove: (name: string) => answer<void>(client.DELETE('/api/v1/sources/{name}', { params: of(name) })),
  pause: (name: string) => answer<Source>(client.POST('/api/v1/sources/{name}/pause', { params: of(name) })),
  resume: (name: string) => answer<Source>(client.POST('/api/v1/sources/{name}/resume', { params: of(name) })),
  test: (name: string) => answer<Trial>(client.POST('/api/v1/sources/{name}/test', { params: of(name) })),
  signIn: (name: string) =>
    answer<{ url: string; redirect: string }>(client.POST('/api/v1/sources/{name}/sign-in', { params: of(name) })),
  past: (
    name: string,
    body: { from: number; to: number | null; monitor: string | null; estimate: boolean; query?: string },
  ) => answer<Past>(client.POST('/api/v1/sources/{name}/past', { params: of(name), body: whole(body) })),
  pasts: (signal?: Signal) => answer<Past[]>(client.GET('/api/v1/past-searches', signalled(signal))),
  stopPast: (id: string) => answer<void>(client.DELETE('/api/v1/past-searches/{id}', { params: { path: { id } } })),
  coverage: (query: { from?: number; to?: number; step?: number }, signal?: Signal) =>
    answer<Coverage>(client.GET('/api/v1/coverage', { params: { query }, ...signalled(signal) })),
};

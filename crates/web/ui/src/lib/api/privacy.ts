import { answer, client, signalled, whole, type Signal } from './client';
import type { components } from './schema';
import type { Answer } from './types';

type Schemas = components['schemas'];

export type Days = Answer<Schemas['Days']>;
export interface Retention {
  all: Days;
  platforms: Record<string, Days>;
}
export interface ProjectRetention {
  own: Retention;
  in_force: Record<string, Days>;
}
export type Policy = Answer<Schemas['Policy']>;
/** The signed part of a receipt, as far as it is shown. */
export interface Receipt {
  receipt: {
    erased?: Record<string, number>;
    rewritten?: Record<string, number | boolean>;
    suppressed?: number;
    done_at?: number;
    [other: string]: unknown;
  };
  [other: string]: unknown;
}
export type Erasure = Omit<Answer<Schemas['ErasureView']>, 'receipt'> & { receipt: Receipt | null };
export type AuditRow = Omit<Answer<Schemas['AuditItem']>, 'details'> & { details: unknown };
export type AuditPage = Omit<Answer<Schemas['AuditPage']>, 'items'> & { items: AuditRow[] };
export type Suppressions = Answer<Schemas['Suppressions']>;

export const privacy = {
  retention: (id: string, signal?: Signal) =>
    answer<ProjectRetention>(
      client.GET('/api/v1/projects/{id}/retention', { params: { path: { id } }, ...signalled(signal) }),
    ),
  setRetention: (id: string, body: Retention) =>
    answer<ProjectRetention>(
      client.PUT('/api/v1/projects/{id}/retention', { params: { path: { id } }, body: whole(body) }),
    ),
  policies: (signal?: Signal) => answer<Policy[]>(client.GET('/api/v1/policies', signalled(signal))),
  accept: (platform: string, version: string, who: string) =>
    answer<Policy>(
      client.POST('/api/v1/policies/{platform}/acceptance', { params: { path: { platform } }, body: { version, who } }),
    ),
  erasures: (signal?: Signal) => answer<Erasure[]>(client.GET('/api/v1/erasures', signalled(signal))),
  erase: (author: string, platform: string | null, reason: string) =>
    answer<Erasure>(client.POST('/api/v1/erasures', { body: { author, platform, reason } })),
  purge: () => answer<Answer<Schemas['PurgeView']>>(client.POST('/api/v1/purge')),
  suppressions: (signal?: Signal) => answer<Suppressions>(client.GET('/api/v1/suppressions', signalled(signal))),
  audit: (query: { before?: number; limit?: number }, signal?: Signal) =>
    answer<AuditPage>(client.GET('/api/v1/audit', { params: { query }, ...signalled(signal) })),
};

import { answer, client } from './client';
import type { FilterParams, Revealed, SessionView } from './types';

/** What leads to an original, and to who wrote it. Both are put down. */
export const originals = {
  /** Says for which purpose originals of a project are opened in this session. */
  purpose: (project: string, purpose: string) =>
    answer<SessionView>(client.POST('/api/v1/session/purpose', { body: { project, purpose } })),
  reveal: (key: string, reason: string) =>
    answer<Revealed>(client.POST('/api/v1/posts/{key}/reveal', { params: { path: { key } }, body: { reason } })),
  /** Where the original is opened. */
  address: (project: string, key: string) =>
    `/api/v1/posts/${encodeURIComponent(key)}/open?${new URLSearchParams({ project })}`,
};

/** Where every mention under a filter is had as a file. */
export function exportAddress(filter: FilterParams, format: string): string {
  const params = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) if (value != null) params.set(name, String(value));
  return `/api/v1/export?${params}`;
}

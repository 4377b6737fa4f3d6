import { answer, client, signalled, type Signal } from './client';
import type { components } from './schema';
import type { Answer, MentionView, Value } from './types';

type Schemas = components['schemas'];

export type Item = Omit<Answer<Schemas['ItemView']>, 'mention'> & { mention: MentionView | null };
export type ItemPage = { items: Item[]; next: string | null };
export type MentionDetail = { mention: MentionView; item: Item | null };
export type Note = Answer<Schemas['Note']>;
export type Notice = Answer<Schemas['Notice']>;
export type Notices = Answer<Schemas['Notices']>;
export type Desk = Answer<Schemas['DeskView']>;
export type DeskInput = Schemas['DeskInput'];
export type Handover = Answer<Schemas['HandoverView']>;
export type Responses = Omit<Answer<Schemas['Responses']>, 'first_response_minutes' | 'within_target'> & {
  first_response_minutes: Value;
  within_target: Value;
};
export interface ItemQuestion {
  status?: string;
  assignee?: string;
  overdue?: boolean;
  cursor?: string;
}

/** What is to be answered in a project, and by whom it is answered elsewhere. */
export const responding = (project: string) => {
  const params = { path: { project } };
  const of = (mention: string) => ({ path: { project, mention } });
  return {
    items: (query: ItemQuestion, signal?: Signal) =>
      answer<ItemPage>(
        client.GET('/api/v1/projects/{project}/items', { params: { ...params, query }, ...signalled(signal) }),
      ),
    mention: (mention: string, signal?: Signal) =>
      answer<MentionDetail>(
        client.GET('/api/v1/projects/{project}/mentions/{mention}', { params: of(mention), ...signalled(signal) }),
      ),
    due: (mention: string, due_at: number | null) =>
      answer<Item>(
        client.PUT('/api/v1/projects/{project}/items/{mention}/due', { params: of(mention), body: { due_at } }),
      ),
    target: (signal?: Signal) =>
      answer<{ first_response_minutes: number | null }>(
        client.GET('/api/v1/projects/{project}/response-target', { params, ...signalled(signal) }),
      ),
    setTarget: (first_response_minutes: number | null) =>
      answer<unknown>(
        client.PUT('/api/v1/projects/{project}/response-target', { params, body: { first_response_minutes } }),
      ),
    responses: (query: { from?: number; to?: number }, signal?: Signal) =>
      answer<Responses>(
        client.GET('/api/v1/projects/{project}/responses', { params: { ...params, query }, ...signalled(signal) }),
      ),
    notes: (mention: string, signal?: Signal) =>
      answer<Note[]>(
        client.GET('/api/v1/projects/{project}/mentions/{mention}/notes', {
          params: of(mention),
          ...signalled(signal),
        }),
      ),
    write: (mention: string, text: string) =>
      answer<Note>(
        client.POST('/api/v1/projects/{project}/mentions/{mention}/notes', { params: of(mention), body: { text } }),
      ),
    rewrite: (note: string, text: string) =>
      answer<Note>(
        client.PUT('/api/v1/projects/{project}/notes/{note}', { params: { path: { project, note } }, body: { text } }),
      ),
    removeNote: (note: string) =>
      answer<void>(client.DELETE('/api/v1/projects/{project}/notes/{note}', { params: { path: { project, note } } })),
    desks: (signal?: Signal) =>
      answer<Desk[]>(client.GET('/api/v1/projects/{project}/desks', { params, ...signalled(signal) })),
    createDesk: (body: DeskInput) => answer<Desk>(client.POST('/api/v1/projects/{project}/desks', { params, body })),
    removeDesk: (desk: string) =>
      answer<void>(client.DELETE('/api/v1/projects/{project}/desks/{desk}', { params: { path: { project, desk } } })),
    handovers: (mention?: string, signal?: Signal) =>
      answer<Handover[]>(
        client.GET('/api/v1/projects/{project}/handovers', {
          params: { ...params, query: mention === undefined ? {} : { mention } },
          ...signalled(signal),
        }),
      ),
    handOver: (mention: string, desk: string) =>
      answer<Handover>(client.POST('/api/v1/projects/{project}/handovers', { params, body: { mention, desk } })),
    settle: (handover: string, ticket: string | null) =>
      answer<Handover>(
        client.POST('/api/v1/projects/{project}/handovers/{handover}/settle', {
          params: { path: { project, handover } },
          body: { ticket },
        }),
      ),
  };
};

export const notices = {
  list: (signal?: Signal) => answer<Notices>(client.GET('/api/v1/notices', signalled(signal))),
  read: (upto: number) => answer<Notices>(client.POST('/api/v1/notices', { body: { upto } })),
};

/** Notices and hand-overs name a mention by the first half of its id. */
export const numberOf = (mention: string) => mention.slice(0, 16);

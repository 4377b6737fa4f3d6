import type {
  ApiError,
  Breakdown,
  FilterParams,
  MentionPage,
  Monitor,
  MonitorInput,
  Overview,
  Project,
  ProjectInput,
  QueryCheck,
  QueryPreview,
  Series,
  Status,
} from './types';

/** A request that did not succeed: the server's own words, or ours where it could not be reached (`code` is then `offline`). */
export class ApiFault extends Error {
  readonly code: string;
  readonly hint: string | null;
  readonly status: number;

  constructor(error: ApiError, status: number) {
    super(error.message);
    this.code = error.code;
    this.hint = error.hint;
    this.status = status;
  }
}

const BASE = '/api/v1';

async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { method, signal: signal ?? null, headers: { accept: 'application/json' } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
  }
  let response: Response;
  try {
    response = await fetch(BASE + path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiFault({ code: 'offline', message: 'Groundswell cannot be reached', hint: null }, 0);
  }
  if (!response.ok) throw await fault(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function fault(response: Response): Promise<ApiFault> {
  try {
    const error = (await response.json()) as ApiError;
    if (typeof error.message === 'string') return new ApiFault(error, response.status);
  } catch {
    // Not our server's form: a proxy's page, for example.
  }
  return new ApiFault({ code: 'http', message: `the server answered ${response.status}`, hint: null }, response.status);
}

function query(params: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

const id = encodeURIComponent;

export const api = {
  status: (signal?: AbortSignal) => request<Status>('GET', '/status', undefined, signal),
  projects: () => request<Project[]>('GET', '/projects'),
  createProject: (input: ProjectInput) => request<Project>('POST', '/projects', input),
  updateProject: (project: string, input: ProjectInput) => request<Project>('PUT', `/projects/${id(project)}`, input),
  monitors: (project: string) => request<Monitor[]>('GET', `/projects/${id(project)}/monitors`),
  createMonitor: (project: string, input: MonitorInput) =>
    request<Monitor>('POST', `/projects/${id(project)}/monitors`, input),
  updateMonitor: (monitor: string, input: MonitorInput) => request<Monitor>('PUT', `/monitors/${id(monitor)}`, input),
  deleteMonitor: (monitor: string) => request<void>('DELETE', `/monitors/${id(monitor)}`),
  check: (text: string, signal?: AbortSignal) => request<QueryCheck>('POST', '/queries/check', { query: text }, signal),
  preview: (text: string, limit: number, signal?: AbortSignal) =>
    request<QueryPreview>('POST', '/queries/preview', { query: text, limit }, signal),
  overview: (filter: FilterParams, signal?: AbortSignal) =>
    request<Overview>('GET', `/overview${query(filter)}`, undefined, signal),
  series: (filter: FilterParams & { by?: string; interval?: string }, signal?: AbortSignal) =>
    request<Series>('GET', `/series${query(filter)}`, undefined, signal),
  breakdown: (filter: FilterParams & { by: string; limit?: number }, signal?: AbortSignal) =>
    request<Breakdown>('GET', `/breakdown${query(filter)}`, undefined, signal),
  mentions: (filter: FilterParams & { cursor?: string; limit?: number }, signal?: AbortSignal) =>
    request<MentionPage>('GET', `/mentions${query(filter)}`, undefined, signal),
  live: (project: string) => new EventSource(`${BASE}/live${query({ project })}`),
};

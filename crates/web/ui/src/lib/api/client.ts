import createClient from 'openapi-fetch';
import type { paths } from './schema';
import type { ApiError, FilterParams, MonitorInput, ProjectInput } from './types';
import type * as Insight from '../insights/types';
import type * as Api from './types';

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

/** What the modules beside this one ask with. */
export const client = createClient<paths>({ baseUrl: location.origin, fetch: reach });

/** What a signed-in browser sends along with each change; `session` of the state knows it. */
export const door = {
  csrf: null as string | null,
  /** Called where the server knows nobody. */
  onSignedOut: () => {},
};

client.use({
  onRequest({ request }) {
    if (door.csrf !== null && request.method !== 'GET') request.headers.set('x-csrf-token', door.csrf);
    return request;
  },
});

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiFault({ code: 'offline', message: 'Groundswell cannot be reached', hint: null }, 0);
  }
}

interface Outcome {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** The answer, or a fault in the server's words. `T` is the answer with its nulls written out (see `types.ts`). */
export async function answer<T>(asked: Promise<Outcome>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  const known = typeof error === 'object' && error !== null && 'message' in error;
  if (response.status === 401) door.onSignedOut();
  const unknown = { code: 'http', message: `the server answered ${response.status}`, hint: null };
  throw new ApiFault(known ? (error as ApiError) : unknown, response.status);
}

/** What of a vendor's is compared with what of ours. */
type VendorQuestion = Pick<FilterParams, 'project' | 'monitor' | 'from' | 'to'> & {
  vendor: string;
  query?: string;
  seed: number;
};

/** The server fills in what is left out; its description, which names the defaults, calls such fields required. */
export const whole = (body: object) => body as never;

export type Signal = AbortSignal | undefined;
export const signalled = (signal: Signal) => (signal ? { signal } : {});

export const api = {
  ways: () => answer<Api.Ways>(client.GET('/api/v1/sign-in')),
  me: () => answer<Api.SessionView>(client.GET('/api/v1/session')),
  signIn: (email: string, password: string) =>
    answer<Api.SessionView>(client.POST('/api/v1/sign-in', { body: { email, password } })),
  useLink: (token: string, password: string) =>
    answer<Api.SessionView>(client.POST('/api/v1/sign-in/link', { body: { token, password } })),
  signOut: () => answer<void>(client.POST('/api/v1/sign-out')),

  users: (signal?: Signal) => answer<Api.User[]>(client.GET('/api/v1/users', signalled(signal))),
  createUser: (body: Api.NewUserInput) => answer<Api.NewUser>(client.POST('/api/v1/users', { body })),
  updateUser: (id: string, body: Api.UserInput) =>
    answer<Api.User>(client.PUT('/api/v1/users/{id}', { params: { path: { id } }, body })),
  deleteUser: (id: string) => answer<void>(client.DELETE('/api/v1/users/{id}', { params: { path: { id } } })),
  createLink: (id: string, kind: 'invitation' | 'reset') =>
    answer<Api.NewLink>(client.POST('/api/v1/users/{id}/links', { params: { path: { id } }, body: { kind } })),

  members: (project: string, signal?: Signal) =>
    answer<Api.Member[]>(
      client.GET('/api/v1/projects/{project}/members', { params: { path: { project } }, ...signalled(signal) }),
    ),
  putMember: (project: string, body: Api.MemberInput) =>
    answer<Api.MemberPut>(client.POST('/api/v1/projects/{project}/members', { params: { path: { project } }, body })),
  removeMember: (project: string, id: string) =>
    answer<void>(client.DELETE('/api/v1/projects/{project}/members/{id}', { params: { path: { project, id } } })),

  keys: (signal?: Signal) => answer<Api.ApiKey[]>(client.GET('/api/v1/keys', signalled(signal))),
  createKey: (body: Api.ApiKeyInput) => answer<Api.NewApiKey>(client.POST('/api/v1/keys', { body })),
  deleteKey: (id: string) => answer<void>(client.DELETE('/api/v1/keys/{id}', { params: { path: { id } } })),

  shares: (project: string, signal?: Signal) =>
    answer<Api.Share[]>(
      client.GET('/api/v1/projects/{project}/shares', { params: { path: { project } }, ...signalled(signal) }),
    ),
  createShare: (project: string, body: Api.ShareInput) =>
    answer<Api.NewShare>(client.POST('/api/v1/projects/{project}/shares', { params: { path: { project } }, body })),
  deleteShare: (id: string) => answer<void>(client.DELETE('/api/v1/shares/{id}', { params: { path: { id } } })),
  /** What a share link shows. */
  shared: (token: string) => {
    const path = { token };
    return {
      about: () => answer<Api.Shared>(client.GET('/api/v1/share/{token}', { params: { path } })),
      overview: () => answer<Api.Overview>(client.GET('/api/v1/share/{token}/overview', { params: { path } })),
      breakdown: (by: string) =>
        answer<Api.Breakdown>(client.GET('/api/v1/share/{token}/breakdown', { params: { path, query: { by } } })),
    };
  },

  status: (signal?: Signal) => answer<Api.Status>(client.GET('/api/v1/status', signalled(signal))),

  projects: () => answer<Api.Project[]>(client.GET('/api/v1/projects')),
  createProject: (body: ProjectInput) => answer<Api.Project>(client.POST('/api/v1/projects', { body })),
  updateProject: (id: string, body: ProjectInput) =>
    answer<Api.Project>(client.PUT('/api/v1/projects/{id}', { params: { path: { id } }, body })),

  monitors: (project: string) =>
    answer<Api.Monitor[]>(client.GET('/api/v1/projects/{project}/monitors', { params: { path: { project } } })),
  createMonitor: (project: string, body: MonitorInput) =>
    answer<Api.Monitor>(client.POST('/api/v1/projects/{project}/monitors', { params: { path: { project } }, body })),
  updateMonitor: (id: string, body: MonitorInput) =>
    answer<Api.Monitor>(client.PUT('/api/v1/monitors/{id}', { params: { path: { id } }, body })),
  deleteMonitor: (id: string) => answer<void>(client.DELETE('/api/v1/monitors/{id}', { params: { path: { id } } })),

  versions: (id: string, signal?: Signal) =>
    answer<Api.MonitorVersion[]>(
      client.GET('/api/v1/monitors/{id}/versions', { params: { path: { id } }, ...signalled(signal) }),
    ),
  rollback: (id: string, version: number) =>
    answer<Api.Monitor>(client.POST('/api/v1/monitors/{id}/rollback', { params: { path: { id } }, body: { version } })),

  check: (project: string, query: string, signal?: Signal) =>
    answer<Api.QueryCheck>(client.POST('/api/v1/queries/check', { body: { project, query }, ...signalled(signal) })),
  preview: (project: string, query: string, limit: number, signal?: Signal) =>
    answer<Api.QueryPreview>(
      client.POST('/api/v1/queries/preview', { body: { project, query, limit }, ...signalled(signal) }),
    ),

  diff: (project: string, old: string, now: string, samples: number, signal?: Signal) =>
    answer<Api.QueryDiff>(
      client.POST('/api/v1/queries/diff', { body: { project, old, new: now, samples }, ...signalled(signal) }),
    ),

  overview: (query: FilterParams, signal?: Signal) =>
    answer<Api.Overview>(client.GET('/api/v1/overview', { params: { query }, ...signalled(signal) })),
  series: (query: FilterParams & { by?: string; interval?: string }, signal?: Signal) =>
    answer<Api.Series>(client.GET('/api/v1/series', { params: { query }, ...signalled(signal) })),
  breakdown: (query: FilterParams & { by: string; limit?: number }, signal?: Signal) =>
    answer<Api.Breakdown>(client.GET('/api/v1/breakdown', { params: { query }, ...signalled(signal) })),
  mentions: (query: FilterParams & { cursor?: string; limit?: number; sort?: string }, signal?: Signal) =>
    answer<Api.MentionPage>(client.GET('/api/v1/mentions', { params: { query }, ...signalled(signal) })),

  classifiers: (project: string, signal?: Signal) =>
    answer<Api.Classifier[]>(
      client.GET('/api/v1/projects/{project}/classifiers', { params: { path: { project } }, ...signalled(signal) }),
    ),
  reports: (project: string, signal?: Signal) =>
    answer<Api.Report[]>(
      client.GET('/api/v1/projects/{project}/reports', { params: { path: { project } }, ...signalled(signal) }),
    ),
  createReport: (project: string, body: Api.ReportDefinition) =>
    answer<Api.Report>(client.POST('/api/v1/projects/{project}/reports', { params: { path: { project } }, body })),
  deleteReport: (project: string, id: string) =>
    answer<void>(client.DELETE('/api/v1/projects/{project}/reports/{id}', { params: { path: { project, id } } })),
  renderReport: (project: string, id: string, format: string) =>
    answer<Api.Rendition>(
      client.POST('/api/v1/projects/{project}/reports/{id}/render', {
        params: { path: { project, id }, query: { format } },
      }),
    ),
  renditions: (project: string, signal?: Signal) =>
    answer<Api.Rendition[]>(
      client.GET('/api/v1/projects/{project}/renditions', { params: { path: { project } }, ...signalled(signal) }),
    ),
  approveRendition: (project: string, id: string) =>
    answer<Api.Rendition>(
      client.POST('/api/v1/projects/{project}/renditions/{id}/approve', { params: { path: { project, id } } }),
    ),
  vendorQueries: (project: string, signal?: Signal) =>
    answer<Api.VendorQuery[]>(
      client.GET('/api/v1/projects/{project}/vendor-queries', { params: { path: { project } }, ...signalled(signal) }),
    ),
  bringVendor: (project: string, file: Blob, zone: string) =>
    answer<Api.Brought>(
      client.POST('/api/v1/projects/{project}/vendor-mentions', {
        params: { path: { project }, query: { zone } },
        body: file as unknown as string,
        bodySerializer: (body) => body,
        headers: { 'content-type': 'application/octet-stream' },
      }),
    ),
  compareVendor: (query: VendorQuestion, signal?: Signal) =>
    answer<Api.Comparison>(client.GET('/api/v1/vendor-comparison', { params: { query }, ...signalled(signal) })),
  outbox: (project: string, signal?: Signal) =>
    answer<Api.Outbox>(
      client.GET('/api/v1/projects/{project}/outbox', { params: { path: { project } }, ...signalled(signal) }),
    ),
  retryMessage: (project: string, id: string) =>
    answer<Api.Message>(
      client.POST('/api/v1/projects/{project}/outbox/{id}/retry', { params: { path: { project, id } } }),
    ),
  withdrawMessage: (project: string, id: string) =>
    answer<void>(client.DELETE('/api/v1/projects/{project}/outbox/{id}', { params: { path: { project, id } } })),
  alerts: (project: string, signal?: Signal) =>
    answer<Api.Alert[]>(
      client.GET('/api/v1/projects/{project}/alerts', { params: { path: { project } }, ...signalled(signal) }),
    ),
  createAlert: (project: string, body: Api.AlertDefinition) =>
    answer<Api.Alert>(
      client.POST('/api/v1/projects/{project}/alerts', { params: { path: { project } }, body: whole(body) }),
    ),
  updateAlert: (project: string, alert: string, body: Api.AlertDefinition) =>
    answer<Api.Alert>(
      client.PUT('/api/v1/projects/{project}/alerts/{alert}', {
        params: { path: { project, alert } },
        body: whole(body),
      }),
    ),
  deleteAlert: (project: string, alert: string) =>
    answer<void>(client.DELETE('/api/v1/projects/{project}/alerts/{alert}', { params: { path: { project, alert } } })),
  muteAlert: (project: string, alert: string, until: number | null) =>
    answer<Api.Alert>(
      client.PUT('/api/v1/projects/{project}/alerts/{alert}/mute', {
        params: { path: { project, alert } },
        body: { until },
      }),
    ),
  backtest: (project: string, body: { definition: Api.AlertDefinition; days: number }, signal?: Signal) =>
    answer<Api.AlertBacktest>(
      client.POST('/api/v1/projects/{project}/alerts/backtest', {
        params: { path: { project } },
        body: whole(body),
        ...signalled(signal),
      }),
    ),
  alertEvents: (
    project: string,
    query: { alert?: string; open?: boolean; before?: number; limit?: number },
    signal?: Signal,
  ) =>
    answer<Api.AlertEventPage>(
      client.GET('/api/v1/projects/{project}/alert-events', {
        params: { path: { project }, query },
        ...signalled(signal),
      }),
    ),
  alertEvent: (project: string, event: string, signal?: Signal) =>
    answer<Api.AlertEventWhole>(
      client.GET('/api/v1/projects/{project}/alert-events/{event}', {
        params: { path: { project, event } },
        ...signalled(signal),
      }),
    ),
  acknowledgeAlertEvent: (project: string, event: string) =>
    answer<Api.AlertEvent>(
      client.POST('/api/v1/projects/{project}/alert-events/{event}/acknowledge', {
        params: { path: { project, event } },
      }),
    ),
  rateAlertEvent: (project: string, event: string, useful: boolean | null) =>
    answer<Api.AlertEvent>(
      client.PUT('/api/v1/projects/{project}/alert-events/{event}/useful', {
        params: { path: { project, event } },
        body: { useful },
      }),
    ),
  destinations: (project: string, signal?: Signal) =>
    answer<Api.Destination[]>(
      client.GET('/api/v1/projects/{project}/destinations', { params: { path: { project } }, ...signalled(signal) }),
    ),
  createDestination: (project: string, body: Api.DestinationInput) =>
    answer<Api.DestinationMade>(
      client.POST('/api/v1/projects/{project}/destinations', { params: { path: { project } }, body }),
    ),
  deleteDestination: (project: string, destination: string) =>
    answer<void>(
      client.DELETE('/api/v1/projects/{project}/destinations/{destination}', {
        params: { path: { project, destination } },
      }),
    ),
  testDestination: (project: string, destination: string) =>
    answer<Api.DestinationTested>(
      client.POST('/api/v1/projects/{project}/destinations/{destination}/test', {
        params: { path: { project, destination } },
      }),
    ),
  rotateDestination: (project: string, destination: string) =>
    answer<Api.DestinationMade>(
      client.POST('/api/v1/projects/{project}/destinations/{destination}/rotate', {
        params: { path: { project, destination } },
      }),
    ),
  deleteRendition: (project: string, id: string) =>
    answer<void>(client.DELETE('/api/v1/projects/{project}/renditions/{id}', { params: { path: { project, id } } })),
  createClassifier: (project: string, name: string) =>
    answer<Api.Classifier>(
      client.POST('/api/v1/projects/{project}/classifiers', { params: { path: { project } }, body: { name } }),
    ),
  /** All questions about one classifier of a project. */
  classifier: (project: string, id: string) => {
    const path = { project, id };
    const params = { path };
    return {
      get: (signal?: Signal) =>
        answer<Api.Classifier>(
          client.GET('/api/v1/projects/{project}/classifiers/{id}', { params, ...signalled(signal) }),
        ),
      delete: () => answer<void>(client.DELETE('/api/v1/projects/{project}/classifiers/{id}', { params })),
      versions: (signal?: Signal) =>
        answer<Api.Version[]>(
          client.GET('/api/v1/projects/{project}/classifiers/{id}/versions', { params, ...signalled(signal) }),
        ),
      suggest: (count: number, signal?: Signal) =>
        answer<Api.Suggestion[]>(
          client.GET('/api/v1/projects/{project}/classifiers/{id}/suggest', {
            params: { path, query: { count } },
            ...signalled(signal),
          }),
        ),
      label: (labels: Api.LabelInput[]) =>
        answer<Api.Classifier>(
          client.POST('/api/v1/projects/{project}/classifiers/{id}/labels', { params, body: { labels } }),
        ),
      bring: (file: Blob) =>
        answer<Api.ImportAnswer>(
          client.POST('/api/v1/projects/{project}/classifiers/{id}/import', {
            params,
            body: file as unknown as string,
            bodySerializer: (body: unknown) => body as Blob,
            headers: { 'content-type': 'text/csv' },
          }),
        ),
      train: () =>
        answer<Api.Job>(client.POST('/api/v1/projects/{project}/classifiers/{id}/train', { params, body: {} })),
      activate: (version: number | null) =>
        answer<Api.Classifier>(
          client.PUT('/api/v1/projects/{project}/classifiers/{id}/active', { params, body: { version } }),
        ),
      apply: () =>
        answer<Api.Job>(client.POST('/api/v1/projects/{project}/classifiers/{id}/apply', { params, body: {} })),
      stop: () => answer<void>(client.DELETE('/api/v1/projects/{project}/classifiers/{id}/job', { params })),
      classify: (text: string) =>
        answer<Api.ClassAnswer>(
          client.POST('/api/v1/projects/{project}/classifiers/{id}/classify', { params, body: { text } }),
        ),
    };
  },

  mark: (project: string, body: Api.MarksInput) =>
    answer<Api.MarksAnswer>(
      client.POST('/api/v1/projects/{project}/marks', { params: { path: { project } }, body: whole(body) }),
    ),
  undoMarks: (project: string, change: string) =>
    answer<{ mentions: number }>(
      client.POST('/api/v1/projects/{project}/marks/changes/{change}/undo', { params: { path: { project, change } } }),
    ),
  rules: (project: string, signal?: Signal) =>
    answer<Api.Rule[]>(
      client.GET('/api/v1/projects/{project}/rules', { params: { path: { project } }, ...signalled(signal) }),
    ),
  createRule: (project: string, body: Api.RuleInput) =>
    answer<Api.Rule>(
      client.POST('/api/v1/projects/{project}/rules', { params: { path: { project } }, body: whole(body) }),
    ),
  updateRule: (project: string, rule: string, body: Api.RuleInput) =>
    answer<Api.Rule>(
      client.PUT('/api/v1/projects/{project}/rules/{rule}', {
        params: { path: { project, rule } },
        body: whole(body),
      }),
    ),
  deleteRule: (project: string, rule: string) =>
    answer<void>(client.DELETE('/api/v1/projects/{project}/rules/{rule}', { params: { path: { project, rule } } })),
  applyRule: (project: string, rule: string) =>
    answer<Api.Rule>(
      client.POST('/api/v1/projects/{project}/rules/{rule}/apply', { params: { path: { project, rule } } }),
    ),

  measure: (query: FilterParams & Api.MeasureParams, signal?: Signal) =>
    answer<Api.Measured>(
      client.GET('/api/v1/measure', { params: { query: query as FilterParams }, ...signalled(signal) }),
    ),
  compare: (query: FilterParams & { topics?: string }, signal?: Signal) =>
    answer<Api.Compared>(client.GET('/api/v1/compare', { params: { query }, ...signalled(signal) })),
  topics: (project: string, query: FilterParams & { limit?: number }, signal?: Signal) =>
    answer<Api.TopicsPage>(
      client.GET('/api/v1/projects/{project}/topics', { params: { path: { project }, query }, ...signalled(signal) }),
    ),
  topicsTree: (project: string, query: FilterParams, signal?: Signal) =>
    answer<Api.TopicsTree>(
      client.GET('/api/v1/projects/{project}/topics/tree', {
        params: { path: { project }, query },
        ...signalled(signal),
      }),
    ),
  topicsCompared: (project: string, query: FilterParams & { against?: string }, signal?: Signal) =>
    answer<Api.TopicsCompared>(
      client.GET('/api/v1/projects/{project}/topics/compare', {
        params: { path: { project }, query },
        ...signalled(signal),
      }),
    ),
  copies: (project: string, query: FilterParams & { limit?: number }, signal?: Signal) =>
    answer<Api.CopiesPage>(
      client.GET('/api/v1/projects/{project}/copies', { params: { path: { project }, query }, ...signalled(signal) }),
    ),
  copiesOf: (project: string, mention: string, signal?: Signal) =>
    answer<Api.Cascade>(
      client.GET('/api/v1/projects/{project}/mentions/{mention}/copies', {
        params: { path: { project, mention } },
        ...signalled(signal),
      }),
    ),
  pin: (project: string, body: Api.Pinned) =>
    answer<Api.Permalink>(
      client.POST('/api/v1/projects/{project}/permalinks', { params: { path: { project } }, body: whole(body) }),
    ),
  permalink: (project: string, id: string, signal?: Signal) =>
    answer<Api.Permalink>(
      client.GET('/api/v1/projects/{project}/permalinks/{id}', {
        params: { path: { project, id } },
        ...signalled(signal),
      }),
    ),

  weekly: (project: string, query: Api.InsightQuery, signal?: Signal) =>
    answer<Insight.Weekly>(
      client.GET('/api/v1/projects/{project}/insights/weekly', {
        params: { path: { project }, query },
        ...signalled(signal),
      }),
    ),
  bestTimes: (project: string, query: Api.InsightQuery, signal?: Signal) =>
    answer<Insight.Times>(
      client.GET('/api/v1/projects/{project}/insights/times', {
        params: { path: { project }, query },
        ...signalled(signal),
      }),
    ),
  drivers: (project: string, query: Api.InsightQuery, signal?: Signal) =>
    answer<Insight.Drivers>(
      client.GET('/api/v1/projects/{project}/insights/drivers', {
        params: { path: { project }, query },
        ...signalled(signal),
      }),
    ),
  gaps: (project: string, query: Api.InsightQuery, signal?: Signal) =>
    answer<Insight.Gaps>(
      client.GET('/api/v1/projects/{project}/insights/gaps', {
        params: { path: { project }, query },
        ...signalled(signal),
      }),
    ),
  influencers: (project: string, query: Api.InsightQuery, signal?: Signal) =>
    answer<Insight.Influencers>(
      client.GET('/api/v1/projects/{project}/insights/influencers', {
        params: { path: { project }, query },
        ...signalled(signal),
      }),
    ),
  objective: (project: string, signal?: Signal, brief = false) =>
    answer<Insight.ObjectiveView>(
      client.GET('/api/v1/projects/{project}/objective', {
        params: { path: { project }, query: { brief } },
        ...signalled(signal),
      }),
    ),
  setObjective: (project: string, body: Api.ObjectiveInput) =>
    answer<Insight.ObjectiveView>(
      client.PUT('/api/v1/projects/{project}/objective', { params: { path: { project } }, body }),
    ),

  annotations: (project: string, signal?: Signal) =>
    answer<Api.Annotation[]>(
      client.GET('/api/v1/projects/{project}/annotations', { params: { path: { project } }, ...signalled(signal) }),
    ),
  createAnnotation: (project: string, body: Api.AnnotationInput) =>
    answer<Api.Annotation>(
      client.POST('/api/v1/projects/{project}/annotations', { params: { path: { project } }, body }),
    ),
  updateAnnotation: (project: string, id: string, body: Api.AnnotationInput) =>
    answer<Api.Annotation>(
      client.PUT('/api/v1/projects/{project}/annotations/{id}', { params: { path: { project, id } }, body }),
    ),
  deleteAnnotation: (project: string, id: string) =>
    answer<void>(client.DELETE('/api/v1/projects/{project}/annotations/{id}', { params: { path: { project, id } } })),
  around: (
    project: string,
    id: string,
    query: { metric?: string; days?: number; monitor?: string; control?: string; zone?: string },
    signal?: Signal,
  ) =>
    answer<Api.Around>(
      client.GET('/api/v1/projects/{project}/annotations/{id}/around', {
        params: { path: { project, id }, query },
        ...signalled(signal),
      }),
    ),

  findings: (project: string, query: Api.FindingParams, signal?: Signal) =>
    answer<Api.FindingPage>(
      client.GET('/api/v1/projects/{project}/findings', { params: { path: { project }, query }, ...signalled(signal) }),
    ),
  finding: (project: string, id: string, signal?: Signal) =>
    answer<Api.FindingRow>(
      client.GET('/api/v1/projects/{project}/findings/{id}', {
        params: { path: { project, id } },
        ...signalled(signal),
      }),
    ),
  markFinding: (project: string, id: string, body: { dismissed: boolean }) =>
    answer<Api.FindingRow>(
      client.PUT('/api/v1/projects/{project}/findings/{id}', { params: { path: { project, id } }, body }),
    ),
  explanation: (project: string, id: string, signal?: Signal) =>
    answer<Api.Explained>(
      client.GET('/api/v1/projects/{project}/findings/{id}/explanation', {
        params: { path: { project, id } },
        ...signalled(signal),
      }),
    ),
  rephrase: (project: string, id: string) =>
    answer<Api.Rephrased>(
      client.POST('/api/v1/projects/{project}/findings/{id}/rephrasing', { params: { path: { project, id } } }),
    ),

  sessions: (signal?: Signal) => answer<Api.UserSession[]>(client.GET('/api/v1/sessions', signalled(signal))),
  endSession: (id: string) => answer<void>(client.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } })),
  changePassword: (old: string, fresh: string) =>
    answer<Api.SessionView>(client.PUT('/api/v1/session/password', { body: { old, new: fresh } })),

  /** All questions about the relevance of a monitor's mentions. */
  relevance: (id: string) => {
    const path = { id };
    const params = { path };
    return {
      get: (signal?: Signal) =>
        answer<Api.RelevanceState>(client.GET('/api/v1/monitors/{id}/relevance', { params, ...signalled(signal) })),
      next: (count: number, signal?: Signal) =>
        answer<Api.ToJudge[]>(
          client.GET('/api/v1/monitors/{id}/relevance/next', {
            params: { path, query: { count } },
            ...signalled(signal),
          }),
        ),
      judge: (judgments: Api.JudgmentInput[]) =>
        answer<Api.RelevanceState>(
          client.PUT('/api/v1/monitors/{id}/relevance/judgments', { params, body: { judgments } }),
        ),
      threshold: (wanted_precision: number, hide: boolean) =>
        answer<Api.RelevanceState>(
          client.PUT('/api/v1/monitors/{id}/relevance/threshold', { params, body: { wanted_precision, hide } }),
        ),
      apply: () => answer<Api.Job>(client.POST('/api/v1/monitors/{id}/relevance/apply', { params })),
      activate: (version: number | null) =>
        answer<Api.RelevanceState>(client.PUT('/api/v1/monitors/{id}/relevance/active', { params, body: { version } })),
      versions: (signal?: Signal) =>
        answer<Api.RelevanceVersionView[]>(
          client.GET('/api/v1/monitors/{id}/relevance/versions', { params, ...signalled(signal) }),
        ),
      refinements: (signal?: Signal) =>
        answer<Api.Refinements>(
          client.GET('/api/v1/monitors/{id}/relevance/refinements', { params, ...signalled(signal) }),
        ),
    };
  },

  models: (signal?: Signal) => answer<Api.ModelCard[]>(client.GET('/api/v1/models', signalled(signal))),

  live: (project: string) => new EventSource(`/api/v1/live?${new URLSearchParams({ project }).toString()}`),
};

/**
 * The wire forms of `/api/v1`, as `crates/groundswell/src/api/types.rs` defines them.
 * Times are milliseconds since the Unix epoch; `null` means "not known".
 */

export interface ApiError {
  code: string;
  message: string;
  hint: string | null;
}

export type Mode = 'demo' | 'run';

export interface Status {
  version: string;
  mode: Mode;
  started_at: number;
  now: number;
  sources: SourceStatus[];
  posts: number;
  refused: { reason: string; posts: number }[];
  mentions: number;
  generation: number;
  journal: JournalStatus;
  blocked: string | null;
}

export interface SourceStatus {
  name: string;
  connector: string;
  state: string;
  posts: number;
  lag_ms: number | null;
  last_post_at: number | null;
  error: string | null;
  retry_at: number | null;
}

export interface JournalStatus {
  from: number | null;
  to: number | null;
  entries: number;
  bytes: number;
}

export type Objective = 'brand_mentions' | 'trends' | 'customer_feedback' | 'competition' | 'awareness';

export interface ProjectInput {
  name: string;
  objective: Objective;
}

export interface Project extends ProjectInput {
  id: string;
  created_at: number;
}

export type Role = 'brand' | 'competitor' | 'topic' | 'campaign';

export interface MonitorInput {
  name: string;
  role: Role;
  query: string;
  active: boolean;
  color: number | null;
}

export interface Monitor {
  id: string;
  project: string;
  name: string;
  role: Role;
  color: number;
  query: string;
  version: number;
  active: boolean;
  origin: string;
  created_at: number;
  updated_at: number;
  mentions: number;
  backfill: Backfill | null;
}

export interface Backfill {
  state: string;
  done: number;
  total: number;
  found: number;
  from: number | null;
}

export interface QueryCheck {
  ok: boolean;
  canonical: string | null;
  problems: QueryProblem[];
  spans: QuerySpan[];
}

/** Places are byte offsets into the UTF-8 form of the query. */
export interface QuerySpan {
  start: number;
  end: number;
  kind: string;
}

export interface QueryProblem {
  severity: string;
  code: string;
  start: number;
  end: number;
  message: string;
  fix: string | null;
}

export interface QueryPreview {
  posts: PostView[];
  searched: number;
  matched: number;
  from: number | null;
  to: number | null;
  per_day: number | null;
}

export interface AuthorView {
  key: string;
  handle: string | null;
  name: string | null;
  followers: number | null;
  verified: boolean | null;
}

export interface PostView {
  key: string;
  source: string;
  kind: string;
  author: AuthorView | null;
  created_at: number;
  seen_at: number;
  edited_at: number | null;
  title: string | null;
  text: string;
  highlights: number[][];
  lang: string;
  hashtags: string[];
  urls: string[];
  community: string | null;
  likes: number | null;
  reposts: number | null;
  replies: number | null;
}

export interface SentimentScore {
  label: string;
  negative: number;
  neutral: number;
  positive: number;
  model: string;
}

export interface MentionView {
  id: string;
  monitor: string;
  monitor_version: number;
  post: PostView;
  sentiment: SentimentScore | null;
}

export interface MentionPage {
  items: MentionView[];
  next: string | null;
  total: number;
}

export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface Figures {
  mentions: number;
  authors: number;
  engagement: number;
  negative: number;
  neutral: number;
  positive: number;
  net_sentiment: Estimate | null;
}

export interface Overview {
  from: number;
  to: number;
  now: Figures;
  before: Figures | null;
  generation: number;
}

export interface Series {
  interval_ms: number;
  times: number[];
  lines: SeriesLine[];
  generation: number;
}

export interface SeriesLine {
  key: string;
  total: number;
  counts: number[];
}

export interface Breakdown {
  items: BreakdownItem[];
  other: number;
  total: number;
  generation: number;
}

export interface BreakdownItem {
  key: string;
  label: string;
  mentions: number;
  authors: number | null;
  share: Estimate | null;
  sentiment: number[];
}

export interface LiveCommit {
  generation: number;
  project: string;
  added: LiveCount[];
  newest: MentionView[];
  refetch: boolean;
}

export interface LiveCount {
  monitor: string;
  minute: number;
  mentions: number;
  sentiment: number[];
}

/** The filter every question takes. Lists are comma-separated; `-` before a value excludes it. */
export interface FilterParams {
  project?: string;
  monitor?: string;
  from?: number;
  to?: number;
  source?: string;
  lang?: string;
  sentiment?: string;
  kind?: string;
  hashtag?: string;
  author?: string;
  site?: string;
  term?: string;
  q?: string;
}

export type Dimension = 'source' | 'lang' | 'sentiment' | 'kind' | 'hashtag' | 'author' | 'site' | 'term';

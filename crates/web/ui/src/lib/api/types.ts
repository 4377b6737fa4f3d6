import type { components, operations } from './schema';

/**
 * The forms of `/api/v1`, from the server's own description (`npm run api`).
 * Times are milliseconds since the Unix epoch; `null` means "not known".
 */
type Schemas = components['schemas'];

/** The server writes every field of an answer, as `null` where it knows nothing; the description calls those optional. */
export type Answer<T> = T extends object ? { [K in keyof T]-?: Answer<T[K]> } : T;

export type AccessRole = Schemas['AccessRole'];
export type Alert = Answer<Omit<Schemas['AlertView'], 'definition'>> & { definition: AlertDefinition };
export type AlertBacktest = Answer<Schemas['AlertBacktest']>;
/** The filter's fields are `null` where nothing is said. */
export type AlertDefinition = Omit<Schemas['AlertDefinition'], 'filter'> & { filter?: FilterParams };
export type AlertEvent = Answer<Schemas['AlertEvent']>;
export type AlertEventPage = Answer<Schemas['AlertEventPage']>;
export type AlertEventWhole = Answer<Schemas['AlertEventWhole']>;
export type AlertKind = Schemas['AlertKind'];
export type ApiError = Answer<Schemas['ApiError']>;
export type ApiKey = Answer<Schemas['ApiKey']>;
export type ApiKeyInput = Schemas['ApiKeyInput'];
export type Annotation = Answer<Schemas['Annotation']>;
export type AnnotationInput = Schemas['Annotation'];
export type Backfill = Answer<Schemas['Backfill']>;
export type Breakdown = Answer<Schemas['Breakdown']>;
export type BreakdownItem = Answer<Schemas['BreakdownItem']>;
export type ClassAnswer = Answer<Schemas['ClassAnswer']>;
export type Classifier = Answer<Schemas['Classifier']>;
export type Destination = Answer<Schemas['DestinationView']>;
export type DestinationInput = Schemas['DestinationInput'];
export type DestinationMade = Answer<Schemas['DestinationMade']>;
export type DestinationTested = Answer<Schemas['DestinationTested']>;
export type Estimate = Answer<Schemas['Estimate']>;
export type Figures = Answer<Schemas['Figures']>;
export type ImportAnswer = Answer<Schemas['ImportAnswer']>;
export type ImportProblem = Answer<Schemas['ImportProblem']>;
export type Job = Answer<Schemas['Job']>;
export type LabelInput = Schemas['LabelInput'];
export type LabelRows = Answer<Schemas['LabelRows']>;
export type LiveCommit = Answer<Schemas['LiveCommit']>;
export type Link = Answer<Schemas['Link']>;
export type MentionPage = Answer<Schemas['MentionPage']>;
/** A change of a mark: what is not said stays. */
export type MarkChange = Partial<Schemas['MarkChange']>;
export type MarksAnswer = Answer<Schemas['MarksAnswer']>;
export type MarksChanged = Answer<Schemas['MarksChanged']>;
export type MarksInput = { change: MarkChange; mentions?: string[]; filter?: FilterParams };
export type MarkView = Answer<Schemas['MarkView']>;
export type MentionView = Answer<Schemas['MentionView']>;
export type ModelCard = Answer<Schemas['ModelCard']>;
export type Monitor = Answer<Schemas['Monitor']>;
export type MonitorVersion = Answer<Schemas['MonitorVersion']>;
export type MonitorInput = Answer<Schemas['MonitorInput']>;
export type NewApiKey = Answer<Schemas['NewApiKey']>;
export type NewLink = Answer<Schemas['NewLink']>;
export type NewShare = Answer<Schemas['NewShareView']>;
export type NewUser = Answer<Schemas['NewUser']>;
export type NewUserInput = Schemas['NewUserInput'];
export type Member = Schemas['Member'];
export type MemberInput = Schemas['MemberInput'];
export type MemberPut = Schemas['MemberPut'];
export type Objective = Schemas['Objective'];
export type Overview = Answer<Schemas['Overview']>;
export type PostView = Answer<Schemas['PostView']>;
export type Project = Answer<Schemas['Project']>;
export type ProjectInput = Answer<Schemas['ProjectInput']>;
export type QueryCheck = Answer<Schemas['QueryCheck']>;
export type QueryDiff = Answer<Schemas['QueryDiff']>;
export type QueryPreview = Answer<Schemas['QueryPreview']>;
export type QueryProblem = Answer<Schemas['QueryProblem']>;
export type QuerySpan = Answer<Schemas['QuerySpan']>;
export type Reliability = Answer<Schemas['Reliability']>;
export type ReliabilityBin = Answer<Schemas['ReliabilityBin']>;
export type Rendition = Answer<Schemas['Rendition']>;
export type Brought = Answer<Schemas['Brought']>;
export type Comparison = Answer<Schemas['Comparison']>;
export type Message = Answer<Schemas['MessageView']>;
export type Outbox = Answer<Schemas['Outbox']>;
export type Report = Answer<Schemas['Report']>;
export type ReportDefinition = Schemas['Definition'];
export type ReportWarning = Answer<Schemas['ReportWarning']>;
/** The filter's and the change's fields are `null` where nothing is said. */
export type Rule = Omit<Answer<Schemas['RuleView']>, 'filter' | 'change'> & {
  filter: FilterParams;
  change: MarkChange;
};
export type RuleInput = { name: string; filter: FilterParams; change: MarkChange; active: boolean };
export type Revealed = Answer<Schemas['Revealed']>;
export type Scope = Schemas['Scope'];
export type Role = Schemas['Role'];
export type Series = Answer<Schemas['Series']>;
export type SessionView = Answer<Schemas['SessionView']>;
export type SetQuality = Answer<Schemas['SetQuality']>;
export type Share = Answer<Schemas['ShareView']>;
export type ShareInput = Schemas['ShareInput'];
export type Shared = Answer<Schemas['SharedView']>;
export type SourceStatus = Answer<Schemas['SourceStatus']>;
export type Status = Answer<Schemas['Status']>;
export type Refinements = Answer<Schemas['Refinements']>;
export type RelevanceState = Answer<Schemas['RelevanceState']>;
export type RelevanceVersionView = Answer<Schemas['RelevanceVersionView']>;
export type JudgmentInput = Schemas['JudgmentInput'];
export type ToJudge = Answer<Schemas['ToJudge']>;
export type Suggestion = Answer<Schemas['Suggestion']>;
export type TrainedOn = Answer<Schemas['TrainedOn']>;
export type User = Answer<Schemas['User']>;
export type UserSession = Answer<Schemas['UserSession']>;
export type UserInput = Schemas['UserInput'];
export type Version = Answer<Schemas['Version']>;
export type VendorQuery = Answer<Schemas['VendorQuery']>;
export type VersionReport = Answer<Schemas['VersionReport']>;
export type Ways = Answer<Schemas['Ways']>;

export type FindingRow = Answer<Schemas['FindingRow']>;
export type FindingPage = Answer<Schemas['FindingPage']>;
export type FindingParams = NonNullable<operations['list_findings']['parameters']['query']>;
export type Explained = Answer<Schemas['ExplainedView']>;
export type Rephrased = Answer<Schemas['RephrasedView']>;

/** One figure: `null` is not known. `low` and `high` are its 95 % interval, `n` what it rests on. */
export interface Value {
  value: number | null;
  low?: number | null;
  high?: number | null;
  n?: number | null;
  method?: string | null;
  /** A share of a class by the other method, and what to do where the two disagree. */
  emq?: number | null;
  advice?: string | null;
}

/** The description leaves figures open; here they have their form. */
export type Axis = Answer<Schemas['Axis']>;
export type AxisKey = Answer<Schemas['KeyView']>;
type Before = Omit<Answer<Schemas['Before']>, 'cells' | 'rows' | 'total'> & {
  cells: Value[][][];
  rows: Value[][];
  total: Value[];
};
export type Measured = Omit<Answer<Schemas['Measured']>, 'cells' | 'rows' | 'total' | 'before'> & {
  cells: Value[][][];
  rows: Value[][];
  total: Value[];
  before: Before | null;
};
export type MeasureParams = Omit<NonNullable<operations['measure']['parameters']['query']>, keyof FilterParams>;
export type Pinned = { filter: FilterParams; measure: MeasureParams };
export type Permalink = Omit<Answer<Schemas['PermalinkView']>, 'answer' | 'was' | 'question'> & {
  question: Pinned;
  answer: Measured;
  was: Measured | null;
};
export type Topic = Omit<Answer<Schemas['Topic']>, 'odds'> & { odds: Value };
export type TopicRow = Omit<Answer<Schemas['TopicRow']>, 'share' | 'growth' | 'net_sentiment' | 'examples'> & {
  share: Value;
  growth: Value;
  net_sentiment: Value;
  examples: MentionView[];
};
export type TopicsPage = Omit<Answer<Schemas['TopicsPage']>, 'topics'> & { topics: TopicRow[] };
type TopicLeaf = Omit<Answer<Schemas['TopicLeaf']>, 'net_sentiment'> & { net_sentiment: Value };
export type TopicHeading = Omit<Answer<Schemas['TopicHeading']>, 'topics'> & { topics: TopicLeaf[] };
export type TopicsTree = Omit<Answer<Schemas['TopicsTree']>, 'headings'> & { headings: TopicHeading[] };
type TopicApart = Omit<Answer<Schemas['TopicApart']>, 'odds'> & { odds: Value };
type TopicSide = Omit<Answer<Schemas['TopicSide']>, 'more'> & { more: TopicApart[] };
export type TopicsCompared = Omit<Answer<Schemas['TopicsCompared']>, 'sides'> & { sides: TopicSide[] };
export type Cascade = Omit<Answer<Schemas['Cascade']>, 'first'> & { first: MentionView | null };
export type CopiesPage = Omit<Answer<Schemas['CopiesPage']>, 'groups'> & { groups: Cascade[] };
export type ComparedMonitor = Omit<Answer<Schemas['ComparedMonitor']>, 'values' | 'emotions' | 'topics'> & {
  values: Value[];
  emotions: Record<string, Value>;
  topics: Topic[];
};
export type Difference = Omit<Answer<Schemas['Difference']>, 'by'> & { by: Value };
export type Compared = Omit<Answer<Schemas['Compared']>, 'monitors' | 'differences'> & {
  monitors: ComparedMonitor[];
  differences: Difference[];
};
type BeforeAfter = Omit<Answer<Schemas['BeforeAfter']>, 'before' | 'after' | 'change'> & {
  before: Value[];
  after: Value[];
  change: Value[];
};
export type Around = Omit<Answer<Schemas['Around']>, 'subject' | 'control' | 'beyond_control'> & {
  subject: BeforeAfter;
  control: BeforeAfter | null;
  beyond_control: Value[];
};

/** The filter every question takes. Lists are comma-separated; `-` before a value excludes it. */
export type FilterParams = NonNullable<operations['overview']['parameters']['query']>;

export type InsightQuery = NonNullable<operations['insight_weekly']['parameters']['query']>;
export type ObjectiveInput = Schemas['ObjectiveInput'];

/** What chips filter by. A generation (`upto`) has no chip. */
export type Dimension = Exclude<keyof FilterParams, 'project' | 'monitor' | 'from' | 'to' | 'q' | 'upto' | 'context'>;

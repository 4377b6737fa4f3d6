import type { components, operations } from './schema';

/**
 * The forms of `/api/v1`, from the server's own description (`npm run api`).
 * Times are milliseconds since the Unix epoch; `null` means "not known".
 */
type Schemas = components['schemas'];

/** The server writes every field of an answer, as `null` where it knows nothing; the description calls those optional. */
type Answer<T> = T extends object ? { [K in keyof T]-?: Answer<T[K]> } : T;

export type AccessRole = Schemas['AccessRole'];
export type ApiError = Answer<Schemas['ApiError']>;
export type ApiKey = Answer<Schemas['ApiKey']>;
export type ApiKeyInput = Schemas['ApiKeyInput'];
export type Backfill = Answer<Schemas['Backfill']>;
export type Breakdown = Answer<Schemas['Breakdown']>;
export type BreakdownItem = Answer<Schemas['BreakdownItem']>;
export type ClassAnswer = Answer<Schemas['ClassAnswer']>;
export type Classifier = Answer<Schemas['Classifier']>;
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
export type Objective = Schemas['Objective'];
export type Overview = Answer<Schemas['Overview']>;
export type PostView = Answer<Schemas['PostView']>;
export type Project = Answer<Schemas['Project']>;
export type ProjectInput = Answer<Schemas['ProjectInput']>;
export type QueryCheck = Answer<Schemas['QueryCheck']>;
export type QueryPreview = Answer<Schemas['QueryPreview']>;
export type QueryProblem = Answer<Schemas['QueryProblem']>;
export type QuerySpan = Answer<Schemas['QuerySpan']>;
export type Reliability = Answer<Schemas['Reliability']>;
export type ReliabilityBin = Answer<Schemas['ReliabilityBin']>;
export type Rendition = Answer<Schemas['Rendition']>;
export type Brought = Answer<Schemas['Brought']>;
export type Comparison = Answer<Schemas['Comparison']>;
export type Letter = Answer<Schemas['LetterView']>;
export type Outbox = Answer<Schemas['Outbox']>;
export type Report = Answer<Schemas['Report']>;
export type ReportDefinition = Schemas['Definition'];
export type ReportWarning = Answer<Schemas['ReportWarning']>;
export type Role = Schemas['Role'];
export type Series = Answer<Schemas['Series']>;
export type SessionView = Answer<Schemas['SessionView']>;
export type SetQuality = Answer<Schemas['SetQuality']>;
export type Share = Answer<Schemas['ShareView']>;
export type ShareInput = Schemas['ShareInput'];
export type Shared = Answer<Schemas['SharedView']>;
export type SourceStatus = Answer<Schemas['SourceStatus']>;
export type Status = Answer<Schemas['Status']>;
export type Suggestion = Answer<Schemas['Suggestion']>;
export type TrainedOn = Answer<Schemas['TrainedOn']>;
export type User = Answer<Schemas['User']>;
export type UserInput = Schemas['UserInput'];
export type Version = Answer<Schemas['Version']>;
export type VendorQuery = Answer<Schemas['VendorQuery']>;
export type VersionReport = Answer<Schemas['VersionReport']>;
export type Ways = Answer<Schemas['Ways']>;

/** The filter every question takes. Lists are comma-separated; `-` before a value excludes it. */
export type FilterParams = NonNullable<operations['overview']['parameters']['query']>;

/** What mentions can be counted and filtered by, besides their monitor. */
/** What chips filter by. The API knows more: ranges, threads and generations have no chip. */
export type Dimension = Exclude<
  keyof FilterParams,
  'project' | 'monitor' | 'from' | 'to' | 'q' | 'thread' | 'followers' | 'engagement' | 'upto' | 'voice' | 'mark'
>;

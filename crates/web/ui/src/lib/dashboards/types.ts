import type { FindingRow, MeasureParams, Measured, MentionPage, TopicRow } from '$lib/api/types';
import type { Answer, FilterParams } from '$lib/api/types';
import type { components } from '$lib/api/schema';

type Schemas = components['schemas'];

export type Kind = Schemas['WidgetKind'];
export type Place = Schemas['WidgetPlace'];
export type Template = Schemas['Template'];
export type TemplateView = Answer<Schemas['TemplateView']>;
export type Outline = Answer<Schemas['Outline']>;
export type DashboardItem = Answer<Schemas['DashboardItem']>;
export type SharedPage = Answer<Schemas['SharedPage']>;

/** The fields of filter and measure are `null`, or missing, where nothing is said. */
export interface Widget {
  id: string;
  kind: Kind;
  title: string;
  place: Place;
  filter: FilterParams;
  measure: MeasureParams;
  text: string;
  limit: number | null;
}
export type Dashboard = Omit<Answer<Schemas['Dashboard']>, 'widgets'> & { widgets: Widget[] };
export type SharedDashboard = Omit<Answer<Schemas['SharedDashboard']>, 'widgets'> & { widgets: Widget[] };

/** What a widget shows; `apart`: its filter and the one above have no post in common. */
export interface Shown {
  apart: boolean;
  measured?: Measured;
  mentions?: MentionPage;
  /** Mentions as a share link shows them: no text, no author. */
  sealed?: SharedPage;
  topics?: TopicRow[];
  findings?: FindingRow[];
}

export type Ask = (widget: Widget, signal: AbortSignal) => Promise<Shown>;

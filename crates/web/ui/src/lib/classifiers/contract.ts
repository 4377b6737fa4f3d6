import type { Report } from './report';

/** What a classifier is doing, or did last. */
export interface Job {
  kind: 'train' | 'apply';
  state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped';
  /** `reading`, `encoding`, `validating`, `fitting` or `applying`. */
  stage: string;
  done: number;
  of: number;
  version: number | null;
  changed: number;
  started_at: number;
  ended_at: number | null;
  error: string | null;
}

export interface Card {
  report: Report;
  encoder: string | null;
  gone: number;
  bytes: number;
}

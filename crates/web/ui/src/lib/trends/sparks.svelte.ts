import { api } from '$lib/api/client';
import type { FilterParams, FindingRow } from '$lib/api/types';
import { heldOf, withPosts, type Held, type Span } from '$lib/charts/held';
import { Covered } from '$lib/state/covered.svelte';
import { router } from '$lib/state/router.svelte';
import { DAY, HOUR, zone } from '$lib/text/time';

/** What a finding's figure was before, during and after it, bucket by bucket. */
export interface Spark {
  counts: number[];
  /** The time of each bucket. */
  spans: Span[];
  /** The buckets that the finding lies in. */
  mark: { first: number; last: number };
  /** Whether the last bucket still fills. */
  filling: boolean;
  /** Where it is from, to tell whether it is still right. */
  until: number;
}

const FIGURES: Record<string, string> = {
  mentions: 'mentions',
  new_authors: 'authors',
  engagement: 'engagement',
  negative_share: 'negative_share',
};

/** The posts that say a term: a hashtag, a site, a word or a pair of words. */
function sayingTerm(term: string): FilterParams {
  if (term.startsWith('#')) return { hashtag: term.slice(1) };
  return { q: `"${term.replaceAll('"', '')}"` };
}

/** What of the store a finding is about; `null` for one that is not about a figure over time. */
function questionOf({ detail, monitor }: FindingRow): { metric: string; filter: FilterParams } | null {
  const filter: FilterParams = monitor == null ? {} : { monitor };
  if (detail.of === 'series') {
    const metric = FIGURES[detail.metric];
    return metric === undefined ? null : { metric, filter };
  }
  if (detail.of === 'terms') {
    const term = detail.terms[0]?.text;
    return term === undefined ? null : { metric: 'mentions', filter: { ...filter, ...sayingTerm(term) } };
  }
  if (detail.of === 'topic') return { metric: 'mentions', filter: { ...filter, topic: detail.topic } };
  return null;
}

/** The small lines of findings, each asked for when it comes in sight and again when its finding went on. */
export class Sparks {
  all = $state.raw<ReadonlyMap<string, Spark>>(new Map());
  /** What was collected in the time that all of them lie in. */
  readonly covered = new Covered();
  #asked = new Map<string, number>();

  /** Asks what was collected since the oldest finding, and the time before it that its line shows. */
  cover(oldest: number): void {
    this.covered.ensure(router.view.project, oldest - 1.5 * DAY, null);
  }

  /** What was collected of the buckets of a line. */
  held({ counts, spans }: Spark): Held[] | null {
    return withPosts(heldOf(this.covered.cover, spans), (i) => (counts[i] ?? 0) > 0);
  }

  ensure(finding: FindingRow): void {
    const question = questionOf(finding);
    if (question === null || this.#asked.get(finding.id) === finding.until) return;
    this.#asked.set(finding.id, finding.until);
    const now = Date.now();
    const room = Math.min(DAY, Math.max(6 * HOUR, finding.until - finding.from));
    const to = Math.min(now, finding.until + room);
    const asked = {
      ...question.filter,
      project: router.view.project,
      from: Math.round(finding.from - 1.5 * room),
      to: Math.round(to),
    };
    // A finding without its line is still a finding: a fault is not told.
    void api.measure({ ...asked, metric: question.metric, by: 'time', zone: zone().name }).then(
      ({ axes, cells }) => {
        const keys = axes[0]?.keys ?? [];
        const inside = (i: number) => (keys[i]?.to ?? 0) > finding.from && (keys[i]?.from ?? 0) < finding.until;
        const counts = cells.map((row) => row[0]?.[0]?.value ?? 0);
        const places = counts.flatMap((_, i) => (inside(i) ? [i] : []));
        const mark = { first: places[0] ?? 0, last: places.at(-1) ?? 0 };
        const spans = keys.map(({ from, to }) => ({ from: from ?? 0, to: to ?? 0 }));
        const spark = { counts, spans, mark, filling: (keys.at(-1)?.to ?? 0) > now - HOUR, until: finding.until };
        this.all = new Map(this.all).set(finding.id, spark);
      },
      () => {},
    );
  }

  /** What it was since it began, without the bucket that still fills; `null` while that is not known. */
  since(finding: FindingRow): number[] | null {
    const spark = this.all.get(finding.id);
    if (!spark) return null;
    return spark.counts.slice(spark.mark.first, spark.filling ? -1 : undefined);
  }
}

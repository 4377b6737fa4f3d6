import { t } from '$lib/messages';
import { metricName } from './value';

/** What was asked, as far as its name goes. */
interface Asked {
  overview?: unknown;
  measure: { metric?: string | null; by?: string | null; then?: string | null };
}

const cut = (by: string) => (t.explore.cuts[by] ?? t.filter.by[by as keyof typeof t.filter.by] ?? by).toLowerCase();

/** A pinned question in a few words: `Share of voice by monitor`. */
export function titleOf({ overview, measure: { metric, by, then } }: Asked): string {
  if (overview) return t.lists.overview;
  const metrics = (metric ?? 'mentions').split(',').map(metricName).join(', ');
  return t.lists.by(metrics, [by, then].flatMap((one) => (one ? [cut(one)] : [])).join(', '));
}

import type { Difference } from '$lib/api/types';
import { t } from '$lib/messages';
import { metricName } from '$lib/measure/value';
import { className } from '$lib/state/labels';

/** What was compared, in words. */
export function measureName(measure: string): string {
  return measure.startsWith('emotion:') ? className(measure.slice(8)) : metricName(measure);
}

/** Beyond chance first, then by how sure each is. */
export function ordered(differences: readonly Difference[]): Difference[] {
  return differences.toSorted((a, b) => Number(b.beyond_chance) - Number(a.beyond_chance) || a.p - b.p);
}

export function pText(p: number): string {
  return p < 0.001 ? t.compare.tiny : p.toFixed(3);
}

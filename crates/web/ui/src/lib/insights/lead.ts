import type { Claim } from './types';

/** Claims that say that something changed since the period before. */
export const isChange = ({ id }: Claim): boolean => /^(volume|sentiment|part):/.test(id);

/**
 * How far a change lies beyond its interval: the end that is nearer to no change, in doublings for counts, in tens of points
 * for net sentiment, so that the two can be put in one order.
 */
export function beyond({ id, value: { value, low, high } }: Claim): number {
  if (value == null || low == null || high == null) return 0;
  const ratio = id.startsWith('volume:');
  const scale = (at: number) => (ratio ? Math.log2(Math.max(at, 1e-6)) : at / 0.1);
  const [a, b] = [scale(low), scale(high)];
  return a <= 0 && b >= 0 ? 0 : Math.min(Math.abs(a), Math.abs(b));
}

/** Claims as they are read: changes by how far they go, then the others as they came. */
export function readable(claims: readonly Claim[]) {
  return {
    changes: claims.filter(isChange).toSorted((a, b) => beyond(b) - beyond(a)),
    others: claims.filter((claim) => !isChange(claim)),
  };
}

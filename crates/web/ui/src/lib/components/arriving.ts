/** What a card shows; two of them are the same where their mentions are. */
interface Card {
  mention: { id: string };
}

/** So many cards are built in one frame. */
const AT_ONCE = 2;

/**
 * One step from the cards in sight to those that shall be: the oldest of the new ones join at the head, and those they push
 * out leave at the end. The last step is `wanted` itself.
 */
export function nearer<T extends Card>(shown: readonly T[], wanted: T[]): T[] {
  const among = (list: readonly T[]) => {
    const ids = new Set(list.map(({ mention }) => mention.id));
    return ({ mention }: T) => ids.has(mention.id);
  };
  const [inSight, stays] = [among(shown), among(wanted)];
  const later = wanted.filter((one) => !inSight(one)).slice(0, -AT_ONCE);
  if (later.length === 0) return wanted;
  const now = wanted.filter((one) => !later.includes(one));
  return [...now, ...shown.filter((one) => !stays(one))].slice(0, wanted.length);
}

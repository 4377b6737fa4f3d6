/** What was taken off between two stages. */
export interface Off {
  key: string;
  count: number;
}

/** A stage, and what was taken off before it. */
export interface Stage {
  key: string;
  count: number;
  off: Off[];
}

/** What is asked for a funnel of a period: mentions under ever narrower filters, all of one state of the store. */
export interface Counts {
  /** Everything that matched and is not muted. */
  open: number;
  muted: number;
  /** Without what own accounts published. */
  earned: number;
  /** Without what is irrelevant to a monitor that hides it. */
  relevant: number;
  /** Without accounts that are likely automated. */
  people: number;
  /** Different texts among what is counted. */
  texts: number;
}

/** The stages of a funnel. `leavesOut`: whether accounts that are likely automated are left out of what is counted. */
export function funnelOf(counts: Counts, leavesOut: boolean): Stage[] {
  const counted = leavesOut ? counts.people : counts.relevant;
  const off = (key: string, count: number): Off[] => (count > 0 ? [{ key, count }] : []);
  return [
    { key: 'matched', count: counts.open + counts.muted, off: [] },
    {
      key: 'counted',
      count: counted,
      off: [
        ...off('own', counts.open - counts.earned),
        ...off('muted', counts.muted),
        ...off('irrelevant', counts.earned - counts.relevant),
        ...(leavesOut ? off('automated', counts.relevant - counts.people) : []),
      ],
    },
    { key: 'unique', count: counts.texts, off: off('copies', counted - counts.texts) },
  ];
}

/** The figures of a text in Prometheus' format by name and labels, as `name{label="value"}`; what is no figure is passed over. */
export function figuresOf(text: string): Map<string, number> {
  const figures = new Map<string, number>();
  for (const line of text.split('\n')) {
    const parts = /^([a-z_:][^\s{]*(?:\{.*\})?)\s+(\S+)$/i.exec(line);
    const value = Number(parts?.[2]);
    if (parts?.[1] !== undefined && Number.isFinite(value)) figures.set(parts[1], value);
  }
  return figures;
}

const REFUSED = /^groundswell_posts_refused_total\{reason="(.*)"\}$/;

/**
 * The way in, of all sources since the start: what they delivered, what of it was no new post and why, what was admitted.
 * `ignored`: items of kinds that are not taken, which sources count beside those delivered.
 */
export function intakeOf(figures: ReadonlyMap<string, number>, ignored: number): { stages: Stage[]; mentions: number } {
  const of = (name: string) => figures.get(`groundswell_${name}`) ?? 0;
  const delivered = [...figures].reduce(
    (sum, [name, value]) => (name.startsWith('groundswell_source_posts_total{') ? sum + value : sum),
    0,
  );
  const refused = [...figures].flatMap(([name, count]): Off[] => {
    const reason = REFUSED.exec(name)?.[1];
    return reason !== undefined && count > 0 ? [{ key: `refused:${reason}`, count }] : [];
  });
  const admitted = of('posts_admitted_total');
  const known: Off[] = [
    { key: 'ignored', count: ignored },
    { key: 'events', count: of('events_total') },
    { key: 'duplicates', count: of('posts_duplicate_total') },
    ...refused,
  ];
  const told = known.reduce((sum, { count }) => sum + count, admitted);
  // What other doors brought (pushes) was delivered too; what is neither admitted nor told yet is on its way.
  const received = Math.max(delivered + ignored, told);
  const off = [...known, { key: 'open', count: received - told }].filter(({ count }) => count > 0);
  return {
    stages: [
      { key: 'received', count: received, off: [] },
      { key: 'admitted', count: admitted, off },
    ],
    mentions: of('mentions_written_total'),
  };
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

/** What a file is called: `groundswell-mentions-over-time-2026-11-19-to-2026-11-26`, without its ending. */
export function fileName(title: string, period: { from: number; to: number } | null): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  const days = period ? [day(period.from), day(period.to)] : [];
  const when = days[0] === days[1] ? days.slice(0, 1) : days;
  return ['groundswell', words || 'chart', when.join('-to-')].filter((part) => part !== '').join('-');
}

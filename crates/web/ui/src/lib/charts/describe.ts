import { t } from '$lib/messages';
import { exact } from '$lib/text/format';
import { bucketLabel } from '$lib/text/time';
import { hasGaps } from './held';
import { isGap, type ChartData } from './model';

/** A chart in one breath, for those who do not see it. */
export function describe(title: string, data: ChartData): string {
  const first = data.times[0];
  const last = data.times.at(-1);
  if (first === undefined || last === undefined) return `${title}. ${t.chart.empty}.`;
  const lines = data.lines.map((line) => {
    const peak = line.counts.indexOf(Math.max(...line.counts));
    const total = line.counts.reduce((sum, count) => sum + count, 0);
    return t.chart.lineSummary(
      line.label,
      exact(total),
      exact(line.counts[peak] ?? 0),
      bucketLabel(data.times[peak] ?? 0, data.intervalMs),
    );
  });
  return t.chart.summary(
    title,
    bucketLabel(first, data.intervalMs),
    bucketLabel(last, data.intervalMs),
    lines.join('; ') + (hasGaps(data.held) ? `. ${t.chart.someGaps}` : ''),
  );
}

/** One bucket in words. */
export function valueText(data: ChartData, index: number): string {
  const time = data.times[index];
  if (time === undefined) return t.chart.empty;
  if (isGap(data, index)) return `${bucketLabel(time, data.intervalMs)}: ${t.chart.notCollected}`;
  const values = data.lines.map((line) => `${line.label} ${exact(line.counts[index] ?? 0)}`);
  return `${bucketLabel(time, data.intervalMs)}: ${values.join(', ')}`;
}

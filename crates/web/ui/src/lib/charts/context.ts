import { t } from '$lib/messages';
import { filterLabel } from '$lib/state/labels';
import { router } from '$lib/state/router.svelte';
import { session } from '$lib/state/session.svelte';
import { exactTime, zone } from '$lib/text/time';

export interface Period {
  from: number;
  to: number;
}

/** The period in sight. */
export function periodInSight(now = Date.now()): Period {
  const { from, to } = router.filter();
  return { from: from ?? now, to: to ?? now };
}

/** What a picture says under itself, since it will be looked at far from here: period, zone, monitors, filters. */
export function contextNotes(period: Period | null): string[] {
  const { monitors, filters } = router.view;
  const notes: string[] = [];
  if (period) notes.push(t.charts.period(exactTime(period.from), exactTime(period.to), zone().name));
  const names = monitors.map((id) => session.monitorName(id)).join(', ');
  const chips = filters.map(
    (filter) => `${t.filter.by[filter.by]}: ${filter.exclude ? `${t.filter.not} ` : ''}${filterLabel(filter)}`,
  );
  notes.push([names === '' ? t.charts.allMonitors : t.charts.monitors(names), ...chips].join(' · '));
  notes.push(
    [session.project?.name, session.demo ? t.charts.demo : '', t.charts.made(exactTime(Date.now()))]
      .filter(Boolean)
      .join(' · '),
  );
  return notes;
}

import { t } from '$lib/messages';
import { filterLabel } from '$lib/state/labels';
import { session } from '$lib/state/session.svelte';
import type { Widget } from './types';
import { chipsOf } from './widget';

/** What a widget is narrowed to by a filter of its own, in words. */
export function narrowedOf(widget: Widget): string {
  const own = chipsOf(widget.filter);
  const filters = own.filters.map((filter) => `${filter.exclude ? `${t.filter.not} ` : ''}${filterLabel(filter)}`);
  return [...own.monitors.map((monitor) => session.monitorName(monitor)), ...filters].join(' · ');
}

/** What all of several widgets are narrowed to alike; empty where they differ, or are not narrowed. */
export function commonOf(widgets: readonly Widget[]): string {
  const each = new Set(widgets.filter(({ kind }) => kind !== 'note').map(narrowedOf));
  return widgets.length > 1 && each.size === 1 ? ([...each][0] ?? '') : '';
}

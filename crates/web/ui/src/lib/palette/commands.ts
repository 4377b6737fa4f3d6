import { further, places } from '$lib/components/places';
import { LANGUAGES, language, NAMES, speak, type Language } from '$lib/messages/language';
import { t } from '$lib/messages';
import { density, type Density } from '$lib/state/density.svelte';
import { live } from '$lib/state/live.svelte';
import { me } from '$lib/state/me.svelte';
import { router } from '$lib/state/router.svelte';
import { session } from '$lib/state/session.svelte';
import { theme, type Theme } from '$lib/state/theme.svelte';
import { LENGTHS, type Last } from '$lib/state/view';
import { ZONES, zone } from '$lib/state/zone.svelte';
import { palette } from './palette.svelte';

export interface Command {
  id: string;
  label: string;
  /** Other words it is found by. */
  words?: string[];
  /** It is what holds now. */
  now?: boolean;
  act: () => void;
}

export interface CommandGroup {
  title: string;
  commands: Command[];
}

const go = (path: string) => () => router.go(router.href(path));

function pages(): CommandGroup[] {
  const known = places.map(({ title, places }) => ({
    title,
    commands: places.map(({ path, label }) => ({
      id: `page ${path}`,
      label,
      now: router.path === path,
      act: go(path),
    })),
  }));
  const more = further
    .filter(({ path }) => !path.endsWith('/new') || me.mayWrite(router.view.project))
    .map(({ path, label }) => ({ id: `page ${path}`, label, now: router.path === path, act: go(path) }));
  return [...known, { title: t.palette.further, commands: more }];
}

function monitors(): Command[] {
  const all = {
    id: 'monitors',
    label: t.monitorMenu.all,
    now: router.view.monitors.length === 0,
    act: () => router.change({ monitors: [] }),
  };
  const each = session.monitors.map(({ id, name }) => ({
    id: `monitor ${id}`,
    label: name,
    words: [t.palette.monitors],
    now: router.view.monitors.length === 1 && router.view.monitors[0] === id,
    act: () => router.change({ monitors: [id] }),
  }));
  return session.monitors.length > 0 ? [all, ...each] : [];
}

function periods(): Command[] {
  const { range } = router.view;
  return (Object.keys(LENGTHS) as Last[]).map((last) => ({
    id: `period ${last}`,
    label: t.range.last[last],
    words: [t.range.label],
    now: 'last' in range && range.last === last,
    act: () => router.change({ range: { last } }),
  }));
}

function projects(): Command[] {
  return session.projects.map(({ id, name }) => ({
    id: `project ${id}`,
    label: name,
    words: [t.project.label],
    now: id === router.view.project,
    act: () => router.change({ project: id, monitors: [], filters: [] }),
  }));
}

function settings(): Command[] {
  const themes = (Object.entries(t.frame.themes) as [Theme, string][]).map(([value, name]) => ({
    id: `theme ${value}`,
    label: `${t.frame.theme}: ${name}`,
    now: theme.choice === value,
    act: () => theme.set(value),
  }));
  const densities = (Object.entries(t.frame.densities) as [Density, string][]).map(([value, name]) => ({
    id: `density ${value}`,
    label: `${t.frame.density}: ${name}`,
    now: density.choice === value,
    act: () => density.set(value),
  }));
  const languages = LANGUAGES.map((value: Language) => ({
    id: `language ${value}`,
    label: `${t.frame.language}: ${NAMES[value]}`,
    words: ['Language', 'Sprache'],
    now: language === value,
    act: () => speak(value),
  }));
  const zones = ZONES.map((value) => ({
    id: `zone ${value}`,
    label: `${t.frame.zone}: ${t.frame.zones[value]}`,
    now: zone.choice === value,
    act: () => router.change({ zone: value }),
  }));
  return [...themes, ...densities, ...languages, ...zones];
}

function actions(): Command[] {
  const pause = {
    id: 'live',
    label: live.paused ? t.palette.resume : t.palette.pause,
    act: () => router.change({ paused: live.paused ? undefined : true }),
  };
  const keys = { id: 'keys', label: t.palette.help, words: ['?'], act: () => palette.keys() };
  return [pause, keys];
}

/** Everything the palette offers now. */
export function commands(): CommandGroup[] {
  const groups = [
    ...pages(),
    { title: t.palette.monitors, commands: monitors() },
    { title: t.range.label, commands: periods() },
    { title: t.project.label, commands: projects() },
    { title: t.palette.actions, commands: actions() },
    { title: t.frame.display, commands: settings() },
  ];
  return groups.filter(({ commands }) => commands.length > 0);
}

import Activity from '@lucide/svelte/icons/activity';
import AtSign from '@lucide/svelte/icons/at-sign';
import Bell from '@lucide/svelte/icons/bell';
import ChartLine from '@lucide/svelte/icons/chart-line';
import ChartNoAxesCombined from '@lucide/svelte/icons/chart-no-axes-combined';
import FileText from '@lucide/svelte/icons/file-text';
import Flag from '@lucide/svelte/icons/flag';
import Gauge from '@lucide/svelte/icons/gauge';
import Inbox from '@lucide/svelte/icons/inbox';
import KeyRound from '@lucide/svelte/icons/key-round';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import Lock from '@lucide/svelte/icons/lock';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Radar from '@lucide/svelte/icons/radar';
import Scale from '@lucide/svelte/icons/scale';
import Shapes from '@lucide/svelte/icons/shapes';
import Tags from '@lucide/svelte/icons/tags';
import TrendingUp from '@lucide/svelte/icons/trending-up';
import Users from '@lucide/svelte/icons/users';
import { t } from '$lib/messages';

/** A page that the rail leads to. */
export interface Place {
  path: string;
  /** Other paths that belong to it. */
  also?: string[];
  label: string;
  icon: typeof Activity;
  /** Stands at the foot of a phone; the rest is one touch further. */
  foot?: boolean;
}

/** The pages, by what somebody comes for. */
export const places: { title: string; places: Place[] }[] = [
  {
    title: t.frame.groups.look,
    places: [
      { path: '/', label: t.pages.overview, icon: ChartLine, foot: true },
      { path: '/mentions', label: t.pages.mentions, icon: MessagesSquare, foot: true },
      { path: '/dashboards', label: t.pages.dashboards, icon: LayoutDashboard },
      { path: '/explore', also: ['/pinned'], label: t.pages.explore, icon: ChartNoAxesCombined },
    ],
  },
  {
    title: t.frame.groups.understand,
    places: [
      { path: '/trends', label: t.pages.trends, icon: TrendingUp, foot: true },
      { path: '/topics', label: t.pages.topics, icon: Shapes },
      { path: '/insights', label: t.pages.insights, icon: Lightbulb },
      { path: '/compare', also: ['/vendors'], label: t.pages.compare, icon: Scale },
      { path: '/audience', label: t.frame.audienceShort, icon: Users },
      { path: '/channels', label: t.pages.channels, icon: AtSign },
    ],
  },
  {
    title: t.frame.groups.act,
    places: [
      { path: '/inbox', label: t.pages.inbox, icon: Inbox, foot: true },
      { path: '/alerts', label: t.pages.alerts, icon: Bell },
      { path: '/reports', label: t.pages.reports, icon: FileText },
      { path: '/annotations', label: t.pages.annotations, icon: Flag },
    ],
  },
  {
    title: t.frame.groups.setUp,
    places: [
      { path: '/monitors', label: t.pages.monitors, icon: Radar },
      { path: '/rules', also: ['/lists'], label: t.frame.rulesShort, icon: Tags },
      { path: '/sources', label: t.frame.sourcesShort, icon: Activity },
      { path: '/models', also: ['/classifiers', '/accuracy'], label: t.pages.models, icon: Gauge },
      { path: '/privacy', label: t.pages.privacy, icon: Lock },
      { path: '/people', label: t.pages.people, icon: KeyRound },
    ],
  },
];

/** Pages that hang under another, for whoever looks for them by name. */
export const further: { path: string; label: string }[] = [
  { path: '/lists', label: t.pages.lists },
  { path: '/classifiers', label: t.pages.classifiers },
  { path: '/accuracy', label: t.pages.accuracy },
  { path: '/pinned', label: t.pages.pinnedList },
  { path: '/vendors', label: t.pages.vendors },
  { path: '/inbox/settings', label: t.pages.inboxSettings },
  { path: '/monitors/new', label: t.pages.newMonitor },
  { path: '/sources/new', label: t.pages.newSource },
  { path: '/account', label: t.pages.account },
  { path: '/welcome', label: t.frame.guide },
];

/** Whether an address belongs to a place. */
export function isAt(at: string, { path, also = [] }: Pick<Place, 'path' | 'also'>): boolean {
  const under = (root: string) => at === root || at.startsWith(`${root}/`);
  return path === '/' ? at === '/' : under(path) || also.some(under);
}

import { t } from '$lib/messages';

export type Keys = readonly (readonly [key: string, what: string])[];

/** Keys of a page, by the beginning of its route's key. */
const PAGES: Record<string, { title: string; keys: Keys }> = {
  mentions: { title: t.pages.mentions, keys: t.work.keyList },
  inbox: { title: t.pages.inbox, keys: t.inbox.keys },
  labelling: { title: t.pages.labelling, keys: t.palette.labelKeys },
  relevance: { title: t.pages.relevance, keys: t.palette.judgeKeys },
  accuracySample: { title: t.pages.accuracySample, keys: t.palette.sampleKeys },
};

/** The keys that work on a page: its own first, then those of every page. */
export function helpOf(route: string): { title: string; keys: Keys }[] {
  const own =
    PAGES[route.split('/')[0] === 'accuracy' && route !== 'accuracy' ? 'accuracySample' : (route.split('/')[0] ?? '')];
  const everywhere = { title: t.palette.everywhere, keys: t.palette.keys };
  const charts = { title: t.palette.charts, keys: t.palette.chartKeys };
  return own ? [own, everywhere, charts] : [everywhere, charts];
}

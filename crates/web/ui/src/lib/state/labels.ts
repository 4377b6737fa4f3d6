import { t } from '$lib/messages';
import { countryName, languageName } from '$lib/text/format';
import { pseudonym } from '$lib/text/glyph';
import { weekHour } from '$lib/text/time';
import { knownTopic } from '$lib/topics/names';
import type { Filter } from './view';

const SOURCES: Record<string, string> = {
  bluesky: 'Bluesky',
  mastodon: 'Mastodon',
  x: 'X',
  reddit: 'Reddit',
  youtube: 'YouTube',
  tiktok: 'TikTok',
  telegram: 'Telegram',
  hackernews: 'Hacker News',
  rss: 'RSS',
  news: 'News',
  forum: 'Forum',
  reviews: 'Reviews',
  demo: 'Demo',
  facebook: 'Facebook',
  feed: 'RSS',
  file: 'Files',
  gdelt: 'GDELT',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  threads: 'Threads',
  webhook: 'Webhook',
};

export function sourceName(source: string): string {
  return SOURCES[source] ?? source.charAt(0).toUpperCase() + source.slice(1);
}

export function sentimentName(label: string): string {
  return label === 'negative' || label === 'neutral' || label === 'positive' ? t.sentiment[label] : label;
}

/** A value of a dimension in the reader's words. */
export function valueLabel(by: Filter['by'], value: string): string {
  switch (by) {
    case 'source':
      return sourceName(value);
    case 'lang':
      return languageName(value, t.breakdown.unknownLanguage);
    case 'sentiment':
      return sentimentName(value);
    case 'kind':
      return t.posts.kind[value] ?? value;
    case 'hashtag':
      return `#${value}`;
    case 'emotion':
      return className(value);
    case 'intent':
      return t.filter.intents[value] ?? value;
    case 'media':
      return t.filter.medias[value] ?? value;
    case 'country':
      return countryName(value);
    case 'status':
      return t.work.statuses[value] ?? value;
    case 'mark':
      return t.filter.marks[value] ?? value;
    case 'relevance':
      return t.filter.senses[value] ?? value;
    case 'voice':
      return t.filter.voices[value] ?? value;
    case 'automation':
      return t.filter.automations[value] ?? value;
    case 'followers':
    case 'engagement':
      return value.replace('..', '–');
    case 'week_hour':
      return weekHour(value);
    case 'topic':
      return knownTopic(value);
    case 'copies_of':
      return t.topics.same;
    case 'author':
      return t.posts.person(pseudonym(value));
    default:
      return value;
  }
}

export function filterLabel(filter: Filter): string {
  return valueLabel(filter.by, filter.value);
}

/** The word for a label of a task; labels of one's own classifiers stay as they are. */
export function className(label: string): string {
  const known: Record<string, unknown> = t.classes;
  const word = known[label];
  return typeof word === 'string' ? word : (t.filter.intents[label] ?? label);
}

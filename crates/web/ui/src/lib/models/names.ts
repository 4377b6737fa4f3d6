import { t } from '$lib/messages';
import { className, sentimentName } from '$lib/state/labels';
import { languageName } from '$lib/text/format';

export function taskName(task: string): string {
  return t.models.tasks[task]?.[0] ?? task.charAt(0).toUpperCase() + task.slice(1);
}

export function tierName(tier: string): string {
  return t.models.tiers[tier]?.[0] ?? tier;
}

/** A label of a task in the reader's words. */
export function labelName(label: string): string {
  return t.models.labels[label] ?? (sentimentName(label) === label ? className(label) : sentimentName(label));
}

/** Sets whose last part is a language, or a part of the world that writes it its own way. */
const BY_LANGUAGE = /^(umsab|afrisenti|semeval16)-([a-z]{2,3})$/;

/** The name of a set of test posts; where it stands for a language, that comes first. */
export function setName(set: string): string {
  const bare = set.replace(/^language\./, '').replace(/\.val$/, '');
  const [, family, code] = BY_LANGUAGE.exec(bare) ?? [];
  return family && code ? `${speech(code)} (${family})` : bare;
}

/** A language, also where the browser knows no name for it. */
export function speech(code: string): string {
  return t.models.speeches[code] ?? languageName(code, code);
}

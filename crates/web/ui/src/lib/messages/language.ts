/** The languages the interface speaks. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words. */
export const NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

const KEY = 'groundswell.language';

/** The language to speak: the one chosen, else the first of the reader's own that we know, else English. */
export function choose(chosen: string | null, preferred: readonly string[]): Language {
  const known = (tag: string | null) => LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);
  return known(chosen) ?? preferred.map(known).find((language) => language !== undefined) ?? 'en';
}

/** The reader's own variety of the language (`de-AT`, `en-GB`), by which dates and numbers are written. */
export function localeOf(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const preferred = typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);

export const language: Language = choose(stored(), preferred);
export const locale: string = localeOf(language, preferred);

/** Speaks another language from now on. The page starts again; its address keeps what is looked at. */
export function speak(other: Language): void {
  if (other === language) return;
  localStorage.setItem(KEY, other);
  location.reload();
}

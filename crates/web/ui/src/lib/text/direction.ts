/** What is written from the left in every language: names of accounts, addresses, hashtags in Latin letters. */
const NAMES = /https?:\/\/\S+|[@#]\w+/g;
const LETTER = /\p{L}/gu;
/** Hebrew, Arabic, Syriac, Thaana, N'Ko and what Unicode set aside for scripts from the right. */
const RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** Names of products stay Latin in every script: a text from the right need not have half of its letters from there. */
const ENOUGH = 0.4;

/**
 * The direction most of a text is written in. A post in Arabic often begins with `@somebody`, which `dir="auto"` would take for
 * its direction.
 */
export function directionOf(text: string): 'rtl' | 'ltr' {
  const letters = text.replace(NAMES, '').match(LETTER) ?? [];
  const right = letters.filter((letter) => RIGHT.test(letter)).length;
  return right > 0 && right >= ENOUGH * letters.length ? 'rtl' : 'ltr';
}

/** How well a command answers what was typed: each word must begin a word of its own; at the front counts more. */
export function score(_id: string, search: string, keywords: string[] = []): number {
  const text = ` ${fold(keywords.join(' '))}`;
  const words = fold(search).split(/\s+/).filter(Boolean);
  const places = words.map((word) => placeOf(word, text));
  if (places.some((place) => place < 0)) return 0;
  return 1 / (1 + Math.min(...places, text.length) / 10 + text.length / 1000);
}

/** Where a word begins in a text; −1 where it does not, or only within another word. */
function placeOf(word: string, text: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/[\p{L}\p{N}]/u.test(text[at - 1] ?? '') || !/^[\p{L}\p{N}]/u.test(word)) return at;
  return -1;
}

/** Without accents and capitals. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

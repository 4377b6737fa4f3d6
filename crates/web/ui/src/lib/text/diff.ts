/** A piece of a text, and whether it is new against the text before. */
export interface Piece {
  text: string;
  added: boolean;
}

/** Beyond this many words a comparison is not worth its time. */
const MOST = 400;

/** The pieces of `after`, marked where they do not stand in `before`: by words, brackets and spaces, in order. */
export function added(before: string, after: string): Piece[] {
  const [old, now] = [words(before), words(after)];
  if (old.length > MOST || now.length > MOST) return [{ text: after, added: false }];
  const kept = common(old, now);
  const pieces: Piece[] = [];
  now.forEach((text, at) => {
    const isNew = !kept.has(at) && text.trim() !== '';
    const last = pieces.at(-1);
    if (last && last.added === isNew) last.text += text;
    else pieces.push({ text, added: isNew });
  });
  return pieces;
}

function words(text: string): string[] {
  return text.match(/\s+|[()"{}]|[^\s()"{}]+/g) ?? [];
}

/** Places in `now` of a longest common subsequence. */
function common(old: readonly string[], now: readonly string[]): Set<number> {
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    const row = longest[i];
    for (let j = now.length - 1; row && j >= 0; j--)
      row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const kept = new Set<number>();
  for (let i = 0, j = 0; i < old.length && j < now.length;) {
    if (old[i] === now[j]) {
      kept.add(j);
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return kept;
}

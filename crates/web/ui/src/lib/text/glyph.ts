/** Which cells of a 5 × 5 grid are filled for an author's pseudonym, and in which of eight tints: mirror-symmetric, so that it reads as a figure. */
export function glyph(key: string): { cells: [number, number][]; tint: number } {
  const digits = [...key].map((digit) => parseInt(digit, 16)).map((digit) => (Number.isNaN(digit) ? 0 : digit));
  const cells: [number, number][] = [];
  for (let row = 0; row < 5; row += 1) {
    for (let column = 0; column < 3; column += 1) {
      if ((digits[row * 3 + column] ?? 0) % 2 === 0) continue;
      cells.push([column, row]);
      if (column < 2) cells.push([4 - column, row]);
    }
  }
  return { cells, tint: (digits[15] ?? 0) % 8 };
}

/** A short name for a pseudonym: its first digits in two groups. */
export function pseudonym(key: string): string {
  return `${key.slice(0, 3)}·${key.slice(3, 6)}`;
}

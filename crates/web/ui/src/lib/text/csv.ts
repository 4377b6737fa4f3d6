/** A table as it stands behind a chart: a line of names, then lines of texts and figures; `null` is not known. */
export interface Table {
  head: string[];
  rows: (string | number | null)[][];
}

const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** What a spreadsheet would take for a formula is given to it as text. */
const safe = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const written = (cell: string | number | null) =>
  cell === null ? '' : typeof cell === 'number' ? String(cell) : safe(cell);

/** A table as CSV (RFC 4180). */
export function csvText({ head, rows }: Table): string {
  return [head, ...rows].map((line) => line.map((cell) => quoted(written(cell))).join(',')).join('\r\n') + '\r\n';
}

/** A time as files say it. */
export const isoTime = (at: number | null | undefined) => (at == null ? null : new Date(at).toISOString());

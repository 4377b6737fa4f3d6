/**
 * A query as a form: any of these, all of these, none of these, in these languages, on these platforms, from these countries.
 * Every form is a query ([`printBasic`]); a query is a form only where the form says all of it ([`parseBasic`]).
 * `parseBasic(printBasic(form))` is the form again. Terms are kept as the query writes them: `"cold brew"`, `#acme`, `brew*`.
 */
export interface Basic {
  any: string[];
  all: string[];
  none: string[];
  lang: string[];
  source: string[];
  country: string[];
}

export const PARTS = ['any', 'all', 'none', 'lang', 'source', 'country'] as const;
export type Part = (typeof PARTS)[number];
type Field = 'lang' | 'source' | 'country';

export const EMPTY: Basic = { any: [], all: [], none: [], lang: [], source: [], country: [] };

type Token = { kind: 'open' | 'close' | 'and' | 'or' | 'not' } | { kind: 'term'; text: string } | FieldToken;
interface FieldToken {
  kind: 'field';
  name: Field;
  values: string[];
}

/** What the form has no place for; the reader is told. */
class Beyond extends Error {}

const FIELD = /^(lang|source|country):/i;
/** A chunk with what may cling to it: `hashtags:"black friday"`, `followers:[1k TO *]`, `"a b"~5`. */
const CHUNK = /^(?:"[^"]*"(?:~\d+)?|\{[^}]*\}|\[[^\]]*\]|[^\s()"{}[\]])+/;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let rest = text.replace(/[“”„]/g, '"').trim();
  while (rest !== '') {
    if (rest.startsWith('<<<')) throw new Beyond('comment');
    const field = FIELD.exec(rest);
    if (field) {
      const name = (field[1] ?? '').toLowerCase() as Field;
      const values = /^\(([^()]*)\)|^"[^"]*"|^[^\s()"]+/.exec(rest.slice(field[0].length));
      if (!values) throw new Beyond('field');
      const listed = values[1] === undefined ? [values[0]] : values[1].split(/\s+OR\s+/).map((one) => one.trim());
      if (listed.some((one) => !/^[\w-]+$/.test(one))) throw new Beyond('field');
      found.push({ kind: 'field', name, values: listed.map((one) => one.toLowerCase()) });
      rest = rest.slice(field[0].length + values[0].length).trimStart();
      continue;
    }
    const mark = rest[0] ?? '';
    if (mark === '(' || mark === ')') {
      found.push({ kind: mark === '(' ? 'open' : 'close' });
      rest = rest.slice(1).trimStart();
      continue;
    }
    if (mark === '-' && /^-[^\s]/.test(rest)) {
      found.push({ kind: 'not' });
      rest = rest.slice(1);
      continue;
    }
    const chunk = CHUNK.exec(rest)?.[0];
    if (!chunk) throw new Beyond('sign');
    if (/^O?NEAR\/\d+f?$/.test(chunk)) throw new Beyond('near');
    const word = { AND: 'and', OR: 'or', NOT: 'not' }[chunk] as 'and' | 'or' | 'not' | undefined;
    found.push(word ? { kind: word } : { kind: 'term', text: chunk });
    rest = rest.slice(chunk.length);
    // A field of another kind with brackets of its own, such as `site:(a OR b)`.
    if (rest.startsWith('(')) throw new Beyond('field');
    rest = rest.trimStart();
  }
  return found;
}

class Reader {
  at = 0;
  readonly form: Basic = { any: [], all: [], none: [], lang: [], source: [], country: [] };
  readonly singles: string[] = [];

  constructor(readonly list: readonly Token[]) {}

  peek(): Token | undefined {
    return this.list[this.at];
  }

  /** `term { OR term }` up to a closing bracket or the end. */
  orList(): string[] {
    const terms: string[] = [];
    for (;;) {
      const token = this.peek();
      if (token?.kind !== 'term') throw new Beyond('nested');
      terms.push(token.text);
      this.at += 1;
      if (this.peek()?.kind !== 'or') return terms;
      this.at += 1;
    }
  }

  close(): void {
    if (this.peek()?.kind !== 'close') throw new Beyond('nested');
    this.at += 1;
  }

  negated(): void {
    const token = this.peek();
    if (token?.kind === 'term') {
      this.form.none.push(token.text);
      this.at += 1;
    } else if (token?.kind === 'field') {
      if (token.values.length > 1) throw new Beyond('nested');
      this.form.none.push(`${token.name}:${token.values[0]}`);
      this.at += 1;
    } else if (token?.kind === 'open') {
      this.at += 1;
      this.form.none.push(...this.orList());
      this.close();
    } else throw new Beyond('nested');
  }

  any(terms: string[]): void {
    if (this.form.any.length > 0) throw new Beyond('or');
    this.form.any = terms;
  }

  /** Whether a bracket at `at` holds a plain list: no AND, no NOT, no bracket and no field in it. */
  listAhead(at: number): boolean {
    for (let place = at; ; place += 1) {
      const token = this.list[place];
      if (token?.kind === 'close') return true;
      if (token?.kind !== 'term' && token?.kind !== 'or') return false;
    }
  }

  clause(): void {
    const token = this.peek();
    if (token?.kind === 'not') {
      this.at += 1;
      this.negated();
    } else if (token?.kind === 'field') {
      if (this.form[token.name].length > 0) throw new Beyond('field');
      this.form[token.name] = token.values;
      this.at += 1;
    } else if (token?.kind === 'term') {
      this.singles.push(token.text);
      this.at += 1;
    } else if (token?.kind === 'open') {
      this.at += 1;
      if (this.listAhead(this.at)) {
        const terms = this.orList();
        if (terms.length > 1) this.any(terms);
        else this.singles.push(...terms);
      } else this.clauses();
      this.close();
    } else throw new Beyond('nested');
  }

  clauses(): void {
    const from = this.at;
    this.clause();
    for (;;) {
      const token = this.peek();
      if (token === undefined || token.kind === 'close') return;
      if (token.kind === 'or') {
        // `a OR b` without brackets: all of the query, or all of its bracket, or the form cannot say it.
        if (this.at !== from + 1 || this.list[from]?.kind !== 'term') throw new Beyond('or');
        this.at = from;
        this.singles.pop();
        this.any(this.orList());
        const next = this.peek();
        if (next !== undefined && next.kind !== 'close') throw new Beyond('or');
        return;
      }
      if (token.kind === 'and') this.at += 1;
      else if (token.kind !== 'not') throw new Beyond('nested');
      this.clause();
    }
  }
}

/** The form that says the same as the query; `null` where the form has no place for all of it. */
export function parseBasic(query: string): Basic | null {
  if (query.trim() === '') return EMPTY;
  try {
    const reader = new Reader(tokens(query));
    reader.clauses();
    if (reader.peek() !== undefined) return null;
    const { form, singles } = reader;
    if (form.any.length === 0 && singles.length === 1) form.any = singles;
    else form.all = singles;
    return form;
  } catch (error) {
    if (error instanceof Beyond) return null;
    throw error;
  }
}

const oneOf = (terms: readonly string[]) => (terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' OR ')})`);

/** The query that the form stands for. */
export function printBasic(form: Basic): string {
  const fields = (['lang', 'source', 'country'] as const)
    .filter((name) => form[name].length > 0)
    .map((name) => `${name}:${oneOf(form[name])}`);
  const rest = [...form.all, ...fields];
  const alone = rest.length === 0 && form.none.length === 0;
  const any = form.any.length === 0 ? [] : [alone ? form.any.join(' OR ') : oneOf(form.any)];
  const held = [...any, ...rest].join(' AND ');
  if (form.none.length === 0) return held;
  return held === '' ? `NOT ${oneOf(form.none)}` : `${held} NOT ${oneOf(form.none)}`;
}

/** A term as somebody types it into the form: words get their quotes, what is written like a query stays. */
export function termOf(text: string): string {
  const plain = text.trim().replace(/\s+/g, ' ');
  if (CHUNK.exec(plain)?.[0] === plain && !/^(AND|OR|NOT|O?NEAR\/\d+f?)$/.test(plain) && !plain.startsWith('-'))
    return plain;
  return `"${plain.replaceAll('"', '')}"`;
}

/** The other way: how the form shows a term. */
export function shownTerm(term: string): string {
  const inside = /^"([^"]*)"$/.exec(term)?.[1];
  return inside !== undefined && termOf(inside) === term ? inside : term;
}

/** The terms of a form with the query that does without each, to count what each brings or keeps out. */
export function withoutEach(form: Basic): { term: string; part: 'any' | 'all' | 'none'; query: string }[] {
  return (['any', 'all', 'none'] as const).flatMap((part) =>
    form[part].map((term) => ({
      term,
      part,
      query: printBasic({ ...form, [part]: form[part].filter((other) => other !== term) }),
    })),
  );
}

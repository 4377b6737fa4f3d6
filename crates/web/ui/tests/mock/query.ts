import type { QueryCheck, QueryPreview, QueryProblem, QuerySpan } from '../../src/lib/api/types.ts';
import type { World } from './world.ts';

const length = (text: string) => new TextEncoder().encode(text).length;

function kindOf(token: string): string {
  if (/^(AND|OR|NOT|NEAR\/\d+f?)$/.test(token)) return 'operator';
  if (token.startsWith('<<<')) return 'comment';
  if (token.startsWith('"')) return 'phrase';
  if (token.startsWith('#')) return 'tag';
  if (token.startsWith('@')) return 'handle';
  if (token.startsWith('{')) return 'case';
  if (token === '(' || token === ')') return 'bracket';
  return /^[a-z]+:/.test(token) ? 'field' : 'term';
}

/** A stand-in for the real checker: enough of it to draw spans and a few faults. */
export function check(query: string): QueryCheck {
  const spans: QuerySpan[] = [];
  const problems: QueryProblem[] = [];
  const say = (severity: string, code: string, at: number, token: string, message: string, fix: string | null) =>
    problems.push({
      severity,
      code,
      start: length(query.slice(0, at)),
      end: length(query.slice(0, at)) + length(token),
      message,
      fix,
    });
  let depth = 0;
  for (const match of query.matchAll(/<<<.*?>>>|"[^"]*"?(~\d+)?|[()]|\{[^}]*\}|[^\s()"]+/gu)) {
    const token = match[0];
    const start = length(query.slice(0, match.index));
    spans.push({ start, end: start + length(token), kind: kindOf(token) });
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (/^"[^"]*$/.test(token))
      say('error', 'unclosed_quote', match.index, token, 'this quotation mark is never closed', `${query}"`);
    if (/^(and|or|not)$/.test(token))
      say(
        'hint',
        'lower_case_operator',
        match.index,
        token,
        `write ${token.toUpperCase()} in capitals for the operator`,
        query.replace(token, token.toUpperCase()),
      );
  }
  if (depth > 0)
    say('error', 'unclosed_bracket', query.lastIndexOf('('), '(', 'this bracket is never closed', `${query})`);
  if (query.trim() === '') say('error', 'empty', 0, '', 'a query needs at least one word', null);
  const ok = !problems.some((problem) => problem.severity === 'error');
  return { ok, canonical: ok ? query.trim() : null, problems, spans, estimate: null };
}

export function preview(world: World, query: string, limit: number): QueryPreview {
  const terms = (query.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).filter(
    (term) => !['and', 'not', 'near', 'lang'].includes(term),
  );
  const recent = world.mentions.slice(-5000).reverse();
  const matched = recent.filter(({ post }) => terms.some((term) => post.text.toLowerCase().includes(term)));
  const posts = matched.slice(0, limit).map(({ post }) => {
    const term = terms.find((term) => post.text.toLowerCase().includes(term)) ?? '';
    const at = post.text.toLowerCase().indexOf(term);
    const start = length(post.text.slice(0, at));
    return { ...post, highlights: [[start, start + length(term)]] };
  });
  const from = recent.at(-1)?.post.seen_at ?? null;
  const to = recent[0]?.post.seen_at ?? null;
  return {
    posts,
    searched: recent.length * 18,
    matched: matched.length,
    from,
    to,
    per_day: from && to ? (matched.length / (to - from)) * 86_400_000 : null,
  };
}

import type { Connector, ConnectorKey, Source, SourceInput } from '$lib/api/sources';

/** What stands in the fields of a form; every field is text. */
export type Fields = Record<string, string>;
export const BUDGETS = ['posts_per_day', 'posts_per_month', 'money_per_day', 'money_per_month'] as const;

const MILLIONTHS = 1e6;

/** The fields of a source that is there, for its form. */
export function fieldsOf(connector: Connector, source: Source | null): Fields {
  const fields: Fields = { mode: source?.mode ?? '' };
  for (const key of connector.keys) fields[`own.${key.name}`] = source ? text(key, source.options[key.name]) : '';
  for (const left of source?.budget ?? []) {
    const name = `${left.unit}_per_${left.period}`;
    if (!BUDGETS.some((one) => one === name)) continue;
    fields[`budget.${name}`] = String(left.unit === 'money' ? left.most / MILLIONTHS : left.most);
  }
  return fields;
}

function text(key: ConnectorKey, value: unknown): string {
  if (value === undefined || value === null || key.kind === 'secret') return '';
  if (key.kind === 'texts' && Array.isArray(value)) return value.join('\n');
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** A field that says something else than its key may hold. */
export class Wrong extends Error {
  constructor(readonly key: string) {
    super(key);
  }
}

/** What a form asks for. Throws `Wrong` for a table that is no JSON. */
export function inputOf(connector: Connector, fields: Fields): SourceInput {
  const options: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  for (const key of connector.keys) {
    const said = (fields[`own.${key.name}`] ?? '').trim();
    if (said === '') continue;
    if (key.kind === 'secret') secrets[key.name] = said;
    else options[key.name] = value(key, said);
  }
  if (fields['mode']) options['mode'] = fields['mode'];
  const budget: Record<string, number> = {};
  for (const name of BUDGETS) {
    const said = (fields[`budget.${name}`] ?? '').trim();
    if (said !== '') budget[name] = Number(said);
  }
  if (Object.keys(budget).length > 0) options['budget'] = budget;
  return { connector: connector.name, options, secrets };
}

function value(key: ConnectorKey, said: string): unknown {
  switch (key.kind) {
    case 'number':
      if (!Number.isFinite(Number(said))) throw new Wrong(key.name);
      return Number(said);
    case 'flag':
      return said === 'true';
    case 'texts':
      return said
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    case 'table':
      try {
        return JSON.parse(said) as unknown;
      } catch {
        throw new Wrong(key.name);
      }
    default:
      return said;
  }
}

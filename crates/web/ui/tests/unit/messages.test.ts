import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { t as de } from '$lib/messages/de';
import { t as en } from '$lib/messages/en';
import { choose, localeOf } from '$lib/messages/language';

type Leaf = string | ((...blanks: unknown[]) => string);

/** Every sentence with its place, `alerts.kinds.peak.0`. */
function leaves(of: object, at = ''): [string, Leaf][] {
  return Object.entries(of).flatMap(([name, value]): [string, Leaf][] => {
    const place = at === '' ? name : `${at}.${name}`;
    return typeof value === 'object' && value !== null ? leaves(value, place) : [[place, value as Leaf]];
  });
}

const english = leaves(en);
const german = new Map(leaves(de));

/** A sentence with its blanks filled by marks that no language has. */
function filled(leaf: Leaf): string {
  if (typeof leaf === 'string') return leaf;
  const blanks = Array.from({ length: leaf.length }, (_, at) => `<${at}>`);
  try {
    return leaf(...blanks);
  } catch {
    // Some blanks are lists.
    return leaf(...blanks.slice(0, -1), blanks.slice(-1));
  }
}

const marks = (leaf: Leaf) => [...new Set(filled(leaf).match(/<\d>/g) ?? [])].sort();

describe('the German catalogue', () => {
  it('has every sentence of the English one, and no other', () => {
    expect([...german.keys()].sort()).toEqual(english.map(([place]) => place).sort());
  });

  it('fills the same blanks', () => {
    const wrong = english.filter(([place, leaf]) => {
      const other = german.get(place);
      if (other === undefined || typeof other !== typeof leaf) return true;
      return JSON.stringify(marks(leaf)) !== JSON.stringify(marks(other));
    });
    expect(wrong.map(([place]) => place)).toEqual([]);
  });

  it('leaves no sentence in English', () => {
    /** Queries, names, commands, examples and addresses are the same in every language. */
    const code =
      /^cheats\.|valueHint|addressHint|Hints\.|Example|Placeholder|Command$|formula|forms\.|formats\.|kinds\.(zendesk|jira)/;
    const words = /\b(the|and|with|this|that|are|have|which|from|you|your|not|nothing|is|of)\b/i;
    const left = english.filter(([place, leaf]) => {
      if (code.test(place)) return false;
      const text = filled(german.get(place) ?? '');
      const same = text === filled(leaf) && /[a-z]{2,}\s+[a-z]{2,}/i.test(text);
      return same || words.test(text.replace(/share of voice/gi, '').replace(/„[^“]*“|"[^"]*"|\b(AND|OR|NOT)\b/g, ''));
    });
    expect(left.map(([place]) => `${place}: ${filled(german.get(place) ?? '')}`)).toEqual([]);
  });

  it('writes German quotes, and no space is lost before an ellipsis', () => {
    const wrong = [...german].filter(([, leaf]) => /“[^“”„]*”/.test(filled(leaf)) || /\p{L}…/u.test(filled(leaf)));
    expect(wrong.map(([place]) => place)).toEqual([]);
  });

  it('brings nothing along at run time but itself, so that it can be waited for before anything starts', () => {
    const folder = new URL('../../src/lib/messages/de/', import.meta.url);
    for (const file of readdirSync(folder)) {
      const imports = readFileSync(new URL(file, folder), 'utf8').match(/^import (?!type ).*$/gm) ?? [];
      expect(imports.filter((line) => !/ from '\.\/\w+';$/.test(line))).toEqual([]);
    }
  });
});

describe('which language is spoken', () => {
  it('is the one chosen, else the first known of the reader’s own, else English', () => {
    expect(choose('de', ['en-GB'])).toBe('de');
    expect(choose(null, ['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(choose('tlh', ['fr'])).toBe('en');
    expect(choose(null, [])).toBe('en');
  });

  it('is written as the reader’s country writes it', () => {
    expect(localeOf('de', ['en-GB', 'de-CH'])).toBe('de-CH');
    expect(localeOf('de', ['en-GB'])).toBe('de');
  });
});

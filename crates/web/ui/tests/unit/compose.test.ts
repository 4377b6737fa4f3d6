import { describe, expect, it } from 'vitest';
import { monitors, query, splitNames, term, without, type Answers } from '$lib/welcome/compose';

const answers: Answers = {
  sources: ['bluesky', 'x'],
  allSources: ['bluesky', 'x'],
  objective: 'competition',
  names: '',
  competitors: '',
  topics: '',
};

describe('the guide', () => {
  it('reads names as people write them', () => {
    expect(splitNames(' Acme,  Acme  Coffee\n#acme;Acme,, "cold brew"')).toEqual([
      'Acme',
      'Acme Coffee',
      '#acme',
      'cold brew',
    ]);
  });

  it('quotes only what needs it', () => {
    expect(['acme', '#acme', '@acme', 'AT&T', 'C++', 'Acme Coffee', 'OR', 'what?', 'قهوة', '.NET'].map(term)).toEqual([
      'acme',
      '#acme',
      '@acme',
      'AT&T',
      'C++',
      '"Acme Coffee"',
      '"OR"',
      '"what?"',
      'قهوة',
      '".NET"',
    ]);
  });

  it('names platforms only where some are left out', () => {
    expect(query(['a', 'b'], answers)).toBe('a OR b');
    expect(query(['a', 'b'], { ...answers, sources: ['x'] })).toBe('(a OR b) AND source:x');
  });

  it('keeps unwanted words out of the whole query', () => {
    expect(without('a OR b', ['jobs', 'give away'])).toBe('(a OR b) NOT (jobs OR "give away")');
    expect(without('a', [])).toBe('a');
  });

  it('makes one monitor of ours and one for each of the others', () => {
    const made = monitors({ ...answers, names: 'Acme, #acme', competitors: 'Kelda\nOrrin', topics: 'refill' });
    expect(made.map(({ name, role, query }) => [name, role, query])).toEqual([
      ['Acme', 'brand', 'Acme OR #acme'],
      ['Kelda', 'competitor', 'Kelda'],
      ['Orrin', 'competitor', 'Orrin'],
      ['refill', 'topic', 'refill'],
    ]);
    expect(monitors(answers)).toEqual([]);
  });
});

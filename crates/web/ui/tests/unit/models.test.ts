import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import Confusion from '$lib/models/Confusion.svelte';
import Reliability from '$lib/models/Reliability.svelte';
import TaskCard from '$lib/models/TaskCard.svelte';
import { tasks } from '$lib/models/quality';
import Whiskers from '$lib/models/Whiskers.svelte';
import { models } from '../mock/models';

/** What a component draws, without tags, and with one space where there were several. */
const words = (html: string) =>
  html
    .replace(/<!--.*?-->/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replace(/\s+/g, ' ');

describe('a row of dots and whiskers', () => {
  const mark = { value: 0.8, low: 0.7, high: 0.9, n: 100 };
  const columns = [
    { label: 'Fast', hollow: true },
    { label: 'Full', hollow: false },
  ];

  it('is a table with every number', () => {
    const { body } = render(Whiskers, {
      props: {
        rows: [{ key: 'a', label: 'A', marks: [mark, null] }],
        columns,
        caption: 'How often right',
        head: 'Set',
      },
    });
    expect(body).toContain('<caption');
    expect(body).toContain('<th scope="row"');
    expect(words(body)).toContain('80%');
    expect(words(body)).toContain('70–90');
    expect(words(body)).toContain('Not measured');
  });

  it('draws no share of fewer than thirty posts', () => {
    const rows = [{ key: 'a', label: 'A', marks: [{ ...mark, n: 29 }, mark] }];
    const { body } = render(Whiskers, { props: { rows, columns, caption: 'c', head: 'Set' } });
    expect(words(body)).toContain('29 posts');
    expect(body.match(/class="dot/g)).toHaveLength(1);
  });
});

describe('a reliability diagram', () => {
  const bins = [
    { confidence: 0, accuracy: 0, n: 0 },
    { confidence: 0.81, accuracy: 0.78, n: 120 },
    { confidence: 0.96, accuracy: 0.97, n: 480 },
  ];
  const { body } = render(Reliability, { props: { bins, name: 'Sentiment' } });

  it('has a dot for each bin with answers, as large as these are many', () => {
    const radii = [...body.matchAll(/<circle[^>]* r="([\d.]+)"/g)].map(([, r]) => Number(r));
    expect(radii).toHaveLength(2);
    expect((radii[1] ?? 0) / (radii[0] ?? 1)).toBeCloseTo(2);
  });

  it('has a table for those who do not see it, and answers to the arrow keys', () => {
    expect(body).toContain('role="slider"');
    expect(words(body)).toMatch(/81% 78% \(70–84\) 120/);
  });
});

describe('a matrix', () => {
  it('says counts, and shares of rows that are long enough', () => {
    const matrix = {
      labels: ['none', 'complaint'],
      counts: [
        [90, 10],
        [3, 9],
      ],
    };
    const { body } = render(Confusion, { props: { matrix, caption: 'What is taken for what' } });
    expect(words(body)).toMatch(/No complaint 90% 90 10% 10 100/);
    expect(words(body)).toMatch(/Complaint 3 9 12/);
  });
});

describe('the card of a task', () => {
  it('can be drawn for every model that comes with the program', () => {
    for (const task of tasks(models())) {
      const { body } = render(TaskCard, { props: task });
      const text = words(body);
      expect(text).toContain('Can its percentages be trusted?');
      for (const card of task.cards) {
        expect(text).toContain(card.id);
        for (const data of card.trained_on) expect(text).toContain(data.licence.replaceAll('&', '&amp;'));
      }
    }
  });

  it('says in words how far the percentages hold', () => {
    const [sentiment] = tasks(models());
    if (!sentiment) throw new Error('there are no models');
    expect(words(render(TaskCard, { props: sentiment }).body)).toMatch(
      /When it says \d+% sure, it is right \d+% of the time\./,
    );
  });
});

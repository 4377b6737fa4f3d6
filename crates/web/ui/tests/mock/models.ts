import { readFileSync } from 'node:fs';
import type { ModelCard, ReliabilityBin, SetQuality, TrainedOn } from '../../src/lib/api/types.ts';

/** A card as it lies beside the weights. */
interface Card {
  id: string;
  task: string;
  tier: string;
  date: string;
  bytes: number;
  labels: string[];
  languages: string[];
  trained_on: TrainedOn[];
  validation: Record<
    string,
    Pick<SetQuality, 'n' | 'ece' | 'labels' | 'confusion'> & {
      accuracy: number;
      macro_f1: number;
      macro_recall: number;
      intervals: Record<'accuracy' | 'macro_f1' | 'macro_recall', [number, number]>;
    }
  >;
  calibration: { method: string; ece_before: number | null; ece: number; brier: number; reliability: ReliabilityBin[] };
  known_failures: string[];
}

const FILES = ['language/card.json', 'panel/cards.json', 'encoder/cards.json'];

function form(card: Card): ModelCard {
  const { id, task, tier, date, bytes, labels, languages, trained_on, known_failures } = card;
  const { method, ece_before, ece, brier, reliability } = card.calibration;
  return {
    id,
    task,
    tier,
    date,
    bytes,
    labels,
    languages,
    trained_on,
    known_failures,
    validation: Object.entries(card.validation).map(([set, quality]) => ({
      set,
      n: quality.n,
      accuracy: [quality.accuracy, ...quality.intervals.accuracy],
      macro_f1: [quality.macro_f1, ...quality.intervals.macro_f1],
      macro_recall: [quality.macro_recall, ...quality.intervals.macro_recall],
      ece: quality.ece,
      labels: quality.labels,
      confusion: quality.confusion,
    })),
    calibration: { method, ece_before, ece, brier, bins: reliability },
  };
}

/** The cards of the models that come with the program, as the server gives them. */
export function models(): ModelCard[] {
  return FILES.flatMap((file) => {
    const url = new URL(`../../../../../models/${file}`, import.meta.url);
    const cards = JSON.parse(readFileSync(url, 'utf8')) as Card | Card[];
    return (Array.isArray(cards) ? cards : [cards]).map(form);
  });
}

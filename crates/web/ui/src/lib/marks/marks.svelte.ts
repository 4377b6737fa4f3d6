import { SvelteMap } from 'svelte/reactivity';
import { toast } from 'svelte-sonner';
import { api, ApiFault } from '$lib/api/client';
import type { FilterParams, MarkChange, MarkView, MentionView } from '$lib/api/types';
import { t } from '$lib/messages';
import { router } from '$lib/state/router.svelte';
import { changed, inWords } from './change';

/** As many ids as one request may name. */
const MOST = 1000;

/** Marks as they are here before the server has answered, and how they are put back. */
class Marks {
  /** Marks changed here since their lists were read, by mention. */
  #ahead = new SvelteMap<string, MarkView>();
  /** Grows when lists should be read again: much was changed at once. */
  reread = $state(0);
  /** Grows with each change that the server has taken, undone ones too. */
  taken = $state(0);

  of(mention: MentionView): MarkView {
    return this.#ahead.get(mention.id) ?? mention.mark;
  }

  /** A list was read anew: what it says counts again. */
  seen(mentions: readonly MentionView[]): void {
    for (const mention of mentions) this.#ahead.delete(mention.id);
  }

  /** Changes mentions at once and asks the server after; where it refuses, all is as before. */
  async change(mentions: readonly MentionView[], change: MarkChange): Promise<void> {
    const before = mentions.map((mention) => [mention.id, this.of(mention)] as const);
    for (const [id, mark] of before) this.#ahead.set(id, changed(mark, change));
    const back = () => before.forEach(([id, mark]) => this.#ahead.set(id, mark));
    const ids = mentions.map((mention) => mention.id);
    const made: string[] = [];
    try {
      for (let at = 0; at < ids.length; at += MOST) {
        const answer = await api.mark(router.view.project, { mentions: ids.slice(at, at + MOST), change });
        if (answer.change) made.push(answer.change.id);
      }
      this.taken += 1;
      this.#tell(inWords(change), mentions.length, made, back);
    } catch (error) {
      back();
      this.#fail(error);
    }
  }

  /** Changes every mention under a filter, however many. */
  async changeAll(filter: FilterParams, change: MarkChange): Promise<void> {
    const again = () => (this.reread += 1);
    try {
      const { change: made } = await api.mark(router.view.project, { filter, change });
      if (!made) return void toast(t.work.nothing);
      again();
      this.#tell(inWords(change), made.mentions, [made.id], again);
    } catch (error) {
      this.#fail(error);
    }
  }

  #tell(words: string, count: number, made: string[], back: () => void): void {
    if (made.length === 0) return;
    const undo = async () => {
      try {
        for (const id of made) await api.undoMarks(router.view.project, id);
        back();
        this.taken += 1;
        toast(t.work.undone);
      } catch (error) {
        this.#fail(error);
      }
    };
    toast(t.work.done(words, count), { action: { label: t.work.undo, onClick: () => void undo() } });
  }

  #fail(error: unknown): void {
    toast.error(t.work.failed, { description: error instanceof ApiFault ? error.message : String(error) });
  }
}

export const marks = new Marks();

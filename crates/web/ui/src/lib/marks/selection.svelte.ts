import { SvelteMap } from 'svelte/reactivity';
import type { MentionView } from '$lib/api/types';
import type { Folded } from '$lib/text/copies';

/** The mentions of a listed post: by every monitor that matched it. */
export const mentionsOf = (folded: Folded): MentionView[] => [folded.mention, ...folded.others];

/** Which posts of a list are chosen, and at which the keyboard is. */
export class Selection {
  #chosen = new SvelteMap<string, Folded>();
  /** All that the filter finds is chosen, also what is not listed yet. */
  everything = $state(false);
  /** The place of the keyboard in the list; `null` before its first step. */
  at = $state<number | null>(null);

  readonly size = $derived(this.#chosen.size);
  readonly mentions = $derived([...this.#chosen.values()].flatMap(mentionsOf));

  has(folded: Folded): boolean {
    return this.everything || this.#chosen.has(folded.mention.id);
  }

  toggle(folded: Folded): void {
    this.everything = false;
    if (!this.#chosen.delete(folded.mention.id)) this.#chosen.set(folded.mention.id, folded);
  }

  clear(): void {
    this.everything = false;
    this.#chosen.clear();
  }

  /** Moves the keyboard by a step within a list of `length`; the new place. */
  move(step: number, length: number): number | null {
    if (length === 0) return null;
    const next = this.at === null ? (step > 0 ? 0 : length - 1) : this.at + step;
    this.at = Math.min(length - 1, Math.max(0, next));
    return this.at;
  }
}

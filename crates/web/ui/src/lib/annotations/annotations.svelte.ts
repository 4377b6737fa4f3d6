import { toast } from 'svelte-sonner';
import { api, ApiFault } from '$lib/api/client';
import type { Annotation, AnnotationInput } from '$lib/api/types';
import { t } from '$lib/messages';
import { me } from '$lib/state/me.svelte';
import { router } from '$lib/state/router.svelte';

/** The annotations of the project in sight, and the one being written. */
class Annotations {
  list = $state.raw<Annotation[]>([]);
  fault = $state.raw<ApiFault | null>(null);
  loaded = $state<string | null>(null);
  /** What is in the dialog; with an `id` one that is changed. */
  draft = $state.raw<Partial<AnnotationInput> | null>(null);
  #asked: string | null = null;

  /** Asks once for each project. */
  ensure(): void {
    if (this.#asked !== router.view.project) void this.load();
  }

  async load(): Promise<void> {
    const { project } = router.view;
    this.#asked = project;
    try {
      this.list = await api.annotations(project);
      this.loaded = project;
      this.fault = null;
    } catch (error) {
      this.fault =
        error instanceof ApiFault ? error : new ApiFault({ code: 'client', message: String(error), hint: null }, 0);
    }
  }

  /** Begins one at a time. */
  begin(at: number): void {
    if (!me.mayWrite(router.view.project)) return;
    this.draft = { at: Math.round(at / 60_000) * 60_000 };
  }

  async save(input: AnnotationInput): Promise<void> {
    const { project } = router.view;
    const known = input.id !== undefined;
    const kept = await this.#work(async () => {
      const saved = input.id
        ? await api.updateAnnotation(project, input.id, input)
        : await api.createAnnotation(project, input);
      return saved;
    });
    if (!kept) return;
    this.draft = null;
    const back = () => void this.#work(() => api.deleteAnnotation(project, kept.id));
    if (known) toast(t.annotations.changed(input.title));
    else toast(t.annotations.saved(input.title), { action: { label: t.work.undo, onClick: back } });
  }

  async remove(one: Annotation): Promise<void> {
    const { project } = router.view;
    this.list = this.list.filter(({ id }) => id !== one.id);
    if ((await this.#work(async () => (await api.deleteAnnotation(project, one.id), true))) === null) return;
    const { at, until, title, text, kind } = one;
    const back = () => void this.#work(() => api.createAnnotation(project, { at, until, title, text, kind }));
    toast(t.annotations.removed(title), { action: { label: t.work.undo, onClick: back } });
  }

  async #work<T>(what: () => Promise<T>): Promise<T | null> {
    let answer: T | null = null;
    try {
      answer = await what();
    } catch (error) {
      toast.error(t.annotations.failed, { description: error instanceof ApiFault ? error.message : String(error) });
    }
    await this.load();
    return answer;
  }
}

export const annotations = new Annotations();

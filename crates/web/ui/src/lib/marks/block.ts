import { toast } from 'svelte-sonner';
import { api, ApiFault } from '$lib/api/client';
import { stopRule } from '$lib/api/lists';
import type { FilterParams, Rule } from '$lib/api/types';
import { t } from '$lib/messages';
import { marks } from './marks.svelte';

const LOOK_MS = 400;
const LOOKS = 60;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function settled(project: string, id: string): Promise<Rule | undefined> {
  for (let look = 0; look < LOOKS; look += 1) {
    const rule = (await api.rules(project)).find((one) => one.id === id);
    if (!rule?.run || rule.run.ended) return rule;
    await pause(LOOK_MS);
  }
  return undefined;
}

/** A rule that mutes what a filter finds, applied to the past at once; the message takes all of it back. */
export async function block(project: string, name: string, filter: FilterParams, said: string): Promise<void> {
  const fail = (error: unknown) =>
    toast.error(t.work.failed, { description: error instanceof ApiFault ? error.message : String(error) });
  try {
    const rule = await api.createRule(project, { name, filter, change: { muted: true }, active: true });
    await api.applyRule(project, rule.id);
    const undo = async () => {
      try {
        const now = (await api.rules(project)).find((one) => one.id === rule.id);
        if (now?.run && !now.run.ended) await stopRule(project, rule.id);
        const ended = await settled(project, rule.id);
        for (const change of ended?.run?.changes.toReversed() ?? []) await api.undoMarks(project, change);
        await api.deleteRule(project, rule.id);
        marks.reread += 1;
        toast(t.work.undone);
      } catch (error) {
        fail(error);
      }
    };
    toast(said, {
      description: t.originals.rules,
      action: { label: t.work.undo, onClick: () => void undo() },
    });
    await settled(project, rule.id);
    marks.reread += 1;
  } catch (error) {
    fail(error);
  }
}

import { api, ApiFault } from '$lib/api/client';
import type { Monitor, Project } from '$lib/api/types';
import { live } from './live.svelte';
import { router } from './router.svelte';

/** What every page needs: the projects, the monitors of the one in sight, the installation's state. */
class Session {
  projects = $state.raw<Project[]>([]);
  monitors = $state.raw<Monitor[]>([]);
  /** The project whose monitors are at hand; `null` before the first answer. */
  loaded = $state<string | null>(null);
  fault = $state.raw<ApiFault | null>(null);

  readonly project = $derived(this.projects.find((project) => project.id === router.view.project) ?? null);
  readonly byId = $derived(new Map(this.monitors.map((monitor) => [monitor.id, monitor])));
  readonly demo = $derived(live.status?.mode === 'demo');
  /** Nothing is being looked for yet: the guide's moment. */
  readonly fresh = $derived(live.status?.mode === 'run' && this.loaded !== null && this.monitors.length === 0);

  async load(): Promise<void> {
    const project = router.view.project;
    try {
      const [status, projects, monitors] = await Promise.all([api.status(), api.projects(), api.monitors(project)]);
      live.status = status;
      this.projects = projects;
      this.monitors = monitors;
      this.loaded = project;
      this.fault = null;
    } catch (error) {
      this.fault =
        error instanceof ApiFault ? error : new ApiFault({ code: 'client', message: String(error), hint: null }, 0);
    }
  }

  async refreshMonitors(): Promise<void> {
    try {
      this.monitors = await api.monitors(router.view.project);
    } catch {
      // The next refresh, or the offline banner, tells.
    }
  }

  monitorName(id: string): string {
    return this.byId.get(id)?.name ?? id;
  }

  /** The class of a monitor's identity colour. */
  colour(id: string): number {
    return (this.byId.get(id)?.color ?? 5) % 8;
  }
}

export const session = new Session();

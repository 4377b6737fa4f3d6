import {
  expectationsOf,
  runExpectations,
  type ExpectationResults,
  type ExpectationVersion,
  type Expected,
} from '$lib/api/expectations';
import type { ApiFault } from '$lib/api/client';
import { Resource } from '$lib/state/resource.svelte';

/**
 * What is expected of a query. With a monitor each change is kept at once, as its next version; before there is one, they
 * wait here for it.
 */
export class Expectations {
  list = $state.raw<Expected[]>([]);
  versions = $state.raw<ExpectationVersion[]>([]);
  fault = $state.raw<ApiFault | null>(null);
  saving = $state(false);
  /** Of the query as written. */
  readonly run = new Resource<ExpectationResults>();
  #version = 0;
  #monitor: string | null;

  constructor(monitor: string | null) {
    this.#monitor = monitor;
  }

  /** How many the query as written breaks. */
  readonly broken = $derived(this.list.length === 0 ? 0 : (this.run.data?.failed ?? 0));

  async load(): Promise<void> {
    if (this.#monitor === null) return;
    const kept = expectationsOf(this.#monitor);
    await this.#attempt(async () => {
      const [set, versions] = await Promise.all([kept.get(), kept.versions()]);
      this.#version = set.version;
      this.list = set.expectations;
      this.versions = versions;
    });
  }

  /** Expects this and nothing else. */
  async change(list: Expected[]): Promise<void> {
    if (this.#monitor === null) {
      this.list = list;
      return;
    }
    if (this.saving) return;
    const kept = expectationsOf(this.#monitor);
    const done = await this.#attempt(async () => {
      const set = await kept.put({ version: this.#version, expectations: list });
      this.#version = set.version;
      this.list = set.expectations;
      this.versions = await kept.versions();
    });
    // Somebody else changed them meanwhile: what they are now is shown beside the fault.
    if (!done && this.fault?.status === 409) {
      const fault = this.fault;
      await this.load();
      this.fault = fault;
    }
  }

  async restore(version: number): Promise<void> {
    const monitor = this.#monitor;
    if (monitor === null) return;
    let old: Expected[] | null = null;
    await this.#attempt(async () => {
      old = (await expectationsOf(monitor).get(version)).expectations;
    });
    if (old !== null) await this.change(old);
  }

  /** A monitor was made: what was expected of its query is kept with it. */
  async keepWith(monitor: string): Promise<void> {
    this.#monitor = monitor;
    if (this.list.length > 0) await this.change(this.list);
  }

  ask(project: string, query: string): Promise<void> {
    const list = this.list;
    return this.run.load((signal) => runExpectations(project, query, list, signal), true);
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    this.saving = true;
    this.fault = null;
    try {
      await work();
    } catch (error) {
      this.fault = error as ApiFault;
    }
    this.saving = false;
    return this.fault === null;
  }
}

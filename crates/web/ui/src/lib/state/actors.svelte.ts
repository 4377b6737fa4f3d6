import { api } from '$lib/api/client';
import { t } from '$lib/messages';
import { me } from './me.svelte';

/** The names of those whom logs and notes name by an id. Only administrators may ask for all of them. */
class Actors {
  #names = $state.raw<ReadonlyMap<string, string>>(new Map());
  #asked = false;

  name(actor: string): string {
    if (actor === me.session?.actor) return me.name;
    if (actor === 'local') return t.account.local;
    if (actor === 'password') return t.account.password;
    if (actor.startsWith('key:')) return t.account.key;
    return this.#names.get(actor) ?? actor.replace(/^user:/, '');
  }

  /** Asks once, where that is allowed. */
  ensure(): void {
    if (this.#asked || !me.admin) return;
    this.#asked = true;
    api.users().then(
      (users) => (this.#names = new Map(users.map(({ id, name }) => [`user:${id}`, name]))),
      () => (this.#asked = false),
    );
  }
}

export const actors = new Actors();

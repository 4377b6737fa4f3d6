import { api, ApiFault, door } from '$lib/api/client';
import type { AccessRole, SessionView } from '$lib/api/types';
import { t } from '$lib/messages';

/** Who is using this browser. */
class Me {
  session = $state.raw<SessionView | null>(null);
  /** The server knows nobody: the sign-in page is next. */
  signedOut = $state(false);

  readonly name = $derived(nameOf(this.session));
  /** May look after people and keys. */
  readonly admin = $derived(this.session?.scopes.includes('admin') ?? false);

  /** May look after the people of a project. */
  looksAfter(project: string): boolean {
    return this.session?.projects[project] === 'admin';
  }

  /** May change marks, rules and the like in a project. */
  mayWrite(project: string): boolean {
    const role = this.session?.projects[project];
    return (
      (this.session?.scopes.includes('write') ?? false) ||
      role === 'analyst' ||
      role === 'responder' ||
      role === 'admin'
    );
  }

  constructor() {
    door.onSignedOut = () => {
      this.session = null;
      door.csrf = null;
      this.signedOut = true;
    };
  }

  async load(): Promise<void> {
    try {
      this.is(await api.me());
    } catch (error) {
      // Where the server cannot be reached the banner says so, and the frame asks again.
      if (!(error instanceof ApiFault) || error.status !== 401) setTimeout(() => void this.load(), 3000);
    }
  }

  is(session: SessionView): void {
    this.session = session;
    door.csrf = session.csrf;
    this.signedOut = false;
  }

  async signOut(): Promise<void> {
    await api.signOut();
    door.onSignedOut();
  }
}

/** How whoever is here is called. */
export function nameOf(session: SessionView | null): string {
  if (session?.user) return session.user.name;
  if (session?.actor === 'password') return t.account.password;
  return session?.actor.startsWith('key:') ? t.account.key : t.account.local;
}

/** Somebody's roles in words. */
export function rolesOf(
  one: { role: AccessRole | null; projects: Record<string, AccessRole> },
  projectName: (id: string) => string,
): string {
  const single = Object.entries(one.projects).map(([id, role]) => t.people.in(t.roles[role], projectName(id)));
  const all = one.role ? [t.roles[one.role], ...single] : single;
  return all.length > 0 ? all.join(', ') : t.people.noRole;
}

export const me = new Me();

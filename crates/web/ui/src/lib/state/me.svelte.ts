import { api, ApiFault, door } from '$lib/api/client';
import type { AccessRole, Scope, SessionView } from '$lib/api/types';
import { t } from '$lib/messages';

/** What a role in one project may do there, as the server's table has it (`docs/reference/routes.md`). */
const MAY: Record<AccessRole, readonly Scope[]> = {
  aggregate: ['sums'],
  viewer: ['sums', 'read'],
  analyst: ['sums', 'read', 'write', 'push', 'open', 'export'],
  responder: ['sums', 'read', 'write', 'push', 'open', 'export', 'reveal'],
  privacy: ['sums', 'read', 'open', 'reveal', 'privacy'],
  admin: ['sums', 'read', 'write', 'push', 'open', 'export', 'reveal', 'privacy', 'admin'],
};

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

  /** May do something in a project; without one, over the whole installation. What cannot be done is not offered. */
  may(scope: Scope, project?: string): boolean {
    if (this.session?.scopes.includes(scope)) return true;
    const role = project === undefined ? undefined : this.session?.projects[project];
    return role !== undefined && MAY[role].includes(scope);
  }

  /** May change marks, rules and the like in a project. */
  mayWrite(project: string): boolean {
    return this.may('write', project);
  }

  /** The role in a project, in words. */
  roleIn(project: string): string {
    const role = this.session?.projects[project] ?? this.session?.role;
    return role ? t.roles[role] : t.people.noRole;
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

import type { ApiKey, SessionView, Share, User } from '../../src/lib/api/types.ts';

/** People, keys and share links of the made-up installation; asked by its one user. */
export class People {
  #made = 0;
  #users: User[] = [
    this.#user('Ana Torres', 'ana@acme.example', {
      role: 'admin',
      has_password: true,
      signed_in_at: Date.now() - 600_000,
    }),
    this.#user('Bo Lind', 'bo@acme.example', { projects: { default: 'analyst' } }),
    this.#user('Cem Aydin', 'cem@acme.example', { role: 'privacy', has_password: true, disabled: true }),
  ];
  #keys: ApiKey[] = [this.#key('Board in the hall', 'aggregate')];
  #shares: Share[] = [];

  session(): SessionView {
    return {
      actor: 'local',
      user: null,
      role: 'admin',
      projects: {},
      scopes: ['sums', 'read', 'write', 'push', 'open', 'export', 'reveal', 'privacy', 'admin'],
      csrf: null,
      purposes: {},
      reveal_reason: null,
    };
  }

  /** `null` where the question is not about people. */
  answer(method: string, path: string, words: string): unknown {
    const input = (words === '' ? {} : JSON.parse(words)) as Record<string, never>;
    const [, kind, id] = /^\/(users|keys|shares)\/([^/]+)/.exec(path) ?? [];
    if (path === '/session') return this.session();
    if (path === '/sign-in' && method === 'GET') return { needed: false, password: false, single_sign_on: null };
    if (path === '/users') {
      if (method === 'GET') return this.#users;
      const user = this.#user(input['email'] ?? '', input['email'] ?? '', input);
      this.#users.push(user);
      return { user, invitation: this.#link(user.id) };
    }
    if (kind === 'users' && path.endsWith('/links')) return this.#link(id ?? '');
    if (kind === 'users') return Object.assign(this.#users.find((user) => user.id === id) ?? {}, input);
    if (path === '/keys') {
      if (method === 'GET') return this.#keys;
      const key = this.#key(input['name'] ?? '', input['role'] ?? 'viewer');
      this.#keys.push(key);
      return { key, token: `gsk_${'0'.repeat(64)}` };
    }
    if (kind === 'keys') {
      this.#keys = this.#keys.filter((key) => key.id !== id);
      return undefined;
    }
    if (path.endsWith('/shares')) {
      if (method === 'GET') return this.#shares;
      const share: Share = { ...this.#share(), ...input };
      this.#shares.push(share);
      return { share, token: 'gsv_0', url: `http://localhost/shared#gsv_${'0'.repeat(64)}` };
    }
    if (kind === 'shares') {
      this.#shares = this.#shares.filter((share) => share.id !== id);
      return undefined;
    }
    return null;
  }

  #user(name: string, email: string, more: Partial<User>): User {
    this.#made += 1;
    return {
      id: `u_${this.#made}`,
      email,
      name,
      disabled: false,
      has_password: false,
      single_sign_on: false,
      role: null,
      projects: {},
      created_at: Date.now(),
      signed_in_at: null,
      ...more,
    };
  }

  #key(name: string, role: ApiKey['role']): ApiKey {
    this.#made += 1;
    const now = Date.now();
    return {
      id: `k_${this.#made}`,
      name,
      role,
      scopes: [],
      project: null,
      created_at: now,
      expires_at: null,
      last_used_at: now - 90_000,
    };
  }

  #share(): Share {
    this.#made += 1;
    const now = Date.now();
    return {
      id: `v_${this.#made}`,
      name: '',
      project: 'default',
      level: 'aggregate',
      dashboard: null,
      filter: {} as Share['filter'],
      hours: 168,
      actor: 'local',
      created_at: now,
      expires_at: now + 30 * 86_400_000,
      last_used_at: null,
    };
  }

  #link(user: string) {
    const now = Date.now();
    return {
      link: { id: 'l_1', kind: 'invitation', user, created_at: now, expires_at: now + 7 * 86_400_000 },
      token: 'gsl_0',
      url: `http://localhost/sign-in#gsl_${'0'.repeat(64)}`,
    };
  }
}

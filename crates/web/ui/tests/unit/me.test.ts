import { describe, expect, it } from 'vitest';
import { People } from '../mock/people';

describe('the made-up people', () => {
  it('answer like the server: a user is added, invited and disabled', () => {
    const people = new People();
    const made = people.answer('POST', '/users', '{"email":"new@acme.example","role":"viewer"}') as {
      user: { id: string };
      invitation: { url: string };
    };
    expect(made.invitation.url).toContain('/sign-in#gsl_');
    people.answer('PUT', `/users/${made.user.id}`, '{"disabled":true}');
    const users = people.answer('GET', '/users', '') as { id: string; disabled: boolean }[];
    expect(users.find((user) => user.id === made.user.id)?.disabled).toBe(true);
  });

  it('say nothing of what is not about people', () => {
    expect(new People().answer('GET', '/status', '')).toBeNull();
  });
});

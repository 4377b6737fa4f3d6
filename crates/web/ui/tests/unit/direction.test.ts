import { describe, expect, it } from 'vitest';
import { directionOf } from '$lib/text/direction';

describe('the direction of a text', () => {
  it('is that of most of its letters, whoever is addressed first', () => {
    expect(directionOf('@somebody مرحبا كيف الحال')).toBe('rtl');
    expect(directionOf('#Acme كان يعرف عن ذلك https://acme.example/long/address/in/latin')).toBe('rtl');
    expect(directionOf('שלום Acme')).toBe('rtl');
    expect(directionOf('Acme opens in دبي')).toBe('ltr');
    expect(directionOf('すごい 100%')).toBe('ltr');
    expect(directionOf('!!! 12 🎉')).toBe('ltr');
  });
});

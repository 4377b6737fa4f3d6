import { theme } from '$lib/state/theme.svelte';
import { palette } from './palette';

/** Looks each property up once: a look makes the browser work out the styles of everything that has changed first. */
function once(look: (property: string) => string): (property: string) => string {
  const known = new Map<string, string>();
  return (property) => {
    const value = known.get(property) ?? look(property);
    known.set(property, value);
    return value;
  };
}

/** The custom properties of the theme in sight, for what is drawn again and again. */
class Colours {
  readonly of = $derived.by(() => {
    void theme.dark;
    return once(palette());
  });
}

export const colours = new Colours();

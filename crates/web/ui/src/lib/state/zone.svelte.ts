/** The zones to choose from; a link may name any other, such as `America/New_York`. */
export const ZONES = ['own', 'UTC'] as const;

const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Whether a name is one of a time zone. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The time zone that everything is shown and asked in. The address names it; else it is the viewer's own. */
class Zone {
  choice = $state('own');
  readonly name = $derived(this.choice === 'own' ? own : this.choice);

  /** Takes over what the address says. */
  use(name: string | undefined): void {
    const choice = name === undefined || name === own ? 'own' : name;
    if (choice !== this.choice) this.choice = choice;
  }
}

export const zone = new Zone();

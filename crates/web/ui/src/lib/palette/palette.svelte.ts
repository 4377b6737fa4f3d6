/** Whether the palette, or the help on keys, is open. */
class Palette {
  open = $state(false);
  help = $state(false);
  /** How the key that opens it is written here. */
  readonly key = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘K' : 'Ctrl K';

  show(): void {
    this.help = false;
    this.open = true;
  }

  keys(): void {
    this.open = false;
    this.help = true;
  }
}

export const palette = new Palette();

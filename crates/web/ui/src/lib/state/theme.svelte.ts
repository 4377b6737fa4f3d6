export type Theme = 'system' | 'light' | 'dark';

const KEY = 'groundswell.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function remembered(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** Light or dark: the system's choice, or the reader's where one was made. */
class ThemeState {
  choice = $state<Theme>(remembered());
  #systemDark = $state(system.matches);
  readonly dark = $derived(this.choice === 'dark' || (this.choice === 'system' && this.#systemDark));

  constructor() {
    system.addEventListener('change', (event) => (this.#systemDark = event.matches));
  }

  set(choice: Theme): void {
    this.choice = choice;
    if (choice === 'system') {
      localStorage.removeItem(KEY);
      delete document.documentElement.dataset['theme'];
    } else {
      localStorage.setItem(KEY, choice);
      document.documentElement.dataset['theme'] = choice;
    }
  }
}

export const theme = new ThemeState();

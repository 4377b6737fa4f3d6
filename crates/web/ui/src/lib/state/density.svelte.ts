export type Density = 'comfortable' | 'compact';

const KEY = 'groundswell.density';

/** How much room things take: the reader's choice, kept in the browser. */
class DensityState {
  choice = $state<Density>(localStorage.getItem(KEY) === 'compact' ? 'compact' : 'comfortable');

  constructor() {
    this.#mark();
  }

  set(choice: Density): void {
    this.choice = choice;
    localStorage.setItem(KEY, choice);
    this.#mark();
  }

  #mark(): void {
    document.documentElement.dataset['density'] = this.choice;
  }
}

export const density = new DensityState();

/** What waits to be shown, each part of a page once, in the order in which it came. */
const waiting = new Map<Turn, () => void>();
let asked = false;

/**
 * The turn of one part of a page to show what came in by itself. Each frame is one part's: shown at once, everything that a
 * commit of the live stream moves would hold up the pointer and the keyboard. What nobody sees holds up nothing, and frames
 * do not come to a page out of sight: there it is done at once.
 */
export class Turn {
  /** Does `work` when it is this part's turn, instead of what still waits for it. */
  take(work: () => void): void {
    waiting.set(this, work);
    if (document.hidden) [...waiting.keys()].forEach(begin);
    else ask();
  }
}

function begin(turn: Turn): void {
  const work = waiting.get(turn);
  waiting.delete(turn);
  work?.();
}

function ask(): void {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    const [next] = waiting.keys();
    if (next === undefined) return;
    begin(next);
    if (waiting.size > 0) ask();
  });
}

/** The time under the pointer, shared by all charts of a page: one crosshair for all of them. */
export class Hover {
  time = $state<number | null>(null);
}

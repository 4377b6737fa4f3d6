import { MediaQuery } from 'svelte/reactivity';

/** Whether there is room for a pane beside a list; the same width as `.beside` in `app.css`. */
export const wide = new MediaQuery('(min-width: 1240px)');

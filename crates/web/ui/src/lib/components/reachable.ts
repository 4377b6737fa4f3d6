import type { Attachment } from 'svelte/attachments';

/** Lets the keyboard into a box while it scrolls, and not stop at it while it does not. */
export const reachable: Attachment<HTMLElement> = (box) => {
  const look = () => {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  };
  const watcher = new ResizeObserver(look);
  watcher.observe(box);
  for (const child of box.children) watcher.observe(child);
  return () => watcher.disconnect();
};

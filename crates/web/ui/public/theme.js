// Before the first paint, so that a remembered dark page does not flash white. A file of its own: the page allows no inline script.
try {
  const theme = localStorage.getItem('groundswell.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's choice then holds.
}

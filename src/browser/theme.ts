// Sets the chosen theme before anything is drawn, so that a dark page never flashes white. A file of its own because it must not wait for the
// rest and no script may stand in the page itself. The switch is theme-switch.tsx.
try {
  const chosen = localStorage.getItem('emberloom.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
} catch {
  // Storage is closed to this page: the system's preference holds.
}

// The switch between light, dark and the system's preference. Kept in the browser's storage; theme.ts sets it before anything is drawn.
import { useState } from 'preact/hooks';

const NAMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof NAMES)[number];
const SIGNS: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' };
const themeListeners = new Set<() => void>();

const chosen = (): Theme => (document.documentElement.dataset['theme'] as Theme | undefined) ?? 'auto';

export function nextTheme(): void {
  const next = NAMES[(NAMES.indexOf(chosen()) + 1) % NAMES.length] ?? 'auto';
  if (next === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem('emberloom.theme', next);
  } catch {
    // Storage is closed: it holds until the page is closed.
  }
  for (const tell of themeListeners) tell();
}

/** For drawings on a canvas, whose colours don't follow the style sheet by themselves. */
export function onTheme(hear: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  themeListeners.add(hear);
  query.addEventListener('change', hear);
  return () => {
    themeListeners.delete(hear);
    query.removeEventListener('change', hear);
  };
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosen());
  return (
    <button
      type="button"
      class="icon-button theme"
      title={`Theme: ${theme}`}
      aria-label={`theme: ${theme}; change`}
      onClick={() => {
        nextTheme();
        setTheme(chosen());
      }}
    >
      {SIGNS[theme]}
    </button>
  );
}

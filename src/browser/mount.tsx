// Puts an application of pages into index.html's place for it.
import { type ComponentChild, render } from 'preact';
import { Router } from './router.tsx';

export function mount(page: ComponentChild): void {
  const at = document.getElementById('app');
  if (!at) return;
  // Relative to the page that was loaded; it must not be looked for below the next one.
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=icon]')) link.setAttribute('href', link.href);
  at.replaceChildren();
  render(<Router>{page}</Router>, at);
}

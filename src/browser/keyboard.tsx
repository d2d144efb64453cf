// The keyboard: `/` searches, j and k walk the rows, Enter opens, `g` and a letter goes to a tab, `?` tells. Nothing is taken from a field that
// is being typed in.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useUrl } from './router.tsx';
import { nextTheme } from './theme-switch.tsx';

export type TabKey = { readonly href: string; readonly name: string };
const isTyping = (at: EventTarget | null): boolean =>
  at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.closest('dialog') !== null);

function walk(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement?.closest<HTMLElement>('[data-row]') as HTMLElement);
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** What Enter opens: the row's link, or what unfolds it. */
const rowTarget = (row: HTMLElement): HTMLElement | null => row.querySelector('a') ?? row.querySelector('button');

/** @param tabs by the letter after `g` */
export function Keyboard({ tabs }: { tabs: Readonly<Record<string, TabKey>> }) {
  const { go } = useUrl();
  const [help, setHelp] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const afterG = useRef(false);
  useEffect(() => {
    const press = (e: KeyboardEvent): void => {
      if (e.key === 'Escape' && isTyping(e.target)) (e.target as HTMLElement).blur();
      if (e.ctrlKey || e.metaKey || e.altKey || isTyping(e.target)) return;
      const wasG = afterG.current;
      afterG.current = false;
      const tab = wasG ? tabs[e.key] : undefined;
      if (tab) go(tab.href);
      else if (e.key === 'g') afterG.current = true;
      else if (e.key === 'j') walk(1);
      else if (e.key === 'k') walk(-1);
      else if (e.key === 't') nextTheme();
      else if (e.key === '?') setHelp(true);
      else if (e.key === '/') document.querySelector<HTMLInputElement>('input[type=search]')?.focus();
      else if (e.key === 'Enter' && (e.target as HTMLElement).matches?.('[data-row]')) rowTarget(e.target as HTMLElement)?.click();
      else return;
      e.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [tabs, go]);
  useEffect(() => {
    if (help) dialog.current?.showModal();
  }, [help]);
  const keys: readonly (readonly [string, string])[] = [
    ['/', 'search'],
    ['j k', 'next, previous row'],
    ['Enter', 'open the row'],
    ...Object.entries(tabs).map(([key, { name }]) => [`g ${key}`, name] as const),
    ['+ − ← →', 'in a timeline: zoom and move'],
    ['t', 'light, dark, as the system'],
    ['Esc', 'leave a field or dialog'],
  ];
  return (
    <>
      <button type="button" class="icon-button" aria-label="keyboard shortcuts" title="Keyboard (?)" onClick={() => setHelp(true)}>
        ?
      </button>
      {help && (
        <dialog ref={dialog} class="ask" onClose={() => setHelp(false)} aria-labelledby="keys-title">
          <h2 id="keys-title">Keyboard</h2>
          <dl class="keys">
            {keys.map(([key, what]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <div class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
        </dialog>
      )}
    </>
  );
}

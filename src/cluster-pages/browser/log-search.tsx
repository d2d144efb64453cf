// Searches a whole log file at the server, line by line; a click on a line goes there. What is searched for stands in the address.
import { useEffect, useState } from 'preact/hooks';
import { bytes, plural } from '../../browser/format.ts';
import { useSetParams, useUrl } from '../../browser/router.tsx';
import { ask } from '../../browser/use-data.ts';
import type { LogMatch, LogMatches } from '../model/node-page.ts';
import { asUser } from './user-name.ts';

type Found = { readonly matches: readonly LogMatch[]; readonly next: number | undefined; readonly error: string | undefined };

export function LogSearch({ base, name, onPick }: { base: string; name: string; onPick: (offset: number) => void }) {
  const { params } = useUrl();
  const set = useSetParams();
  const asked = params.get('q') ?? '';
  const [text, setText] = useState(asked);
  const [found, setFound] = useState<Found>();
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (text === asked) return undefined;
    const timer = setTimeout(() => set({ q: text }), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const look = async (from: number, before: readonly LogMatch[]): Promise<Found> => {
    try {
      const url = `${base}/search?file=${encodeURIComponent(name)}&text=${encodeURIComponent(asked)}&from=${from}`;
      const { matches, next } = JSON.parse(await ask(asUser(url))) as LogMatches;
      return { matches: [...before, ...matches], next, error: undefined };
    } catch (e) {
      return { matches: before, next: undefined, error: (e as Error).message };
    }
  };
  useEffect(() => {
    let over = false;
    setFound(undefined);
    if (asked !== '') void look(0, []).then((f) => over || setFound(f));
    return () => {
      over = true;
    };
  }, [asked, base, name]);
  return (
    <div class="log-search">
      <input
        type="search"
        class="search"
        placeholder="Search the whole file"
        aria-label="search the whole file"
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
      />
      {found && (
        <details open={found.matches.length > 0}>
          <summary>
            {found.error ?? `${plural(found.matches.length, 'line')}${found.next === undefined ? '' : ' and perhaps more'} with “${asked}”`}
          </summary>
          <ol class="log-matches">
            {found.matches.map((m) => (
              <li key={m.offset}>
                <button type="button" onClick={() => onPick(m.offset)} title={`at ${bytes(m.offset)}`}>
                  {m.line}
                </button>
              </li>
            ))}
          </ol>
          {found.next !== undefined && (
            <button type="button" onClick={() => void look(found.next ?? 0, found.matches).then(setFound)}>
              Search on
            </button>
          )}
        </details>
      )}
    </div>
  );
}

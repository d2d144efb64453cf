// Data of the server for a component: fetched when the address changes and again with each pulse (live.ts), never two at once for one component.
// What has arrived stays on the page while newer data is on its way. Which address, the pages know.
import { useEffect, useRef, useState } from 'preact/hooks';
import { onChange } from './live.ts';

export type Loaded<T> = {
  readonly data: T | undefined;
  /** Why there is none, or none newer. */
  readonly error: string | undefined;
  readonly status: number;
  readonly loading: boolean;
};

export class ServerError extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

export async function ask(url: string, signal?: AbortSignal): Promise<string> {
  const answer = await fetch(url, { ...(signal && { signal }), headers: { accept: 'application/json, text/plain;q=0.9' } });
  const text = await answer.text();
  if (!answer.ok)
    throw new ServerError(answer.status, text.length > 0 && text.length < 500 && !text.startsWith('<') ? text : answer.statusText);
  return text;
}

/** A busy driver is asked at most a fifth of the time. */
const REST_FACTOR = 4;
/** The history server says 503 while it still reads a log. */
const UNREADY_MS = 2_000;
const parse = (text: string): unknown => JSON.parse(text);

/**
 * @param url  undefined: ask nothing yet
 * @param live ask again with every pulse, with those of one topic, or never
 */
export function useData<T>(
  url: string | undefined,
  read: (text: string) => T = parse as (text: string) => T,
  live: boolean | string = true,
): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { readonly of: string | undefined }>({
    data: undefined,
    error: undefined,
    status: 0,
    loading: true,
    of: undefined,
  });
  const last = useRef<{ text: string | undefined; url: string | undefined }>({ text: undefined, url: undefined });
  useEffect(() => {
    if (url === undefined) return undefined;
    let ended = false;
    let busy = false;
    let again = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = new AbortController();
    const load = async (): Promise<void> => {
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      let unready = false;
      const begun = performance.now();
      try {
        const text = await ask(url, stop.signal);
        if (ended) return;
        if (text !== last.current.text || url !== last.current.url) {
          last.current = { text, url };
          setLoaded({ data: read(text), error: undefined, status: 200, loading: false, of: url });
        } else
          setLoaded((old) => (old.error === undefined && !old.loading ? old : { ...old, error: undefined, status: 200, loading: false }));
      } catch (e) {
        if (ended) return;
        const status = e instanceof ServerError ? e.status : 0;
        unready = status === 503;
        const error = status === 0 ? 'The server does not answer. What you see is the last that was heard.' : (e as Error).message;
        // An answer that says "not there" replaces what was there; silence does not.
        setLoaded((old) => ({ data: status === 0 && old.of === url ? old.data : undefined, error, status, loading: false, of: url }));
        last.current = { text: undefined, url: undefined };
      }
      busy = false;
      if (ended) return;
      if (unready) {
        timer = setTimeout(load, UNREADY_MS);
        return;
      }
      if (!again) return;
      again = false;
      timer = setTimeout(load, (performance.now() - begun) * REST_FACTOR);
    };
    void load();
    const deaf = live === false ? undefined : onChange(() => void load(), live === true ? undefined : live);
    return () => {
      ended = true;
      stop.abort();
      clearTimeout(timer);
      deaf?.();
    };
  }, [url]);
  // Another page of the same table keeps the old rows until the new ones come; another thing does not show this one's data.
  const same = loaded.of !== undefined && url !== undefined && loaded.of.split('?')[0] === url.split('?')[0];
  return same ? loaded : { data: undefined, error: undefined, status: 0, loading: true };
}

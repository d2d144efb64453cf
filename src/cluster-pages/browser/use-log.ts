// A log file's text in the page: which part of it is here, more of it before and after, and what grows at its end while its container runs. At most
// MOST_CHARS are kept, so a page that follows for days does not grow for days.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../../browser/use-data.ts';
import type { LogPart } from '../model/node-page.ts';
import { asUser } from './user-name.ts';

const PART_BYTES = 128 * 1024;
const MOST_CHARS = 4 * 1024 * 1024;
const FOLLOW_MS = 1_000;
/** Shown before the line that was looked for. */
const BEFORE_BYTES = 4 * 1024;

export type LogView = {
  readonly text: string;
  /** Bytes of the file: `text` is `from` … `end`. */
  readonly from: number;
  readonly end: number;
  readonly sizeBytes: number;
  readonly running: boolean;
  readonly loading: boolean;
  readonly error: string | undefined;
  readonly follows: boolean;
  readonly earlier: () => void;
  readonly later: () => void;
};
type Held = Omit<LogView, 'follows' | 'earlier' | 'later'>;
const EMPTY: Held = { text: '', from: 0, end: 0, sizeBytes: 0, running: false, loading: true, error: undefined };

/** @param at byte to begin near; undefined: the end */
export function useLog(base: string, name: string, at: number | undefined, follow: boolean): LogView {
  const [held, setHeld] = useState<Held>(EMPTY);
  const now = useRef(held);
  now.current = held;
  const busy = useRef(false);
  const read = async (offset: number, length: number): Promise<LogPart> =>
    JSON.parse(await ask(asUser(`${base}/part?file=${encodeURIComponent(name)}&offset=${offset}&length=${length}`))) as LogPart;
  const once = async (what: () => Promise<Held>): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    try {
      setHeld(await what());
    } catch (e) {
      setHeld({ ...now.current, loading: false, error: (e as Error).message });
    }
    busy.current = false;
  };
  const whole = (part: LogPart): Held => ({
    text: part.text,
    from: part.offset,
    end: part.end,
    sizeBytes: part.sizeBytes,
    running: part.running,
    loading: false,
    error: undefined,
  });
  useEffect(() => {
    const from = at === undefined ? -PART_BYTES : Math.max(0, at - BEFORE_BYTES);
    void once(async () => whole(await read(from, PART_BYTES)));
  }, [base, name, at]);
  useEffect(() => {
    if (!follow || at !== undefined) return undefined;
    const timer = setInterval(() => {
      if (document.hidden || now.current.loading || (!now.current.running && now.current.end >= now.current.sizeBytes)) return;
      void once(async () => appended(now.current, await read(now.current.end, PART_BYTES)));
    }, FOLLOW_MS);
    return () => clearInterval(timer);
  }, [base, name, at, follow]);
  const earlier = (): void =>
    void once(async () => {
      const { from, text } = now.current;
      const start = Math.max(0, from - PART_BYTES);
      const part = await read(start, from - start);
      return { ...now.current, text: part.text + text, from: part.offset };
    });
  const later = (): void => void once(async () => appended(now.current, await read(now.current.end, PART_BYTES)));
  return { ...held, follows: follow, earlier, later };
}

/** A file that has become shorter was begun anew: what was read before is no part of it. */
function appended(held: Held, part: LogPart): Held {
  const { sizeBytes, running } = part;
  if (sizeBytes < held.end) return { ...EMPTY, text: part.text, from: part.offset, end: part.end, sizeBytes, running, loading: false };
  const text = held.text + part.text;
  const cut = Math.max(0, text.length - MOST_CHARS);
  const kept = cut === 0 ? text : text.slice(text.indexOf('\n', cut) + 1);
  const gone = cut === 0 ? 0 : new TextEncoder().encode(text.slice(0, text.length - kept.length)).length;
  return { ...held, text: kept, from: held.from + gone, end: part.end, sizeBytes, running, error: undefined };
}

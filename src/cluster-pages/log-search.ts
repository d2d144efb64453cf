// Searches a log file for lines that have a text, part by part, however large it is. Upper and lower case are alike. Bounded in what one request may
// read; the answer says where to go on.
import type { LogMatch, LogMatches } from './model/node-page.ts';

export type ReadPart = (offset: number) => Promise<{ readonly bytes: Buffer; readonly sizeBytes: number }>;
const MOST_MATCHES = 200;
const MOST_BYTES = 64 * 1024 * 1024;
/** Of a line, in the answer. */
const SHOWN_BYTES = 400;
/** A longer line is searched in pieces: what lies across two of them is not found. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 0x0a;

export async function searchLog(read: ReadPart, text: string, from: number): Promise<LogMatches> {
  const word = longestAscii(text.toLowerCase());
  if (text === '') return { matches: [], next: undefined };
  const matches: LogMatch[] = [];
  let rest = Buffer.alloc(0);
  let at = from; // of `rest` in the file
  for (let offset = from; ; ) {
    const { bytes, sizeBytes } = await read(offset);
    offset += bytes.length;
    const isLast = bytes.length === 0 || offset >= sizeBytes;
    const all = Buffer.concat([rest, bytes]);
    const lineEnd = all.lastIndexOf(NEWLINE) + 1;
    const whole = isLast || all.length - lineEnd > LONGEST_LINE ? all.length : lineEnd;
    const stoppedAt = linesWith(all.subarray(0, whole), at, { word, text: text.toLowerCase() }, matches);
    if (stoppedAt !== undefined) return { matches, next: stoppedAt };
    rest = all.subarray(whole);
    at += whole;
    if (isLast) return { matches, next: undefined };
    if (offset - from >= MOST_BYTES) return { matches, next: at };
  }
}

/** What is looked for in bytes, where the case of other letters is more than a byte's; '' when there is none: then every line is read. */
const longestAscii = (text: string): string => (text.match(/[\x20-\x7e]+/g) ?? []).sort((a, b) => b.length - a.length)[0] ?? '';

type Wanted = { readonly word: string; readonly text: string };

/** One letter of latin1 is one byte, so places in the text are places in the file. @returns where to go on when there are enough */
function linesWith(lines: Buffer, at: number, { word, text }: Wanted, matches: LogMatch[]): number | undefined {
  const low = lines.toString('latin1').toLowerCase();
  for (let found = low.indexOf(word); found >= 0; ) {
    const start = found === 0 ? 0 : low.lastIndexOf('\n', found - 1) + 1;
    const newline = low.indexOf('\n', found);
    const end = newline < 0 ? lines.length : newline;
    const line = lines.toString('utf8', start, end);
    if (line.toLowerCase().includes(text)) {
      if (matches.length >= MOST_MATCHES) return at + start;
      matches.push({
        offset: at + start,
        line: line.slice(Math.max(0, line.toLowerCase().indexOf(text) - SHOWN_BYTES / 2)).slice(0, SHOWN_BYTES),
      });
    }
    if (newline < 0) return undefined;
    found = low.indexOf(word, newline + 1);
  }
  return undefined;
}

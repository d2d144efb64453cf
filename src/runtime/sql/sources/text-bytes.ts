// What the bytes of a text file have that the kernel's readers do not take as Spark does: told by one look through it, a few megabytes at a time
// (2 GB a second), and remembered while the file is as it was.
import { isAscii, isUtf8 } from 'node:buffer';
import { openFile } from './file-systems/find-file-system.ts';
import type { ListedFile } from './list-files.ts';
import { SHORT_LINE_BYTES } from './plain-lines.ts';
import { fileKey } from '../logical/scan-file.ts';

export type TextBytes = {
  /** Bytes that are no UTF-8: Spark puts U+FFFD in their place. */
  readonly isUtf8: boolean;
  readonly isAscii: boolean;
  readonly hasNuls: boolean;
  /** SHORT_LINE_BYTES at most. */
  readonly hasShortLines: boolean;
  /** An end of a line that is a carriage return alone: of old Macs, and Spark's third. */
  readonly hasLoneReturns: boolean;
  /** A line of nothing or of blanks. */
  readonly hasBlankLines: boolean;
  /** Of the byte that was asked for. */
  readonly hasQuotes: boolean;
};

const known = new Map<string, TextBytes>();
const MOST = 10_000;
const READ_BYTES = 4 << 20;
const [LINE_FEED, RETURN] = [10, 13];
const BLANKS = ['\n\n', '\n\r\n', '\n ', '\n\t'];

/** @param quote one ASCII character, or none */
export async function textBytes(file: ListedFile, quote: string): Promise<TextBytes> {
  const key = `${fileKey(file)}\0${quote}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const told = await look(file, quote);
  if (known.size >= MOST) known.clear();
  known.set(key, told);
  return told;
}

async function look(of: ListedFile, quote: string): Promise<TextBytes> {
  const told = {
    isUtf8: true,
    isAscii: true,
    hasNuls: false,
    hasShortLines: true,
    hasLoneReturns: false,
    hasBlankLines: false,
    hasQuotes: false,
  };
  const file = await openFile(of);
  try {
    let buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, of.size + 1));
    let kept = 0;
    for (;;) {
      const bytesRead = await file.read(buffer, kept, buffer.length - kept);
      const isEnd = bytesRead === 0;
      const filled = buffer.subarray(0, kept + bytesRead);
      // Whole lines, so that no character is cut.
      const end = isEnd ? filled.length : filled.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) tell(filled.subarray(0, end), quote, told);
      if (isEnd) return told;
      kept = filled.length - end;
      if (kept === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      else buffer.copyWithin(0, end, filled.length);
    }
  } finally {
    await file.close();
  }
}

function tell(lines: Buffer, quote: string, told: { -readonly [K in keyof TextBytes]: TextBytes[K] }): void {
  told.isUtf8 &&= isUtf8(lines);
  told.isAscii &&= isAscii(lines);
  told.hasShortLines &&= areShort(lines);
  told.hasNuls ||= lines.includes(0);
  told.hasLoneReturns ||= hasLoneReturn(lines);
  told.hasBlankLines ||= lines[0]! <= 32 || BLANKS.some((text) => lines.includes(text));
  told.hasQuotes ||= quote !== '' && lines.includes(quote);
}

/** From end to end, as far as a line may go. */
function areShort(lines: Buffer): boolean {
  for (let at = 0; lines.length - at > SHORT_LINE_BYTES; ) {
    const end = lines.lastIndexOf(LINE_FEED, at + SHORT_LINE_BYTES);
    if (end < at) return false;
    at = end + 1;
  }
  return true;
}

function hasLoneReturn(lines: Buffer): boolean {
  for (let at = lines.indexOf(RETURN); at >= 0; at = lines.indexOf(RETURN, at + 1)) if (lines[at + 1] !== LINE_FEED) return true;
  return false;
}

// A part of a text file as a file: the lines that begin in a range of bytes, wherever they end. Each line is in one part, whatever the cuts.
// Source: Hadoop's LineRecordReader, which reads over the end of its split and leaves out what it begins in the middle of.
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { LinesOfFile } from '../../rdd/sql-fragment.ts';

const COPIED_BYTES = 4 << 20;
const SEARCHED_BYTES = 64 << 10;
const LINE_FEED = 10;

/** @param check is called between pieces, and throws when nobody wants the file any more */
export function copyLines({ path, first, end }: LinesOfFile, target: string, check: () => void): void {
  const from = openSync(path, 'r');
  try {
    const size = fstatSync(from).size;
    const [begin, stop] = [lineFrom(from, first, size), lineFrom(from, end, size)];
    const to = openSync(target, 'wx', 0o600);
    try {
      const buffer = Buffer.allocUnsafe(Math.min(COPIED_BYTES, Math.max(1, stop - begin)));
      for (let at = begin; at < stop; ) {
        check();
        const n = readSync(from, buffer, 0, Math.min(buffer.length, stop - at), at);
        if (n === 0) break; // it has become shorter meanwhile
        for (let written = 0; written < n; ) written += writeSync(to, buffer, written, n - written);
        at += n;
      }
    } finally {
      closeSync(to);
    }
  } finally {
    closeSync(from);
  }
}

/** Where the first line begins that begins at `at` or after it. */
function lineFrom(file: number, at: number, size: number): number {
  if (at <= 0) return 0;
  const buffer = Buffer.allocUnsafe(SEARCHED_BYTES);
  for (let position = at - 1; position < size; ) {
    const n = readSync(file, buffer, 0, buffer.length, position);
    if (n === 0) break;
    const found = buffer.subarray(0, n).indexOf(LINE_FEED);
    if (found >= 0) return position + found + 1;
    position += n;
  }
  return size;
}

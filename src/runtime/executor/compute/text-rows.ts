// The lines of a byte range of a text file. A range that does not start at 0 leaves out everything to the first line end, and every range reads
// on until it has the line that begins at or before its end: so a line that begins exactly at a border is the earlier range's, as in Hadoop.
// Line ends are \n, \r\n and \r; the text is UTF-8.
// Each line is decoded by itself: slices of one large string would keep the whole chunk alive for one kept word.
// Source: Hadoop's LineRecordReader and LineReader.
import { isAscii } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { AppError } from '../../../common/errors.ts';
import type { FileSplit } from '../../rdd/ops.ts';
import { decompressed } from './decompressed.ts';
import { CHUNK, CHUNK_BYTES, END, Rows } from './rows.ts';

const READ_BYTES = 256 * 1024;
const LF = 10;
const CR = 13;

/** Where bytes come from: a file from an offset, or a decompressor. @returns 0 at the end */
export type ReadBytes = (into: Buffer, at: number, room: number) => number;

type Slices = { latin1Slice(from: number, to: number): string; utf8Slice(from: number, to: number): string };

export class TextRows extends Rows {
  readonly #read: ReadBytes;
  readonly #close: () => void;
  readonly #check: () => void;
  readonly #onRead: (bytes: number, lines: number) => void;
  /** Bytes of the range that begin at #at; negative: the line there is the next range's. */
  #left: number;
  #buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  #at = 0;
  #filled = 0;
  #eof = false;
  #ascii = false;
  /** Next \n and \r at or after #at, or Infinity when there is none in the buffer; -1: not looked for. */
  #lf = -1;
  #cr = -1;

  constructor(split: FileSplit, check: () => void, onRead: (bytes: number, lines: number) => void) {
    super();
    this.#check = check;
    this.#onRead = onRead;
    const { path: file, start, length } = split;
    const source = length < 0 ? decompressed(file) : fileFrom(file, start);
    this.#read = source.read;
    this.#close = source.close;
    this.#left = length < 0 ? Number.POSITIVE_INFINITY : length;
    if (start > 0) this.#skipFirst();
    else this.#skipByteOrderMark();
  }

  #skipFirst(): void {
    const end = this.#lineEnd();
    if (end === undefined) this.#left = -1;
    else this.#advance(end.next);
  }

  #skipByteOrderMark(): void {
    this.#fill();
    if (this.#filled >= 3 && this.#buffer[0] === 0xef && this.#buffer[1] === 0xbb && this.#buffer[2] === 0xbf) {
      this.#advance(3);
      this.#left = Math.max(0, this.#left); // the first line is this range's, were the range one byte long
    }
  }

  override next(): number {
    this.#check();
    const rows = this.rows;
    let n = 0;
    let bytes = 0;
    while (n < CHUNK && this.#left >= 0 && bytes < CHUNK_BYTES) {
      const end = this.#lineEnd();
      if (end === undefined) {
        this.#left = -1;
        break;
      }
      const slices = this.#buffer as unknown as Slices;
      rows[n++] = this.#ascii ? slices.latin1Slice(this.#at, end.text) : slices.utf8Slice(this.#at, end.text);
      bytes += end.next - this.#at;
      this.#advance(end.next);
    }
    this.#onRead(0, n);
    if (n === 0) this.close();
    return n === 0 ? END : n;
  }

  /** A task that takes only some lines ends before the file does. */
  close(): void {
    this.#close();
  }

  #advance(to: number): void {
    this.#left -= to - this.#at;
    this.#at = to;
    if (this.#lf < to) this.#lf = -1;
    if (this.#cr < to) this.#cr = -1;
  }

  readonly #end = { text: 0, next: 0 };

  /** The end of the line at #at: of its text, and where the next begins; undefined when there is no more text. */
  #lineEnd(): { text: number; next: number } | undefined {
    const end = this.#end;
    for (;;) {
      if (this.#lf < 0) this.#lf = this.#find(LF);
      if (this.#cr < 0) this.#cr = this.#find(CR);
      if (this.#cr < this.#lf) {
        // A \r at the end of the buffer may be half of \r\n.
        if (this.#cr + 1 < this.#filled || this.#eof) {
          end.text = this.#cr;
          end.next = this.#cr + (this.#lf === this.#cr + 1 ? 2 : 1);
          return end;
        }
      } else if (this.#lf !== Number.POSITIVE_INFINITY) {
        end.text = this.#lf;
        end.next = this.#lf + 1;
        return end;
      }
      if (this.#eof) {
        if (this.#at >= this.#filled) return undefined;
        end.text = this.#filled;
        end.next = this.#filled;
        return end;
      }
      this.#fill();
    }
  }

  #find(byte: number): number {
    const i = this.#buffer.subarray(0, this.#filled).indexOf(byte, this.#at);
    return i < 0 ? Number.POSITIVE_INFINITY : i;
  }

  /** Moves the unfinished line to the front, makes room if it fills the buffer, reads more. */
  #fill(): void {
    const rest = this.#filled - this.#at;
    if (rest * 2 > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
      this.#buffer.copy(larger, 0, this.#at, this.#filled);
      this.#buffer = larger;
    } else {
      this.#buffer.copyWithin(0, this.#at, this.#filled);
    }
    this.#at = 0;
    this.#filled = rest;
    this.#lf = -1;
    this.#cr = -1;
    const n = this.#read(this.#buffer, rest, this.#buffer.length - rest);
    this.#onRead(n, 0);
    if (n === 0) this.#eof = true;
    this.#filled += n;
    this.#ascii = isAscii(this.#buffer.subarray(0, this.#filled));
  }
}

function fileFrom(file: string, start: number): { read: ReadBytes; close: () => void } {
  const fd = openInput(file);
  let position = start;
  let open = true;
  const read: ReadBytes = (into, at, room) => {
    const n = readSync(fd, into, at, room, position);
    position += n;
    return n;
  };
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  return { read, close };
}

export function openInput(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new AppError('PATH_NOT_FOUND', { path: file });
    throw error;
  }
}

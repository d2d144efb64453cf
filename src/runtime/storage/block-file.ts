// A partition as a file: its pieces one after another, then what is needed to read and to check them. Written under another name and renamed,
// so a file that is there is whole; read only after its checksums have been found right.
//
//   u32 magic | u32 flags (1: compressed) | pieces … | per piece: u32 bytes, u32 rows, u32 crc32 | u32 pieces | u32 crc32 of head and table | u32 magic
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { NewFile } from '../shuffle/local-file.ts';
import type { Piece } from './block-pieces.ts';

const MAGIC = 0x424b4d45;
const HEAD_BYTES = 8;
const ENTRY_BYTES = 12;
const TAIL_BYTES = 12;
const COMPRESSED = 1;

export class BlockFileWriter {
  readonly #file: NewFile;
  readonly #head: Buffer;
  readonly #table: number[] = [];
  rows = 0;

  /** @param suffix unique among all that may write this file at once. @throws AppError LOCAL_DISK, here and in every method */
  constructor(path: string, suffix: string, compressed: boolean) {
    this.#file = new NewFile(path, suffix);
    this.#head = Buffer.alloc(HEAD_BYTES);
    this.#head.writeUInt32LE(MAGIC, 0);
    this.#head.writeUInt32LE(compressed ? COMPRESSED : 0, 4);
    this.#file.write([this.#head]);
  }

  add({ bytes, rows }: Piece): void {
    this.#file.write([bytes]);
    this.#table.push(bytes.length, rows, crc32(bytes));
    this.rows += rows;
  }

  /** @returns bytes of the file */
  commit(): number {
    const tail = Buffer.alloc(this.#table.length * 4 + TAIL_BYTES);
    let at = 0;
    for (const value of this.#table) at = tail.writeUInt32LE(value, at);
    at = tail.writeUInt32LE(this.#table.length / 3, at);
    at = tail.writeUInt32LE(crc32(tail.subarray(0, at), crc32(this.#head)), at);
    tail.writeUInt32LE(MAGIC, at);
    this.#file.write([tail]);
    this.#file.commit();
    return this.#file.size;
  }

  discard(): void {
    this.#file.discard();
  }
}

/** Larger files are read twice, once for their checksums and then piece by piece, so that they need not fit into memory. */
const WHOLE_BYTES = 8 << 20;

export class BlockFile {
  readonly compressed: boolean;
  readonly pieces: number;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly #path: string;
  readonly #offsets: number[];
  readonly #rows: number[];
  readonly #held: Uint8Array[] | undefined;

  /** Looks at all of it. @throws Error when it is missing (ENOENT), cut off or changed; the message says which */
  constructor(path: string) {
    this.#path = path;
    const fd = openSync(path, 'r');
    try {
      const size = fstatSync(fd).size;
      if (size < HEAD_BYTES + TAIL_BYTES) throw new Error(`${path} is cut off: ${size} bytes`);
      const head = read(fd, path, 0, HEAD_BYTES);
      const tail = read(fd, path, size - TAIL_BYTES, TAIL_BYTES);
      if (head.readUInt32LE(0) !== MAGIC || tail.readUInt32LE(8) !== MAGIC) throw new Error(`${path} is no block file, or cut off`);
      const count = tail.readUInt32LE(0);
      const tableAt = size - TAIL_BYTES - count * ENTRY_BYTES;
      if (tableAt < HEAD_BYTES) throw new Error(`${path} is damaged: its table does not fit into it`);
      const table = read(fd, path, tableAt, count * ENTRY_BYTES + 4);
      if (crc32(table, crc32(head)) !== tail.readUInt32LE(4)) throw new Error(`${path} is damaged: the checksum of its table is wrong`);
      this.compressed = (head.readUInt32LE(4) & COMPRESSED) !== 0;
      this.pieces = count;
      this.sizeBytes = size;
      this.#offsets = [HEAD_BYTES];
      this.#rows = [];
      const hold = size <= WHOLE_BYTES ? ([] as Uint8Array[]) : undefined;
      for (let i = 0; i < count; i++) {
        const at = this.#offsets[i]!;
        const bytes = table.readUInt32LE(i * ENTRY_BYTES);
        if (at + bytes > tableAt) throw new Error(`${path} is damaged: piece ${i} does not fit into it`);
        const piece = read(fd, path, at, bytes);
        if (crc32(piece) !== table.readUInt32LE(i * ENTRY_BYTES + 8))
          throw new Error(`${path} is damaged: the checksum of piece ${i} is wrong`);
        hold?.push(piece);
        this.#rows.push(table.readUInt32LE(i * ENTRY_BYTES + 4));
        this.#offsets.push(at + bytes);
      }
      this.rows = this.#rows.reduce((a, b) => a + b, 0);
      this.#held = hold;
    } finally {
      closeSync(fd);
    }
  }

  piece(index: number): Piece {
    const rows = this.#rows[index]!;
    if (this.#held) return { bytes: this.#held[index]!, rows };
    const fd = openSync(this.#path, 'r');
    try {
      return { bytes: read(fd, this.#path, this.#offsets[index]!, this.#offsets[index + 1]! - this.#offsets[index]!), rows };
    } finally {
      closeSync(fd);
    }
  }
}

function read(fd: number, path: string, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length; ) {
    const n = readSync(fd, bytes, at, length - at, from + at);
    if (n === 0) throw new Error(`${path} ends at ${from + at}, ${from + length} expected`);
    at += n;
  }
  return bytes;
}

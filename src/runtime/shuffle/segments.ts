// Batches gathered by partition, in memory up to a budget, the rest in spill files: each spill is the partitions one after another. A partition
// reads back as its batches in the order they came. The map side makes the shuffle file of it, the reduce side uses it to spill by hash.
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import { encodeIndex } from './bucket-format.ts';
import { NewFile } from './local-file.ts';

/** Where spills may be written, and who is told. */
export type SpillPlace = {
  readonly newSpillPath: () => string;
  readonly budgetBytes: number;
  readonly onSpill: (bytes: number) => void;
  /** Runs when the task ends, however it ends: a reader that stops early leaves no file. */
  readonly atEnd: (discard: () => void) => void;
};

type Spill = { readonly file: string; readonly offsets: Float64Array };

export class Segments {
  readonly partitions: number;
  readonly #place: SpillPlace;
  readonly #batches: Buffer[][];
  readonly #spills: Spill[] = [];
  readonly #rows: Float64Array;
  readonly #bytes: Float64Array;
  readonly #checksums: Uint32Array;
  #heldBytes = 0;

  constructor(partitions: number, place: SpillPlace) {
    this.partitions = partitions;
    this.#place = place;
    this.#batches = Array.from({ length: partitions }, () => []);
    this.#rows = new Float64Array(partitions);
    this.#bytes = new Float64Array(partitions);
    this.#checksums = new Uint32Array(partitions);
    place.atEnd(() => this.discard());
  }

  get rows(): number {
    return this.#rows.reduce((a, b) => a + b, 0);
  }

  bytesOf(partition: number): number {
    return this.#bytes[partition]!;
  }

  append(partition: number, batch: Buffer, rows: number): void {
    this.#batches[partition]!.push(batch);
    this.#rows[partition]! += rows;
    this.#bytes[partition]! += batch.length;
    this.#checksums[partition] = crc32(batch, this.#checksums[partition]);
    this.#heldBytes += batch.length;
    if (this.#heldBytes > this.#place.budgetBytes) this.spill();
  }

  /** Writes what is held to a spill file. @throws AppError LOCAL_DISK */
  spill(): void {
    if (this.#heldBytes === 0) return;
    const file = new NewFile(this.#place.newSpillPath(), 'spill');
    const offsets = new Float64Array(this.partitions + 1);
    for (let p = 0; p < this.partitions; p++) {
      file.write(this.#batches[p]!);
      this.#batches[p] = [];
      offsets[p + 1] = file.size;
    }
    file.commit();
    this.#spills.push({ file: file.path, offsets });
    this.#place.onSpill(this.#heldBytes);
    this.#heldBytes = 0;
  }

  /** The batches of a partition, oldest first; spilled ones are read back piece by piece. */
  *read(partition: number): Generator<Buffer> {
    for (const { file, offsets } of this.#spills) yield* readPieces(file, offsets[partition]!, offsets[partition + 1]!);
    yield* this.#batches[partition]!;
  }

  /** Writes data and index file. @returns bytes per partition. @throws AppError LOCAL_DISK, leaving neither file */
  writeTo(file: string, suffix: string): Float64Array {
    const data = new NewFile(file, suffix);
    try {
      const offsets = new Float64Array(this.partitions + 1);
      for (let p = 0; p < this.partitions; p++) {
        for (const batch of this.read(p)) data.write([batch]);
        offsets[p + 1] = data.size;
      }
      const index = new NewFile(`${file}.index`, suffix);
      index.write([encodeIndex({ offsets, rows: this.#rows, checksums: this.#checksums })]);
      data.commit();
      index.commit();
    } catch (error) {
      data.discard();
      rmSync(file, { force: true });
      throw error;
    } finally {
      this.discard();
    }
    return this.#bytes;
  }

  /** Removes the spill files. */
  discard(): void {
    for (const { file } of this.#spills) rmSync(file, { force: true });
    this.#spills.length = 0;
  }
}

/** A range up to this long is read at once; a longer one takes this much memory while it is read. */
export const PIECE_BYTES = 1 << 20;

/** The whole batches in bytes [from, to) of a file, about PIECE_BYTES at a time. @throws AppError LOCAL_DISK, for damaged lengths too */
export function* readPieces(file: string, from: number, to: number): Generator<Buffer> {
  for (let at = from; at < to; ) {
    const window = readRange(file, at, Math.min(to, at + PIECE_BYTES));
    const whole = wholeBatches(window);
    const piece = whole > 0 ? window.subarray(0, whole) : readRange(file, at, Math.min(to, at + batchBytes(window, 0)));
    if (piece.length === 0 || wholeBatches(piece) !== piece.length)
      throw new AppError('LOCAL_DISK', { path: file, detail: `the batch at ${at} is damaged or cut off` });
    yield piece;
    at += piece.length;
  }
}

/** Length in its header; 0 when there is no such batch. */
const batchBytes = (bytes: Buffer, at: number) => {
  const size = at + 8 <= bytes.length ? bytes.readUInt32LE(at) : 0;
  return size >= 8 ? size : 0;
};

/** Where the last batch ends that is all in these bytes. */
function wholeBatches(bytes: Buffer): number {
  let at = 0;
  for (let size = batchBytes(bytes, at); size > 0 && at + size <= bytes.length; size = batchBytes(bytes, at)) at += size;
  return at;
}

/** What one read call may ask for. */
const LARGEST_READ = 1 << 30;

/** Bytes [from, to) of a file. @throws AppError LOCAL_DISK */
export function readRange(file: string, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(to - from);
  if (bytes.length === 0) return bytes;
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    let at = 0;
    while (at < bytes.length) {
      const n = readSync(fd, bytes, at, Math.min(LARGEST_READ, bytes.length - at), from + at);
      if (n === 0) throw new Error(`ends at ${from + at}, ${to} expected`);
      at += n;
    }
    return bytes;
  } catch (error) {
    throw new AppError('LOCAL_DISK', { path: file, detail: (error as Error).message }, { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

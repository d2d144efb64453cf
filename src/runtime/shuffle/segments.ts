// Batches gathered by partition, in memory up to a budget, the rest in spill files: each spill is the partitions one after another. A partition
// reads back as its batches in the order they came. The map side makes the shuffle file of it, the reduce side uses it to spill by hash.
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import { encodeIndex } from './bucket-format.ts';
import type { LocalDirs } from './local-dirs.ts';
import { NewFile } from './local-file.ts';
import { type ExecutionMemory, MemoryShare } from './memory-share.ts';
import type { Pack } from './packed-batches.ts';

/** Where spills may be written, and who is told. */
export type SpillPlace = {
  readonly dirs: LocalDirs;
  /** A name for a spill file that nobody else has. */
  readonly newName: () => string;
  readonly memory: ExecutionMemory;
  /** What each sort, table or buffer may hold before it asks for memory. */
  readonly firstBytes: number;
  /** What is on its way to disk anyway may hold this, outside of the heap. */
  readonly handedOnBytes: number;
  /** How batches are packed before they are written; undefined: as they are. */
  readonly pack: Pack | undefined;
  /** @param memoryBytes what is free again, about; @param diskBytes what was written for it */
  readonly onSpill: (memoryBytes: number, diskBytes: number) => void;
  /** Time spent on writing, ms. */
  readonly onWrite: (ms: number) => void;
  /** Runs when the task ends, however it ends: a reader that stops early leaves no file. */
  readonly atEnd: (discard: () => void) => void;
};

/** For segments whose owner accounts for the memory itself: they hold so much, outside of the heap, and write the rest. */
export const handedOn = (place: SpillPlace): SpillPlace => ({
  ...place,
  memory: { acquire: () => 0, release: () => {} },
  firstBytes: place.handedOnBytes,
  onSpill: (_, diskBytes) => place.onSpill(0, diskBytes),
});

type Spill = { readonly file: string; readonly offsets: Float64Array; readonly checksums: Uint32Array };

export class Segments {
  readonly partitions: number;
  readonly #place: SpillPlace;
  readonly #batches: Buffer[][];
  readonly #spills: Spill[] = [];
  readonly #rows: Float64Array;
  readonly #bytes: Float64Array;
  readonly #checksums: Uint32Array;
  readonly #share: MemoryShare;
  #heldBytes = 0;

  constructor(partitions: number, place: SpillPlace) {
    this.partitions = partitions;
    this.#place = place;
    this.#share = new MemoryShare(place.memory, place.firstBytes);
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

  append(partition: number, rowsBatch: Buffer, rows: number): void {
    const batch = this.#place.pack === undefined ? rowsBatch : this.#place.pack(rowsBatch);
    this.#batches[partition]!.push(batch);
    this.#rows[partition]! += rows;
    this.#bytes[partition]! += batch.length;
    this.#checksums[partition] = crc32(batch, this.#checksums[partition]);
    this.#heldBytes += batch.length;
    if (!this.#share.allows(this.#heldBytes)) this.spill();
  }

  /** Writes what is held to a spill file. @throws AppError LOCAL_DISK */
  spill(): void {
    if (this.#heldBytes === 0) return;
    const began = performance.now();
    const { dirs, newName, onSpill, onWrite } = this.#place;
    const spill = dirs.writing((dir) => this.#writeSpill(path.join(dir, newName())));
    for (let p = 0; p < this.partitions; p++) this.#batches[p] = [];
    this.#spills.push(spill);
    onWrite(performance.now() - began);
    onSpill(this.#heldBytes, this.#heldBytes);
    this.#heldBytes = 0;
    this.#share.giveBack();
  }

  #writeSpill(name: string): Spill {
    const file = new NewFile(name, 'spill');
    const offsets = new Float64Array(this.partitions + 1);
    const checksums = new Uint32Array(this.partitions);
    for (let p = 0; p < this.partitions; p++) {
      const batches = this.#batches[p]!;
      for (const batch of batches) checksums[p] = crc32(batch, checksums[p]);
      file.write(batches);
      offsets[p + 1] = file.size;
    }
    file.commit();
    return { file: file.path, offsets, checksums };
  }

  /** The batches of a partition, oldest first; spilled ones are read back piece by piece. */
  *read(partition: number, pieceBytes: number = PIECE_BYTES): Generator<Buffer> {
    for (const { file, offsets, checksums } of this.#spills) {
      let checksum = 0;
      for (const piece of readPieces(file, offsets[partition]!, offsets[partition + 1]!, pieceBytes)) {
        checksum = crc32(piece, checksum);
        yield piece;
      }
      if (checksum !== checksums[partition])
        throw new AppError('LOCAL_DISK', { path: file, detail: 'what was spilled there came back changed' });
    }
    yield* this.#batches[partition]!;
  }

  /** Writes data and index file. @returns bytes per partition. @throws AppError LOCAL_DISK, leaving neither file */
  writeTo(file: string, suffix: string): Float64Array {
    const began = performance.now();
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
    }
    this.#place.onWrite(performance.now() - began);
    this.discard();
    return this.#bytes;
  }

  /** Removes the spill files, and forgets what is held. */
  discard(): void {
    for (let p = 0; p < this.partitions; p++) this.#batches[p] = [];
    this.#heldBytes = 0;
    this.#share.giveBack();
    for (const { file } of this.#spills) rmSync(file, { force: true });
    this.#spills.length = 0;
  }
}

/** A range up to this long is read at once; a longer one takes this much memory while it is read. */
export const PIECE_BYTES = 1 << 20;

/** The whole batches in bytes [from, to) of a file, about pieceBytes at a time. @throws AppError LOCAL_DISK, for damaged lengths too */
export function* readPieces(file: string, from: number, to: number, pieceBytes = PIECE_BYTES): Generator<Buffer> {
  for (let at = from; at < to; ) {
    const window = readRange(file, at, Math.min(to, at + pieceBytes));
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

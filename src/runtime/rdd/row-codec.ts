// Rows ↔ bytes in batches: results on their way to the driver, parallelize slices on their way out, shuffle and spill files.
//
//   batch:  u32 bytes (all of it, a multiple of 8) | u32 rows | column (columns.ts)
//   packed: u32 bytes (all of it, a multiple of 8) | u32 rows, highest bit set | u32 bytes of the zstd frame | u32 0 | zstd frame of a batch
import { zstdDecompressSync } from 'node:zlib';
import { ByteWriter, type Column, columnRows, readColumn, writeColumn, writePairColumns } from './columns.ts';

const writer = new ByteWriter();

/** rows[from, to) as one batch in a buffer of its own. */
export function encodeRows(rows: ArrayLike<unknown>, from = 0, to: number = rows.length): Buffer {
  writer.reset();
  writer.take(8);
  writeColumn(writer, rows, from, to);
  return endBatch(to - from);
}

/** Pairs given as two columns. */
export function encodePairs(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, from: number, to: number): Buffer {
  writer.reset();
  writer.take(8);
  writePairColumns(writer, keys, values, from, to);
  return endBatch(to - from);
}

function endBatch(rows: number): Buffer {
  writer.pad();
  writer.bytes.writeUInt32LE(writer.at, 0);
  writer.bytes.writeUInt32LE(rows, 4);
  const batch = Buffer.allocUnsafeSlow(writer.at);
  writer.bytes.copy(batch, 0, 0, writer.at);
  return batch;
}

const PACKED = 0x80000000;
/** Bytes of a packed batch before its zstd frame. */
export const PACKED_HEAD = 16;

/** @param out the packed batch, of its final length */
export function writePackedHead(out: Buffer, batch: Buffer, frameBytes: number): void {
  out.writeUInt32LE(out.length, 0);
  out.writeUInt32LE((batch.readUInt32LE(4) | PACKED) >>> 0, 4);
  out.writeUInt32LE(frameBytes, 8);
  out.writeUInt32LE(0, 12);
}

export type Batch = { readonly rows: number; readonly column: Column };

/** Batch by batch; the columns are views of `bytes` where they can be. */
export function* readBatches(bytes: Uint8Array): Generator<Batch> {
  const buffer = aligned(bytes);
  let at = 0;
  while (at < buffer.length) {
    const size = buffer.readUInt32LE(at);
    const rows = buffer.readUInt32LE(at + 4);
    if (rows >= PACKED)
      yield* readBatches(zstdDecompressSync(buffer.subarray(at + PACKED_HEAD, at + PACKED_HEAD + buffer.readUInt32LE(at + 8))));
    else yield { rows, column: readColumn(buffer, at + 8, rows, { at: 0 }) };
    at += size;
  }
}

/** All rows of all batches. */
export function decodeRows(bytes: Uint8Array): unknown[] {
  let all: unknown[] | undefined;
  for (const { rows, column } of readBatches(bytes)) {
    const more = columnRows(column, rows);
    if (all === undefined) all = more as unknown[];
    else for (let i = 0; i < rows; i++) all.push(more[i]);
  }
  return all ?? [];
}

function aligned(bytes: Uint8Array): Buffer {
  if ((bytes.byteOffset & 7) === 0) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}

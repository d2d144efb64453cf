// The index beside a shuffle data file, as bytes: where each reduce partition lies, how many rows it has, and its checksum. Pure.
// The data file is the partitions' batches (rdd/row-codec.ts) one after another.
//
//   u32 magic | u32 partitions P | (P + 1) × f64 offset | P × f64 rows | P × u32 crc32 | u32 crc32 of all before
import { crc32 } from 'node:zlib';

const MAGIC = 0x314d4245;

export type BucketIndex = {
  /** P + 1 byte offsets into the data file. */
  readonly offsets: Float64Array;
  readonly rows: Float64Array;
  readonly checksums: Uint32Array;
};

/** Of the index file. */
export const indexBytes = (partitions: number): number => 8 + (partitions + 1) * 8 + partitions * 12 + 4;

export function encodeIndex({ offsets, rows, checksums }: BucketIndex): Buffer {
  const partitions = rows.length;
  const bytes = Buffer.alloc(indexBytes(partitions));
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(partitions, 4);
  let at = 8;
  for (const offset of offsets) at = bytes.writeDoubleLE(offset, at);
  for (const count of rows) at = bytes.writeDoubleLE(count, at);
  for (const checksum of checksums) at = bytes.writeUInt32LE(checksum, at);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, at)), at);
  return bytes;
}

/** @returns undefined when these bytes are not an index, or a damaged one */
export function decodeIndex(bytes: Buffer): BucketIndex | undefined {
  if (bytes.length < 20 || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const partitions = bytes.readUInt32LE(4);
  const end = 8 + (partitions + 1) * 8 + partitions * 12;
  if (bytes.length !== end + 4 || crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) return undefined;
  const offsets = new Float64Array(partitions + 1);
  const rows = new Float64Array(partitions);
  const checksums = new Uint32Array(partitions);
  let at = 8;
  for (let p = 0; p <= partitions; p++, at += 8) offsets[p] = bytes.readDoubleLE(at);
  for (let p = 0; p < partitions; p++, at += 8) rows[p] = bytes.readDoubleLE(at);
  for (let p = 0; p < partitions; p++, at += 4) checksums[p] = bytes.readUInt32LE(at);
  return { offsets, rows, checksums };
}

// The index beside a merged shuffle file, as bytes: which map tasks' blocks were put behind one another, and where chunks end. The shuffle service
// of a NodeManager writes it (nodemanager/service/merge-file.ts), a record when a block is in the data file, so that it is the journal from which a
// service that was killed goes on; reduce tasks read it (runtime/shuffle/merged-blocks.ts). Source: the index and meta files of Spark's
// RemoteBlockPushResolver, in one.
//
//   a record: u32 map index | u32 crc32 of the block | f64 bytes of the block | u32 1 when a chunk ends here | u32 crc32 of all before
import { crc32 } from 'node:zlib';

export const RECORD_BYTES = 24;

export type MergedBlock = {
  readonly mapIndex: number;
  readonly checksum: number;
  readonly bytes: number;
  readonly endsChunk: boolean;
};

export function encodeMergedBlocks(blocks: readonly MergedBlock[]): Buffer {
  const out = Buffer.alloc(blocks.length * RECORD_BYTES);
  for (const [i, { mapIndex, checksum, bytes, endsChunk }] of blocks.entries()) {
    const at = i * RECORD_BYTES;
    out.writeUInt32LE(mapIndex, at);
    out.writeUInt32LE(checksum, at + 4);
    out.writeDoubleLE(bytes, at + 8);
    out.writeUInt32LE(endsChunk ? 1 : 0, at + 16);
    out.writeUInt32LE(crc32(out.subarray(at, at + 20)), at + 20);
  }
  return out;
}

/** The records up to the first that is torn or damaged. */
export function decodeMergedBlocks(bytes: Buffer): MergedBlock[] {
  const blocks: MergedBlock[] = [];
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    if (crc32(bytes.subarray(at, at + 20)) !== bytes.readUInt32LE(at + 20)) break;
    blocks.push({
      mapIndex: bytes.readUInt32LE(at),
      checksum: bytes.readUInt32LE(at + 4),
      bytes: bytes.readDoubleLE(at + 8),
      endsChunk: bytes.readUInt32LE(at + 16) === 1,
    });
  }
  return blocks;
}

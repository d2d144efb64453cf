// Blocks of LZ4 and of Snappy ⇄ their bytes, by lz4-napi and snappy (native, binaries in the packages: 5 to 12 times as fast as JavaScript, to unpack Snappy 1.5 times). Streams of
// blocks have framings of their own: history/service/spark-blocks.ts (Spark's event logs), hadoop-blocks.ts (files of Hadoop's codecs). Both packages
// are loaded when the first such block comes: they take 60 ms, and most programs never see one.
import { createRequire } from 'node:module';
import { checkedLength, damaged, damagedBlock } from '../../common/damaged-blocks.ts';

const load = createRequire(import.meta.url);
let loadedLz4: typeof import('lz4-napi') | undefined;
const lz4 = () => (loadedLz4 ??= load('lz4-napi') as typeof import('lz4-napi'));
let loadedSnappy: typeof import('snappy') | undefined;
const snappy = () => (loadedSnappy ??= load('snappy') as typeof import('snappy'));

/** lz4-napi puts the length before the block, as four bytes. */
const LENGTH = 4;

export const packLz4 = (bytes: Buffer): Buffer => lz4().compressSync(bytes).subarray(LENGTH);
/** Frames: blocks with a head and an end, as Arrow's buffers have them. */
export const packLz4Frame = (bytes: Buffer): Buffer => lz4().compressFrameSync(bytes);
/** @throws damaged */
export const unpackLz4Frame = (frame: Buffer): Buffer => orDamaged(() => lz4().decompressFrameSync(frame));
export const packSnappy = (bytes: Buffer): Buffer => snappy().compressSync(bytes);

/** @param size of its bytes @throws damaged */
export function unpackLz4(block: Buffer, size: number): Buffer {
  const whole = Buffer.allocUnsafe(LENGTH + block.length);
  whole.writeUInt32LE(size, 0);
  block.copy(whole, LENGTH);
  const bytes = orDamaged(() => lz4().uncompressSync(whole));
  return bytes.length === size ? bytes : damagedBlock('a block is shorter than it says');
}

/** @throws damaged */
export function unpackSnappy(block: Buffer): Buffer {
  let [size, at] = [0, 0];
  for (let byte = 128; byte >= 128; at++) {
    byte = block[at] ?? damagedBlock('a block ends too early');
    size += (byte & 127) * 2 ** (7 * at);
  }
  checkedLength(size); // before it is allocated
  return orDamaged(() => snappy().uncompressSync(block, { asBuffer: true }) as Buffer);
}

function orDamaged(unpack: () => Buffer): Buffer {
  try {
    return unpack();
  } catch (error) {
    throw damaged((error as Error).message);
  }
}

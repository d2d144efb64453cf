// What is said of packed blocks that are not what they should be, by all that unpack: platform/codecs/, unpack-bzip2.ts, history/service/spark-blocks.ts.

/** As the system's errors: whoever reads the file names it. */
export const damaged = (detail: string): Error => Object.assign(new Error(detail), { code: 'DAMAGED', errno: -1 });
export function damagedBlock(detail: string): never {
  throw damaged(detail);
}
/** Spark's largest is 32 MB; more than this is no length. */
const LONGEST_BLOCK = 64 << 20;
export const checkedLength = (length: number): number =>
  length >= 0 && length <= LONGEST_BLOCK ? length : damagedBlock(`a block of ${length} bytes`);

/** @param unpack whose reads past the end mean that the block is not whole */
export function unpacked(unpack: () => Buffer): Buffer {
  try {
    return unpack();
  } catch (error) {
    throw error instanceof RangeError ? damaged('a block ends too early') : error;
  }
}

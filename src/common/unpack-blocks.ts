// Blocks of LZ4 and of Snappy → their bytes. Streams of blocks have framings of their own: history/service/spark-blocks.ts (Spark's event logs),
// hadoop-blocks.ts (files of Hadoop's codecs). The other way: pack-blocks.ts. Source: the block formats of LZ4 and Snappy.

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

/** Output that is copied from itself: matches may overlap what they write. */
export class Output {
  readonly bytes: Buffer;
  at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  literal(from: Buffer, start: number, length: number): void {
    if (start + length > from.length || this.at + length > this.bytes.length) damagedBlock('a block is longer than it says');
    this.at += from.copy(this.bytes, this.at, start, start + length);
  }

  match(distance: number, length: number): void {
    if (distance === 0 || distance > this.at || this.at + length > this.bytes.length) damagedBlock('a block refers to what is not there');
    for (let i = 0; i < length; i++, this.at++) this.bytes[this.at] = this.bytes[this.at - distance]!;
  }

  done(): Buffer {
    return this.at === this.bytes.length ? this.bytes : damagedBlock('a block is shorter than it says');
  }
}

export function unpackLz4(from: Buffer, size: number): Buffer {
  const to = new Output(size);
  let at = 0;
  const long = (length: number): number => {
    if (length !== 15) return length;
    let sum = 15;
    for (let byte = 255; byte === 255; sum += byte) byte = from[at++] ?? damagedBlock('a block ends too early');
    return sum;
  };
  while (at < from.length) {
    const token = from[at++]!;
    const literals = long(token >>> 4);
    to.literal(from, at, literals);
    at += literals;
    if (at >= from.length) break; // the last sequence has no match
    const distance = from.readUInt16LE(at);
    at += 2;
    to.match(distance, long(token & 15) + 4);
  }
  return to.done();
}

export function unpackSnappy(from: Buffer): Buffer {
  let at = 0;
  let size = 0;
  for (let shift = 0, byte = 128; byte >= 128; shift += 7) {
    byte = from[at++] ?? damagedBlock('a block ends too early');
    size += (byte & 127) * 2 ** shift;
  }
  const to = new Output(checkedLength(size));
  while (at < from.length) {
    const tag = from[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let length = tag >>> 2;
      if (length >= 60) {
        const extra = length - 59;
        length = from.readUIntLE(at, extra);
        at += extra;
      }
      to.literal(from, at, length + 1);
      at += length + 1;
    } else if (kind === 1) to.match(((tag & 0xe0) << 3) | from.readUInt8(at++), ((tag >>> 2) & 7) + 4);
    else {
      const width = kind === 2 ? 2 : 4;
      to.match(from.readUIntLE(at, width), (tag >>> 2) + 1);
      at += width;
    }
  }
  return to.done();
}

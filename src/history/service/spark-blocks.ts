// Unpacks event logs that Spark compressed with lz4 (LZ4BlockOutputStream), snappy (SnappyOutputStream) or lzf (LZFOutputStream): blocks one after
// the other, each with its lengths. Reading only; ours are zstd. The blocks of LZ4 and Snappy: platform/codecs/blocks.ts; LibLZF's, which no kept
// package has, are unpacked here. Source: lz4-java, snappy-java, compress-lzf; the block format of LibLZF.
import { checkedLength as checked, damagedBlock as fail, unpacked } from '../../common/damaged-blocks.ts';
import { unpackLz4, unpackSnappy } from '../../platform/codecs/blocks.ts';
import type { Codec } from '../core/log-names.ts';

export type BlockCodec = Exclude<Codec, 'plain' | 'zstd'>;

const LZ4_MAGIC = 'LZ4Block';
const SNAPPY_HEADER = 16;
const SNAPPY_MAGIC = 0x82534e41;

/** @returns what a block is: where it ends and how its bytes become text; undefined: more bytes are needed @throws damaged */
type Framing = (bytes: Buffer) => { readonly end: number; readonly unpack: () => Buffer } | undefined;

const NOTHING = Buffer.alloc(0);

const FRAMINGS: Readonly<Record<BlockCodec, Framing>> = {
  lz4: (bytes) => {
    if (bytes.length < 21) return undefined;
    if (bytes.toString('latin1', 0, 8) !== LZ4_MAGIC) fail('no lz4 block where one should begin');
    const end = 21 + checked(bytes.readInt32LE(9));
    const size = checked(bytes.readInt32LE(13));
    const isRaw = (bytes[8]! & 0xf0) === 0x10;
    return bytes.length < end
      ? undefined
      : { end, unpack: () => (isRaw ? bytes.subarray(21, end) : unpackLz4(bytes.subarray(21, end), size)) };
  },
  snappy: (bytes) => {
    if (bytes.length < 4) return undefined;
    // Also where a stream was appended to another one.
    if (bytes.readUInt32BE(0) === SNAPPY_MAGIC)
      return bytes.length < SNAPPY_HEADER ? undefined : { end: SNAPPY_HEADER, unpack: () => NOTHING };
    const end = 4 + checked(bytes.readInt32BE(0));
    return bytes.length < end ? undefined : { end, unpack: () => unpackSnappy(bytes.subarray(4, end)) };
  },
  lzf: (bytes) => {
    if (bytes.length < 5) return undefined;
    if (bytes[0] !== 0x5a || bytes[1] !== 0x56 || bytes[2]! > 1) fail('no lzf block where one should begin');
    if (bytes[2] === 0) return raw(bytes);
    const end = 7 + bytes.readUInt16BE(3);
    return bytes.length < end ? undefined : { end, unpack: () => unpackLzf(bytes.subarray(7, end), bytes.readUInt16BE(5)) };
  },
};

function raw(bytes: Buffer): ReturnType<Framing> {
  const end = 5 + bytes.readUInt16BE(3);
  return bytes.length < end ? undefined : { end, unpack: () => bytes.subarray(5, end) };
}

/** At most one block is held. @throws damaged, as an error with errno; a last block that is not whole is left out, it is being written */
export async function* unpackedBlocks(chunks: AsyncIterable<Buffer>, codec: BlockCodec): AsyncGenerator<Buffer> {
  const framing = FRAMINGS[codec];
  let rest: Buffer = NOTHING;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      const block = framing(bytes.subarray(at));
      if (block === undefined) break;
      const text = unpacked(block.unpack);
      at += block.end;
      if (text.length > 0) yield text;
    }
    rest = bytes.subarray(at);
  }
}

function unpackLzf(from: Buffer, size: number): Buffer {
  const to = Buffer.allocUnsafe(size);
  let written = 0;
  for (let at = 0; at < from.length; ) {
    const control = from[at++]!;
    if (control < 32) {
      if (at + control >= from.length || written + control >= size) fail('a block is longer than it says');
      written += from.copy(to, written, at, at + control + 1);
      at += control + 1;
      continue;
    }
    const length = (control >>> 5 === 7 ? 7 + from.readUInt8(at++) : control >>> 5) + 2;
    const distance = (((control & 31) << 8) | from.readUInt8(at++)) + 1;
    if (distance > written || written + length > size) fail('a block refers to what is not there');
    // Byte by byte: a match may overlap what it writes.
    for (const end = written + length; written < end; written++) to[written] = to[written - distance]!;
  }
  return written === size ? to : fail('a block is shorter than it says');
}

// Files of Hadoop's codecs lz4 and snappy: blocks with the length of their bytes, each of one or more packed pieces with a length of their own.
// Source: BlockCompressorStream and BlockDecompressorStream of Hadoop.
import { checkedLength, damaged } from '../../common/damaged-blocks.ts';
import { packLz4, packSnappy, unpackLz4, unpackSnappy } from './blocks.ts';

export type HadoopCodec = 'lz4' | 'snappy';

/** Bytes of a block before packing: the codecs' buffer. */
const BLOCK_BYTES = 256 << 10;
const HEADER = 8;

/** @throws damaged, also where the file ends within a block */
export async function* unpackedHadoop(chunks: AsyncIterable<Buffer>, codec: HadoopCodec): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let block = takeBlock(rest, codec); block !== undefined; block = takeBlock(rest, codec)) {
      rest = rest.subarray(block.end);
      yield block.bytes;
    }
  }
  if (rest.length > 0) throw damaged('the file ends within a block');
}

/** @returns undefined: more bytes are needed */
function takeBlock(from: Buffer, codec: HadoopCodec): { readonly end: number; readonly bytes: Buffer } | undefined {
  if (from.length < 4) return undefined;
  const size = checkedLength(from.readInt32BE(0));
  const pieces: Buffer[] = [];
  let end = 4;
  for (let have = 0; have < size; have += pieces.at(-1)!.length) {
    if (from.length < end + 4) return undefined;
    const length = checkedLength(from.readInt32BE(end));
    if (from.length < end + 4 + length) return undefined;
    const packed = from.subarray(end + 4, end + 4 + length);
    pieces.push(codec === 'snappy' ? unpackSnappy(packed) : unpackLz4(packed, size - have));
    if (pieces.at(-1)!.length === 0) throw damaged('an empty piece of a block');
    end += 4 + length;
  }
  return { end, bytes: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) };
}

export async function* packedHadoop(chunks: AsyncIterable<Buffer>, codec: HadoopCodec): AsyncGenerator<Buffer> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
      const block = chunk.subarray(at, at + BLOCK_BYTES);
      const packed = codec === 'snappy' ? packSnappy(block) : packLz4(block);
      const header = Buffer.allocUnsafe(HEADER);
      header.writeInt32BE(block.length, 0);
      header.writeInt32BE(packed.length, 4);
      yield header;
      yield packed;
    }
}

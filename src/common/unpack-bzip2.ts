// bzip2: blocks that were sorted (Burrows-Wheeler), moved to front and coded by Huffman's trees, with a checksum each; files of several streams, too.
// The compressed bytes are in memory, of what is in them one block of at most 900 kB. 10 to 20 MB a second. Source: the format of bzip2 1.0.
// Of the packages that are kept, seek-bzip (16 MB a second where this has 10) gives its bytes one by one to a sink that can't wait, or all at once,
// and refuses randomised blocks, which Hadoop reads; the others are older, or WebAssembly that wants to know the size beforehand.
import { unrandomise } from './bzip2-randomised.ts';
import { damagedBlock } from './damaged-blocks.ts';

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
/** Symbols that one tree codes before the next selector. */
const GROUP = 50;
const LONGEST_CODE = 20;

export function* unpackedBzip2(bytes: Buffer): Generator<Buffer> {
  const bits = new Bits(bytes);
  while (!bits.isAtEnd()) {
    if (bits.read(8) !== 0x42 || bits.read(8) !== 0x5a || bits.read(8) !== 0x68) damagedBlock('no bzip2 stream where one should begin');
    const level = bits.read(8) - 0x30;
    if (level < 1 || level > 9) damagedBlock('no bzip2 stream where one should begin');
    for (;;) {
      const magic = bits.read(24) * 0x1000000 + bits.read(24);
      const crc = bits.read(16) * 0x10000 + bits.read(16);
      if (magic === END_MAGIC) break;
      if (magic !== BLOCK_MAGIC) damagedBlock('no bzip2 block where one should begin');
      const block = withoutRuns(unsorted(bits, level * 100_000));
      if (crc32(block) !== crc) damagedBlock('the checksum of a block is another');
      yield block;
    }
    bits.toByte();
  }
}

class Bits {
  readonly #bytes: Buffer;
  #at = 0;
  #have = 0;
  #word = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @param n 1 to 24 */
  read(n: number): number {
    while (this.#have < n) {
      if (this.#at >= this.#bytes.length) damagedBlock('the file ends within a block');
      this.#word = ((this.#word << 8) | this.#bytes[this.#at++]!) >>> 0;
      this.#have += 8;
    }
    this.#have -= n;
    const value = this.#word >>> this.#have;
    this.#word &= (1 << this.#have) - 1;
    return value;
  }

  toByte(): void {
    this.#have -= this.#have % 8;
    this.#word &= (1 << this.#have) - 1;
  }

  isAtEnd(): boolean {
    return this.#have === 0 && this.#at >= this.#bytes.length;
  }
}

/** Codes of one length are consecutive: the last of each, and what to take off a code to find its symbol. */
type Tree = { readonly limits: Int32Array; readonly offsets: Int32Array; readonly symbols: Uint16Array };

function treeOf(lengths: Uint8Array): Tree {
  const counts = new Int32Array(LONGEST_CODE + 2);
  for (const length of lengths) counts[length]!++;
  const symbols = new Uint16Array(lengths.length);
  const [limits, offsets] = [new Int32Array(LONGEST_CODE + 1).fill(-1), new Int32Array(LONGEST_CODE + 1)];
  for (let length = 1, code = 0, n = 0; length <= LONGEST_CODE; length++, code <<= 1) {
    offsets[length] = code - n;
    for (let s = 0; s < lengths.length; s++) if (lengths[s] === length) symbols[n++] = s;
    code += counts[length]!;
    limits[length] = code - 1;
  }
  return { limits, offsets, symbols };
}

function symbolOf(bits: Bits, { limits, offsets, symbols }: Tree): number {
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code = (code << 1) | bits.read(1);
    if (code <= limits[length]!) return symbols[code - offsets[length]!]!;
  }
  return damagedBlock('a code of no symbol');
}

function readTrees(bits: Bits, symbolCount: number): { readonly trees: readonly Tree[]; readonly selectors: Uint8Array } {
  const treeCount = bits.read(3);
  const selectors = new Uint8Array(bits.read(15));
  if (treeCount < 2 || treeCount > 6 || selectors.length === 0) damagedBlock('a block without trees');
  const order = Array.from({ length: treeCount }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= treeCount) damagedBlock('a tree that is not there');
    const [tree] = order.splice(place, 1);
    order.unshift(tree!);
    selectors[i] = tree!;
  }
  const trees = Array.from({ length: treeCount }, () => {
    const lengths = new Uint8Array(symbolCount);
    let length = bits.read(5);
    for (let s = 0; s < symbolCount; s++) {
      while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
      if (length < 1 || length > LONGEST_CODE) damagedBlock('a code of no length');
      lengths[s] = length;
    }
    return treeOf(lengths);
  });
  return { trees, selectors };
}

function readUsed(bits: Bits): number[] {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (((groups >>> (15 - i)) & 1) === 0) continue;
    const group = bits.read(16);
    for (let j = 0; j < 16; j++) if ((group >>> (15 - j)) & 1) used.push(i * 16 + j);
  }
  return used.length === 0 ? damagedBlock('a block without bytes') : used;
}

/** One block as it was before it was sorted. */
function unsorted(bits: Bits, most: number): Buffer {
  const isRandomised = bits.read(1) === 1;
  const origin = bits.read(24);
  const front = readUsed(bits);
  const { trees, selectors } = readTrees(bits, front.length + 2);
  const end = front.length + 1;
  const counts = new Int32Array(257);
  const next = new Int32Array(most);
  let size = 0;
  const put = (byte: number, times: number): void => {
    if (size + times > most) damagedBlock('a block is longer than it says');
    next.fill(byte, size, size + times);
    counts[byte + 1]! += times;
    size += times;
  };
  for (let n = 0, run = 0, bit = 1; ; n++) {
    const tree = trees[selectors[Math.floor(n / GROUP)] ?? damagedBlock('a block ends too late')]!;
    const symbol = symbolOf(bits, tree);
    if (symbol <= 1) {
      run += bit << symbol;
      bit <<= 1;
      if (run > most) damagedBlock('a block is longer than it says');
      continue;
    }
    if (run > 0) put(front[0]!, run);
    [run, bit] = [0, 1];
    if (symbol === end) break;
    const [byte] = front.splice(symbol - 1, 1);
    front.unshift(byte!);
    put(byte!, 1);
  }
  if (origin >= size) damagedBlock('a block that begins outside of itself');
  for (let i = 1; i < 257; i++) counts[i]! += counts[i - 1]!;
  // The low byte of each place is its byte, the others say which place comes after it.
  for (let i = 0; i < size; i++) next[counts[next[i]! & 255]!++]! |= i << 8;
  const out = Buffer.allocUnsafe(size);
  for (let i = 0, at = next[origin]! >>> 8; i < size; i++) {
    const entry = next[at]!;
    out[i] = entry & 255;
    at = entry >>> 8;
  }
  if (isRandomised) unrandomise(out);
  return out;
}

/** Four equal bytes are followed by how many more there were. */
function withoutRuns(block: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let i = 0, run = 0; i < block.length; i++) {
    run = i > from && block[i] === block[i - 1] ? run + 1 : 1;
    if (run < 4 || i + 1 >= block.length) continue;
    pieces.push(block.subarray(from, i + 1), Buffer.alloc(block[i + 1]!, block[i]));
    i++;
    from = i + 1;
    run = 0;
  }
  pieces.push(block.subarray(from));
  return Buffer.concat(pieces);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ TABLE[((crc >>> 24) ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}

// Bytes → blocks of LZ4 and of Snappy: greedy, by the last place where the same four bytes were. The other way: unpack-blocks.ts.
// Source: the block formats of LZ4 and Snappy.

/** Literals [from, literalEnd), then `length` bytes that stood `distance` before; 0: the end, literals only. */
type Sequence = { readonly from: number; readonly literalEnd: number; readonly distance: number; readonly length: number };

const HASH_BITS = 14;
const LEAST_MATCH = 4;
/** LZ4: a match begins at least so many bytes before the end, and ends 5 before it. */
const [TAIL, LAST_LITERALS] = [12, 5];
const FARTHEST = 65_535;

function* sequences(bytes: Buffer): Generator<Sequence> {
  const places = new Int32Array(1 << HASH_BITS).fill(-1);
  const end = bytes.length - TAIL;
  let from = 0;
  for (let at = 0; at < end; ) {
    const word = bytes.readUInt32LE(at);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const before = places[hash]!;
    places[hash] = at;
    if (before < 0 || at - before > FARTHEST || bytes.readUInt32LE(before) !== word) {
      // The longer nothing is found, the fewer places are looked at.
      at += 1 + ((at - from) >>> 6);
      continue;
    }
    let length = LEAST_MATCH;
    const most = bytes.length - LAST_LITERALS - at;
    while (length < most && bytes[before + length] === bytes[at + length]) length++;
    yield { from, literalEnd: at, distance: at - before, length };
    at += length;
    from = at;
  }
  yield { from, literalEnd: bytes.length, distance: 0, length: 0 };
}

export function packLz4(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length + Math.ceil(bytes.length / 255) + 16);
  let to = 0;
  const long = (length: number): void => {
    for (let left = length - 15; left >= 0; left -= 255) out[to++] = Math.min(left, 255);
  };
  for (const { from, literalEnd, distance, length } of sequences(bytes)) {
    const literals = literalEnd - from;
    const more = length === 0 ? 0 : length - LEAST_MATCH;
    out[to++] = (Math.min(literals, 15) << 4) | Math.min(more, 15);
    long(literals);
    to += bytes.copy(out, to, from, literalEnd);
    if (length === 0) break;
    to = out.writeUInt16LE(distance, to);
    long(more);
  }
  return out.subarray(0, to);
}

export function packSnappy(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(32 + bytes.length + Math.ceil(bytes.length / 6));
  let to = 0;
  let size = bytes.length;
  for (; size >= 128; size >>>= 7) out[to++] = (size & 127) | 128;
  out[to++] = size;
  for (const { from, literalEnd, distance, length } of sequences(bytes)) {
    if (literalEnd > from) {
      const n = literalEnd - from - 1;
      if (n < 60) out[to++] = n << 2;
      else {
        const width = n < 256 ? 1 : n < 65_536 ? 2 : n < 16_777_216 ? 3 : 4;
        out[to++] = (59 + width) << 2;
        to = out.writeUIntLE(n, to, width);
      }
      to += bytes.copy(out, to, from, literalEnd);
    }
    for (let left = length; left > 0; ) {
      const piece = Math.min(left, 64);
      out[to++] = ((piece - 1) << 2) | 2;
      to = out.writeUInt16LE(distance, to);
      left -= piece;
    }
  }
  return out.subarray(0, to);
}

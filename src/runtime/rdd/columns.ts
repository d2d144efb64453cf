// One column of values ↔ bytes. Homogeneous columns are typed arrays or one string heap; tuples of one length are columns side by side;
// anything else is closure/result-codec.ts. Pure bytes; row-codec.ts frames columns as batches. Little endian; every part starts at a multiple of 8.
//
//   column: u8 type | u8 0 | u16 arity | u32 payload bytes | payload, padded to 8
import { decodeResult, encodeResult } from '../closure/result-codec.ts';
import { tagInstances, untagInstance } from './record-classes.ts';

export type Column =
  | { readonly type: 'numbers'; readonly data: Int32Array | Float64Array }
  | { readonly type: 'tuple'; readonly parts: readonly Column[] }
  | { readonly type: 'values'; readonly data: readonly unknown[] };

const INT32 = 1;
const FLOAT64 = 2;
const LATIN1 = 3;
const UTF16 = 4;
const TUPLE = 5;
const VALUES = 6;
const NULLS = 7;
const UNDEFINEDS = 8;
const BOOLEANS = 9;
/** Values with tagged instances of the program's classes (record-classes.ts). */
const INSTANCES = 10;
/** Longer arrays are values: a column per element would cost more than it saves. */
const MAX_ARITY = 6;

/** A scratch buffer that grows; its content is valid until the next `reset`. */
export class ByteWriter {
  bytes: Buffer = Buffer.allocUnsafeSlow(1 << 16);
  at = 0;

  reset(): void {
    this.at = 0;
    if (this.bytes.length > 1 << 24) this.bytes = Buffer.allocUnsafeSlow(1 << 16);
  }

  /** Room for `size` more bytes, and the offset where they begin. */
  take(size: number): number {
    const at = this.at;
    if (at + size > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(at + size, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, at);
      this.bytes = larger;
    }
    this.at = at + size;
    return at;
  }

  pad(): void {
    while (this.at & 7) this.bytes[this.take(1)] = 0;
  }
}

const isTyped = (values: ArrayLike<unknown>): values is Int32Array | Float64Array =>
  values instanceof Float64Array || values instanceof Int32Array;

/** Writes values[from, to). */
export function writeColumn(out: ByteWriter, values: ArrayLike<unknown>, from: number, to: number): void {
  const n = to - from;
  const head = out.take(8);
  let type = VALUES;
  let arity = 0;
  if (isTyped(values)) type = writeNumbers(out, values, from, to);
  else {
    switch (kindOf(values, from, to)) {
      case 'number':
        type = writeNumbers(out, values as ArrayLike<number>, from, to);
        break;
      case 'string':
        type = writeStrings(out, values as ArrayLike<string>, from, to);
        break;
      case 'boolean': {
        type = BOOLEANS;
        const at = out.take(n);
        for (let i = 0; i < n; i++) out.bytes[at + i] = values[from + i] === true ? 1 : 0;
        break;
      }
      case 'null':
        type = NULLS;
        break;
      case 'undefined':
        type = UNDEFINEDS;
        break;
      case 'tuple': {
        type = TUPLE;
        arity = (values[from] as unknown[]).length;
        const part: unknown[] = new Array(n);
        for (let c = 0; c < arity; c++) {
          for (let i = 0; i < n; i++) part[i] = (values[from + i] as unknown[])[c];
          writeColumn(out, part, 0, n);
        }
        break;
      }
      default: {
        const plain = Array.prototype.slice.call(values, from, to) as unknown[];
        const tagged = tagInstances(plain);
        if (tagged) type = INSTANCES;
        const encoded = encodeResult(tagged ?? plain);
        const at = out.take(encoded.length);
        out.bytes.set(encoded, at);
      }
    }
  }
  endColumn(out, head, type, arity);
}

/** A tuple column from parts that are columns already: pairs whose keys and values are typed arrays. */
export function writePairColumns(out: ByteWriter, keys: ArrayLike<unknown>, values: ArrayLike<unknown>, from: number, to: number): void {
  const head = out.take(8);
  writeColumn(out, keys, from, to);
  writeColumn(out, values, from, to);
  endColumn(out, head, TUPLE, 2);
}

function endColumn(out: ByteWriter, head: number, type: number, arity: number): void {
  out.bytes.writeUInt32LE(out.at - head - 8, head + 4);
  out.bytes[head] = type;
  out.bytes[head + 1] = 0;
  out.bytes.writeUInt16LE(arity, head + 2);
  out.pad();
}

type Kind = 'number' | 'string' | 'boolean' | 'null' | 'undefined' | 'tuple' | 'mixed';

function kindOf(values: ArrayLike<unknown>, from: number, to: number): Kind {
  if (to === from) return 'undefined';
  const first = values[from];
  const kind = typeof first;
  if (kind === 'number' || kind === 'string' || kind === 'boolean' || kind === 'undefined') {
    for (let i = from + 1; i < to; i++) if (typeof values[i] !== kind) return 'mixed';
    return kind;
  }
  if (first === null) {
    for (let i = from + 1; i < to; i++) if (values[i] !== null) return 'mixed';
    return 'null';
  }
  return isPlainTuple(first) && allTuples(values, from, to, first.length) ? 'tuple' : 'mixed';
}

const isPlainTuple = (x: unknown): x is unknown[] =>
  Array.isArray(x) && x.length > 0 && x.length <= MAX_ARITY && Object.getPrototypeOf(x) === Array.prototype;

function allTuples(values: ArrayLike<unknown>, from: number, to: number, arity: number): boolean {
  for (let i = from + 1; i < to; i++) {
    const x = values[i];
    if (!isPlainTuple(x) || x.length !== arity) return false;
  }
  return true;
}

function writeNumbers(out: ByteWriter, values: ArrayLike<number>, from: number, to: number): number {
  const n = to - from;
  let whole = true;
  if (!(values instanceof Int32Array)) {
    for (let i = from; i < to; i++) {
      const x = values[i]!;
      if ((x | 0) !== x || (x === 0 && 1 / x < 0)) {
        whole = false;
        break;
      }
    }
  }
  const at = out.take(n * (whole ? 4 : 8));
  const target = whole ? new Int32Array(out.bytes.buffer, at, n) : new Float64Array(out.bytes.buffer, at, n);
  for (let i = 0; i < n; i++) target[i] = values[from + i]!;
  return whole ? INT32 : FLOAT64;
}

const BEYOND_LATIN1 = /[^\0-\xff]/;

/** Lengths in UTF-16 units, then one heap: a byte a unit where all fit, else two (lone surrogates survive). */
function writeStrings(out: ByteWriter, values: ArrayLike<string>, from: number, to: number): number {
  const n = to - from;
  const lengthsAt = out.take(n * 4);
  const lengths = new Uint32Array(out.bytes.buffer, lengthsAt, n);
  let heap = '';
  for (let i = 0; i < n; i++) {
    const text = values[from + i]!;
    lengths[i] = text.length;
    heap += text;
  }
  const wide = BEYOND_LATIN1.test(heap);
  const at = out.take(heap.length * (wide ? 2 : 1));
  if (wide) out.bytes.write(heap, at, 'utf16le');
  else out.bytes.write(heap, at, 'latin1');
  return wide ? UTF16 : LATIN1;
}

/**
 * @param bytes starts at a multiple of 8 in its ArrayBuffer
 * @returns the column, and in `next` where the one after it begins
 */
export function readColumn(bytes: Buffer, at: number, n: number, next: { at: number }): Column {
  const type = bytes[at]!;
  const arity = bytes.readUInt16LE(at + 2);
  const size = bytes.readUInt32LE(at + 4);
  const start = at + 8;
  const base = bytes.byteOffset + start;
  next.at = start + ((size + 7) & ~7);
  switch (type) {
    case INT32:
      return { type: 'numbers', data: new Int32Array(bytes.buffer, base, n) };
    case FLOAT64:
      return { type: 'numbers', data: new Float64Array(bytes.buffer, base, n) };
    case LATIN1:
    case UTF16:
      return { type: 'values', data: readStrings(bytes, start, n, size, type === UTF16) };
    case TUPLE: {
      const parts: Column[] = [];
      const inner = { at: start };
      for (let c = 0; c < arity; c++) parts.push(readColumn(bytes, inner.at, n, inner));
      return { type: 'tuple', parts };
    }
    case NULLS:
      return { type: 'values', data: new Array(n).fill(null) };
    case UNDEFINEDS:
      return { type: 'values', data: new Array(n).fill(undefined) };
    case BOOLEANS:
      return { type: 'values', data: Array.from(bytes.subarray(start, start + n), (b) => b === 1) };
    case INSTANCES:
      return { type: 'values', data: (decodeResult(bytes.subarray(start, start + size)) as unknown[]).map(untagInstance) };
    default:
      return { type: 'values', data: decodeResult(bytes.subarray(start, start + size)) as unknown[] };
  }
}

/** V8 makes substrings of 13 units and more point into their parent: those are copied out, or one word would hold the whole heap. */
const COPIED_BY_V8 = 13;

function readStrings(bytes: Buffer, start: number, n: number, size: number, wide: boolean): string[] {
  const lengths = new Uint32Array(bytes.buffer, bytes.byteOffset + start, n);
  const heapAt = start + n * 4;
  const heap = wide ? slices(bytes).ucs2Slice(heapAt, start + size) : slices(bytes).latin1Slice(heapAt, start + size);
  const unit = wide ? 2 : 1;
  const out: string[] = new Array(n);
  let at = 0;
  for (let i = 0; i < n; i++) {
    const length = lengths[i]!;
    if (length < COPIED_BY_V8) out[i] = heap.substring(at, at + length);
    else {
      const from = heapAt + at * unit;
      out[i] = wide ? slices(bytes).ucs2Slice(from, from + length * 2) : slices(bytes).latin1Slice(from, from + length);
    }
    at += length;
  }
  return out;
}

/** Value i of a column, as the row that was written. */
export function columnRows(column: Column, n: number): readonly unknown[] {
  if (column.type === 'values') return column.data;
  if (column.type === 'numbers') return Array.from(column.data);
  const parts = column.parts.map((part) => (part.type === 'numbers' ? part.data : columnRows(part, n)));
  const rows: unknown[] = new Array(n);
  if (parts.length === 2) {
    const [a, b] = parts as unknown as [ArrayLike<unknown>, ArrayLike<unknown>];
    for (let i = 0; i < n; i++) rows[i] = [a[i], b[i]];
  } else {
    for (let i = 0; i < n; i++) rows[i] = parts.map((part) => part[i]);
  }
  return rows;
}

/** Node's direct decoders (three times as fast as toString for short texts); its type declarations leave them out. */
type Slices = { latin1Slice(from: number, to: number): string; ucs2Slice(from: number, to: number): string };
const slices = (bytes: Buffer) => bytes as unknown as Slices;

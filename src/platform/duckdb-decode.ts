// Vectors of a result as columns of plain values (common/sql-kernel.ts says which), a whole vector at a time: the package's own way makes an object
// per value and a native call per long text. Memory of the kernel is read here, so every width comes from the vector's own type, and nothing that is
// given out points into it. Types that no query of ours gives go through duckdb-values.ts. The other direction is duckdb-values.ts too.
import { isAscii } from 'node:buffer';
import { createRequire } from 'node:module';
import type * as Duckdb from '@duckdb/node-api';
import type { KernelChunk, KernelColumn, KernelValue } from '../common/sql-kernel.ts';
import { decimalText, plainValue } from './duckdb-values.ts';

type Vector = unknown;
/** What is used of @duckdb/node-bindings, on which the package stands. */
type Bindings = {
  readonly sizeof_bool: number;
  data_chunk_get_vector(chunk: unknown, column: number): Vector;
  vector_get_data(vector: Vector, byteCount: number): Uint8Array;
  vector_get_validity(vector: Vector, byteCount: number): Uint8Array | null;
  list_vector_get_child(vector: Vector): Vector;
  list_vector_get_size(vector: Vector): number;
  struct_vector_get_child(vector: Vector, index: number): Vector;
  get_data_from_pointer(buffer: ArrayBufferLike, pointerOffset: number, byteCount: number): Uint8Array;
};
type Decode = (vector: Vector, rows: number) => KernelColumn;
export type ChunkDecoder = (chunk: Duckdb.DuckDBDataChunk) => KernelChunk;

let bindings: Bindings;

/** @param types of the result's columns */
export function chunkDecoder(types: readonly Duckdb.DuckDBType[], api: typeof Duckdb): ChunkDecoder {
  bindings ??= bindingsOf();
  const decoders = types.map((type) => decoderOf(type, api));
  return (chunk) => {
    const rows = chunk.rowCount;
    const raw = (chunk as unknown as { chunk: unknown }).chunk;
    return { rows, columns: decoders.map((decode, i) => decode(bindings.data_chunk_get_vector(raw, i), rows)) };
  };
}

/** The very module that @duckdb/node-api uses: another copy would not know its vectors. */
function bindingsOf(): Bindings {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve('@duckdb/node-api'))('@duckdb/node-bindings') as Bindings;
}

function decoderOf(type: Duckdb.DuckDBType, api: typeof Duckdb): Decode {
  const id = api.DuckDBTypeId;
  switch (type.typeId) {
    case id.BOOLEAN:
      return booleans;
    case id.TINYINT:
      return fixed(Int8Array);
    case id.SMALLINT:
      return fixed(Int16Array);
    case id.INTEGER:
    case id.DATE:
      return fixed(Int32Array);
    case id.BIGINT:
    case id.TIMESTAMP:
    case id.TIMESTAMP_TZ:
    case id.TIME:
      return fixed(BigInt64Array);
    case id.FLOAT:
      return fixed(Float32Array);
    case id.DOUBLE:
      return fixed(Float64Array);
    case id.HUGEINT:
      return byRow(16, (view, at) => hugeAt(view, at));
    case id.DECIMAL:
      return decimals(type as Duckdb.DuckDBDecimalType);
    case id.INTERVAL:
      return byRow(16, (view, at) => ({
        months: view.getInt32(at, true),
        days: view.getInt32(at + 4, true),
        microseconds: view.getBigInt64(at + 8, true),
      }));
    case id.VARCHAR:
      return texts;
    case id.BLOB:
      return blobs;
    case id.LIST:
      return lists(decoderOf((type as Duckdb.DuckDBListType).valueType, api));
    case id.MAP: {
      const { keyType, valueType } = type as Duckdb.DuckDBMapType;
      return lists(structs([decoderOf(keyType, api), decoderOf(valueType, api)]));
    }
    case id.STRUCT:
      return structs((type as Duckdb.DuckDBStructType).entryTypes.map((t) => decoderOf(t, api)));
    default: {
      const { DuckDBVector } = api as unknown as {
        DuckDBVector: { create(vector: Vector, rows: number, type: Duckdb.DuckDBType): Duckdb.DuckDBVector };
      };
      return (vector, rows) => DuckDBVector.create(vector, rows, type).toArray().map(plainValue);
    }
  }
}

/** A bit per row, set where there is a value; undefined: there is one in every row. */
function validityOf(vector: Vector, rows: number): Uint8Array | undefined {
  const bytes = bindings.vector_get_validity(vector, Math.ceil(rows / 64) * 8);
  if (bytes === null || bytes === undefined) return undefined;
  const full = rows >> 3;
  for (let i = 0; i < full; i++) if (bytes[i] !== 0xff) return bytes;
  for (let i = full << 3; i < rows; i++) if (!isValid(bytes, i)) return bytes;
  return undefined;
}
const isValid = (validity: Uint8Array, row: number): boolean => ((validity[row >> 3]! >> (row & 7)) & 1) === 1;

type TypedArray = Int8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;
type TypedArrayOf = { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBufferLike, offset: number, length: number): TypedArray };

/** Where nothing is NULL a typed array: the caller owns it. */
function fixed(Items: TypedArrayOf): Decode {
  return (vector, rows) => {
    if (rows === 0) return [];
    const data = bindings.vector_get_data(vector, rows * Items.BYTES_PER_ELEMENT);
    const items = new Items(data.buffer, data.byteOffset, rows);
    const validity = validityOf(vector, rows);
    if (validity === undefined) return items.slice();
    const out: KernelValue[] = new Array(rows);
    for (let i = 0; i < rows; i++) out[i] = isValid(validity, i) ? items[i]! : null;
    return out;
  };
}

/** @param width bytes of a row */
function byRow(width: number, read: (view: DataView, at: number) => KernelValue): Decode {
  return (vector, rows) => {
    if (rows === 0) return [];
    const data = bindings.vector_get_data(vector, rows * width);
    const view = new DataView(data.buffer, data.byteOffset, rows * width);
    const validity = validityOf(vector, rows);
    const out: KernelValue[] = new Array(rows);
    for (let i = 0; i < rows; i++) out[i] = validity === undefined || isValid(validity, i) ? read(view, i * width) : null;
    return out;
  };
}

const booleans: Decode = (vector, rows) => byRow(bindings.sizeof_bool, (view, at) => view.getUint8(at) !== 0)(vector, rows);
const hugeAt = (view: DataView, at: number): bigint => (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);

/** DuckDB keeps a decimal in as few bytes as its width needs. */
function decimals({ width, scale }: Duckdb.DuckDBDecimalType): Decode {
  if (width <= 4) return byRow(2, (view, at) => smallDecimal(view.getInt16(at, true), scale));
  if (width <= 9) return byRow(4, (view, at) => smallDecimal(view.getInt32(at, true), scale));
  if (width <= 18) return byRow(8, (view, at) => decimalText(view.getBigInt64(at, true), scale));
  return byRow(16, (view, at) => decimalText(hugeAt(view, at), scale));
}
function smallDecimal(unscaled: number, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(Math.abs(unscaled)).padStart(scale + 1, '0');
  return `${unscaled < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

// ---- Texts and bytes: 16 bytes a row, the length and then the bytes themselves (up to 12) or, 8 bytes in, where they are. ----

const INLINE = 12;
const ROW_BYTES = 16;
/**
 * Pieces nearer together than this are read at once: a page is 4096 bytes at least, so memory between two pieces that are there, less than a page
 * apart, is on a page of the one or the other.
 */
const NEAR_BYTES = 4096;
const MOST_AT_ONCE = 16 * 1024 * 1024;

/** Bytes that stand side by side; their memory is the kernel's. */
type Piece = { readonly bytes: Slices; readonly from: number };
/** Node.js has these on its Buffers; toString() is the same with a look at the encoding's name. */
type Slices = Buffer & { latin1Slice(from: number, to: number): string; utf8Slice(from: number, to: number): string };
const slicesOf = (buffer: ArrayBufferLike, offset: number, length: number): Slices =>
  Buffer.from(buffer as ArrayBuffer, offset, length) as Slices;

const texts: Decode = (vector, rows) => {
  const out: KernelValue[] = new Array(rows).fill(null);
  if (rows === 0) return out;
  const data = bindings.vector_get_data(vector, rows * ROW_BYTES);
  const words = new Uint32Array(data.buffer, data.byteOffset, rows * 4);
  const validity = validityOf(vector, rows);
  const bytes = slicesOf(data.buffer, data.byteOffset, rows * ROW_BYTES);
  const latin = bytes.latin1Slice(0, rows * ROW_BYTES);
  const long: number[] = [];
  for (let i = 0; i < rows; i++) {
    if (validity !== undefined && !isValid(validity, i)) continue;
    const [w, length] = [i * 4, words[i * 4]!];
    if (length > INLINE) long.push(i);
    else if (((words[w + 1]! | words[w + 2]! | words[w + 3]!) & 0x80808080) === 0) out[i] = latin.slice(w * 4 + 4, w * 4 + 4 + length);
    else out[i] = bytes.utf8Slice(w * 4 + 4, w * 4 + 4 + length);
  }
  eachLong(data, words, long, (piece, first, last, order) => {
    const ascii = isAscii(piece.bytes) ? piece.bytes.latin1Slice(0, piece.bytes.length) : undefined;
    for (let k = first; k < last; k++) {
      const i = order[k]!;
      const at = addressAt(words, i) - piece.from;
      const end = at + words[i * 4]!;
      out[i] = ascii === undefined ? piece.bytes.utf8Slice(at, end) : ascii.slice(at, end);
    }
  });
  return out;
};

const blobs: Decode = (vector, rows) => {
  const out: KernelValue[] = new Array(rows).fill(null);
  if (rows === 0) return out;
  const data = bindings.vector_get_data(vector, rows * ROW_BYTES);
  const words = new Uint32Array(data.buffer, data.byteOffset, rows * 4);
  const validity = validityOf(vector, rows);
  const long: number[] = [];
  for (let i = 0; i < rows; i++) {
    if (validity !== undefined && !isValid(validity, i)) continue;
    const length = words[i * 4]!;
    if (length > INLINE) long.push(i);
    else out[i] = new Uint8Array(data.subarray(i * ROW_BYTES + 4, i * ROW_BYTES + 4 + length));
  }
  eachLong(data, words, long, (piece, first, last, order) => {
    for (let k = first; k < last; k++) {
      const i = order[k]!;
      const at = addressAt(words, i) - piece.from;
      out[i] = new Uint8Array(piece.bytes.subarray(at, at + words[i * 4]!));
    }
  });
  return out;
};

/** User memory ends below 2^48, so an address is a whole number of JavaScript. */
const addressAt = (words: Uint32Array, row: number): number => words[row * 4 + 3]! * 2 ** 32 + words[row * 4 + 2]!;

/** Long values by address, neighbours read together: one native call for what stands side by side, which is nearly always a whole vector. */
function eachLong(
  data: Uint8Array,
  words: Uint32Array,
  long: number[],
  each: (piece: Piece, first: number, last: number, order: readonly number[]) => void,
): void {
  let sorted = true;
  for (let k = 1; k < long.length && sorted; k++) sorted = addressAt(words, long[k - 1]!) <= addressAt(words, long[k]!);
  const order = sorted ? long : long.sort((a, b) => addressAt(words, a) - addressAt(words, b));
  for (let first = 0; first < order.length; ) {
    const from = addressAt(words, order[first]!);
    let to = from + words[order[first]! * 4]!;
    let last = first + 1;
    for (; last < order.length; last++) {
      const at = addressAt(words, order[last]!);
      if (at - to >= NEAR_BYTES || at - from > MOST_AT_ONCE) break;
      to = Math.max(to, at + words[order[last]! * 4]!);
    }
    const view = bindings.get_data_from_pointer(data.buffer, data.byteOffset + order[first]! * ROW_BYTES + 8, to - from);
    each({ bytes: slicesOf(view.buffer, view.byteOffset, to - from), from }, first, last, order);
    first = last;
  }
}

// ---- Nested: children are decoded whole, rows are pieces of them. ----

function lists(item: Decode): Decode {
  return (vector, rows) => {
    const out: KernelValue[] = new Array(rows).fill(null);
    if (rows === 0) return out;
    const data = bindings.vector_get_data(vector, rows * 16);
    const entries = new BigUint64Array(data.buffer, data.byteOffset, rows * 2);
    const validity = validityOf(vector, rows);
    const decoded = item(bindings.list_vector_get_child(vector), bindings.list_vector_get_size(vector));
    const items = Array.isArray(decoded) ? decoded : Array.from(decoded);
    for (let i = 0; i < rows; i++) {
      if (validity !== undefined && !isValid(validity, i)) continue;
      const from = Number(entries[i * 2]!);
      out[i] = items.slice(from, from + Number(entries[i * 2 + 1]!));
    }
    return out;
  };
}

function structs(fields: readonly Decode[]): Decode {
  return (vector, rows) => {
    const columns = fields.map((decode, f) => decode(bindings.struct_vector_get_child(vector, f), rows));
    const validity = validityOf(vector, rows);
    const out: KernelValue[] = new Array(rows);
    for (let i = 0; i < rows; i++) out[i] = validity === undefined || isValid(validity, i) ? columns.map((c) => c[i]!) : null;
    return out;
  };
}

// Tuple sketches: distinct keys with a summary each. Source: DataSketches' tuple sketches with DoubleSummary, IntegerSummary, ArrayOfStringsSummary;
// the bytes are a form of our own.
import { ByteWriter, readBytes } from './byte-stream.ts';
import { KeySketch, NO_BOUND } from './key-sketch.ts';

export type TupleType = 'double' | 'integer' | 'string';
export type Summary = number | readonly string[];
export type Tuple = KeySketch<Summary>;

export const MODES = ['sum', 'min', 'max', 'alwaysone'];
const MAGIC = [0x54, 0x50, 0x4c, 1];
const TYPES: readonly TupleType[] = ['double', 'integer', 'string'];

/** How two summaries of a key become one. Texts: the later ones win. */
export function mergeOf(type: TupleType, mode: string): (a: Summary, b: Summary) => Summary {
  if (type === 'string') return (_, b) => b;
  const numbers = (f: (a: number, b: number) => number) => (a: Summary, b: Summary) => f(a as number, b as number);
  switch (mode) {
    case 'min':
      return numbers(Math.min);
    case 'max':
      return numbers(Math.max);
    case 'alwaysone':
      return () => 1;
    default:
      return type === 'integer' ? numbers((a, b) => (a + b) | 0) : numbers((a, b) => a + b);
  }
}

/** Of a key that has none: what merging leaves as it is. */
export const emptySummary = (type: TupleType, mode: string): Summary =>
  type === 'string' ? [] : mode === 'min' ? Number.MAX_VALUE : mode === 'max' ? -Number.MAX_VALUE : mode === 'alwaysone' ? 1 : 0;

export function tupleBytes(sketch: Tuple, type: TupleType): Uint8Array {
  sketch.cut();
  const out = new ByteWriter();
  for (const b of MAGIC) out.byte(b);
  out
    .byte(TYPES.indexOf(type))
    .byte(sketch.isEmpty ? 1 : 0)
    .long(sketch.theta)
    .int(sketch.entries.size);
  for (const [hash, summary] of sketch.sorted()) {
    out.long(hash);
    if (typeof summary === 'number') out.double(summary);
    else {
      out.int(summary.length);
      for (const text of summary) out.text(text);
    }
  }
  return out.bytes();
}

/** @returns undefined: these are no such bytes */
export function tupleOfBytes(bytes: Uint8Array, type: TupleType, lgK: number): Tuple | undefined {
  return readBytes(bytes, (from) => {
    if (MAGIC.some((b) => from.byte() !== b) || TYPES[from.byte()] !== type) return undefined;
    const sketch: Tuple = new KeySketch(lgK);
    sketch.isEmpty = from.byte() === 1;
    sketch.theta = from.long();
    const size = from.int();
    for (let i = 0; i < size; i++) {
      const hash = from.long();
      sketch.entries.set(hash, type === 'string' ? Array.from({ length: from.int() }, () => from.text()) : from.double());
    }
    return sketch;
  });
}

/** All summaries as one number. Without keys: 0 as a sum, otherwise null. */
export function summaryOf(sketch: Tuple, type: TupleType, mode: string): number | null {
  const values = [...sketch.entries.values()] as number[];
  if (values.length === 0) return mode === 'sum' || mode === 'alwaysone' ? 0 : null;
  if (mode === 'alwaysone') return values.length;
  const merge = mode === 'sum' ? (a: number, b: number) => a + b : (mergeOf(type, mode) as (a: number, b: number) => number);
  return values.reduce(merge);
}
export const thetaOf = (sketch: KeySketch<unknown>): number => (sketch.theta === NO_BOUND ? 1 : Number(sketch.theta) / 2 ** 63);

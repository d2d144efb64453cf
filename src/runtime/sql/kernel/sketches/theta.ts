// Theta sketches as bytes: DataSketches' compact, ordered form. Source: CompactOperations, PreambleUtil of Apache DataSketches.
import { KeySketch, NO_BOUND } from './key-sketch.ts';
import { murmur128 } from './murmur.ts';

const SERIAL_VERSION = 3;
const COMPACT_FAMILY = 3;
const EMPTY = 4;
const SINGLE = 32;
/** Read only, compact, ordered. */
const COMPACT_FLAGS = 2 | 8 | 16;

let seedHash: number | undefined;
/** 16 bits that tell sketches of another seed. */
export function seedHashOf(): number {
  const seed = new Uint8Array(8);
  new DataView(seed.buffer).setBigInt64(0, 9001n, true);
  return (seedHash ??= Number(murmur128(seed, 0n)[0] & 0xffffn));
}

export type Theta = KeySketch<null>;
export const noSummary = (): null => null;

export function thetaBytes(sketch: Theta): Uint8Array {
  sketch.cut();
  const hashes = sketch.sorted().map(([hash]) => hash);
  const isExact = sketch.theta === NO_BOUND;
  const longs = !isExact ? 3 : hashes.length > 1 ? 2 : 1;
  const bytes = new Uint8Array(8 * (longs + hashes.length));
  const view = new DataView(bytes.buffer);
  const special = longs > 1 ? 0 : hashes.length === 1 ? SINGLE : EMPTY;
  bytes.set([longs, SERIAL_VERSION, COMPACT_FAMILY, 0, 0, COMPACT_FLAGS | special]);
  view.setUint16(6, seedHashOf(), true);
  if (longs > 1) {
    view.setInt32(8, hashes.length, true);
    view.setFloat32(12, 1, true);
  }
  if (longs > 2) view.setBigInt64(16, sketch.theta, true);
  hashes.forEach((hash, i) => view.setBigInt64(8 * (longs + i), hash, true));
  return bytes;
}

/** @param lgK of the sketch that is made. @returns undefined: these are no such bytes */
export function thetaOfBytes(bytes: Uint8Array, lgK: number): Theta | undefined {
  if (bytes.length < 8 || bytes[1] !== SERIAL_VERSION || bytes[2] !== COMPACT_FAMILY) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const longs = bytes[0]! & 63;
  const flags = bytes[5]!;
  const count = longs > 1 ? (bytes.length >= 16 ? view.getInt32(8, true) : -1) : flags & SINGLE ? 1 : 0;
  if (count < 0 || bytes.length < 8 * (longs + count)) return undefined;
  const sketch: Theta = new KeySketch(lgK);
  sketch.isEmpty = (flags & EMPTY) !== 0;
  if (longs > 2) sketch.theta = view.getBigInt64(16, true);
  for (let i = 0; i < count; i++) sketch.entries.set(view.getBigInt64(8 * (longs + i), true), null);
  return sketch;
}

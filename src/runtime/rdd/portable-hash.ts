// The hash of a key, equal to what the JVM gives for the same key in Spark, so records land in the partition where Spark puts them.
// Whole numbers are Ints or Longs, other numbers Doubles, arrays are tuples. Equality of keys is key-identity.ts.
// Sources: java.lang.{String,Double,Long,Boolean}.hashCode, scala.util.hashing.MurmurHash3.productHash (Scala 2.13).

import { contentOf } from './key-identity.ts';

const bits = new DataView(new ArrayBuffer(8));

/** @returns a signed 32-bit number; equal keys (key-identity.ts) have equal hashes */
export function portableHash(key: unknown): number {
  switch (typeof key) {
    case 'number':
      return hashNumber(key);
    case 'string':
      return hashString(key);
    case 'boolean':
      return key ? 1231 : 1237;
    case 'bigint':
      return hashLong(BigInt.asIntN(64, key));
    case 'object':
      return key === null ? 0 : hashObject(key);
    default:
      return 0;
  }
}

/** Whole numbers hash as Int or Long (as Scala's `##` of a Double does), the rest as Double. */
export function hashNumber(x: number): number {
  if ((x | 0) === x) return x | 0;
  if (Number.isSafeInteger(x)) {
    const high = Math.floor(x / 4294967296);
    return (x | 0) ^ (high | 0);
  }
  bits.setFloat64(0, Number.isNaN(x) ? Number.NaN : x); // one NaN of the many
  return bits.getInt32(0) ^ bits.getInt32(4);
}

export function hashString(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return h;
}

const hashLong = (x: bigint) => Number(BigInt.asIntN(32, x ^ (x >> 32n)));

function hashObject(key: object): number {
  if (Array.isArray(key)) return productHash(`Tuple${key.length}`, key);
  if (key instanceof Date) return hashNumber(key.getTime());
  if (key instanceof Uint8Array) return bytesHash(key, 0x3c074a61);
  const content = contentOf(key);
  if (content !== undefined) return hashString(content);
  // Plain objects and instances: own properties, whatever their order.
  const names = Object.keys(key).sort();
  return productHash(
    '',
    names.flatMap((name) => [name, (key as Record<string, unknown>)[name]]),
  );
}

function productHash(prefix: string, elements: readonly unknown[]): number {
  let h = 0xcafebabe | 0;
  h = mix(h, hashString(prefix));
  for (const element of elements) h = mix(h, portableHash(element));
  return avalanche(h ^ elements.length);
}

/** MurmurHash3.bytesHash of Scala: x86_32 over little-endian words. */
export function bytesHash(data: Uint8Array, seed: number): number {
  let h = seed | 0;
  let i = 0;
  for (; i + 4 <= data.length; i += 4) h = mix(h, data[i]! | (data[i + 1]! << 8) | (data[i + 2]! << 16) | (data[i + 3]! << 24));
  let rest = 0;
  for (let j = data.length - 1; j >= i; j--) rest = (rest << 8) | data[j]!;
  if (i < data.length) h ^= mixLast(rest);
  return avalanche(h ^ data.length);
}

const mixLast = (data: number) => {
  const k = Math.imul(data, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
};

const mix = (hash: number, data: number) => {
  const h = hash ^ mixLast(data);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
};

function avalanche(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

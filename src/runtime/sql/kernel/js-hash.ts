// hash() and xxhash64() over values of any types: each value's hash is the next one's seed, NULL leaves it as it is.
// Source: Murmur3_x86_32, XXH64 and InterpretedHashFunction of Spark 4.2 (their tail of bytes is Spark's own).
import type { KernelValue } from '../../../common/sql-kernel.ts';
import type { DataType } from '../types/data-type.ts';
import { byRowWithNulls, type JsFunction } from './js-function.ts';
import { unscaledOf } from './js-numbers.ts';

/** One algorithm: over 32 bits, 64 bits, bytes. S is its seed. */
type Hasher<S> = {
  readonly int: (v: number, seed: S) => S;
  readonly long: (v: bigint, seed: S) => S;
  readonly bytes: (b: Uint8Array, seed: S) => S;
};

const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
const mixK = (k: number): number => Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
const mixH = (h: number, k: number): number => (Math.imul(rotate(h ^ k, 13), 5) + 0xe6546b64) | 0;
function finish(h: number, length: number): number {
  let x = h ^ length;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) | 0;
}

const murmur3: Hasher<number> = {
  int: (v, seed) => finish(mixH(seed, mixK(v | 0)), 4),
  long: (v, seed) => {
    const [low, high] = [Number(BigInt.asIntN(32, v)), Number(BigInt.asIntN(32, v >> 32n))];
    return finish(mixH(mixH(seed, mixK(low)), mixK(high)), 8);
  },
  bytes: (b, seed) => {
    const view = new DataView(b.buffer, b.byteOffset, b.length);
    const whole = b.length - (b.length % 4);
    let h = seed;
    for (let i = 0; i < whole; i += 4) h = mixH(h, mixK(view.getInt32(i, true)));
    // Each byte of the rest is a block of its own, with its sign.
    for (let i = whole; i < b.length; i++) h = mixH(h, mixK(view.getInt8(i)));
    return finish(h, b.length);
  },
};

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const u64 = (x: bigint): bigint => BigInt.asUintN(64, x);
const rotate64 = (x: bigint, n: bigint): bigint => u64((x << n) | (x >> (64n - n)));
const round = (acc: bigint, input: bigint): bigint => u64(rotate64(u64(acc + u64(input * P2)), 31n) * P1);
function avalanche(hash: bigint): bigint {
  let h = hash;
  h = u64((h ^ (h >> 33n)) * P2);
  h = u64((h ^ (h >> 29n)) * P3);
  return h ^ (h >> 32n);
}
const eight = (h: bigint, k: bigint): bigint => u64(rotate64(h ^ round(0n, k), 27n) * P1 + P4);
const four = (h: bigint, k: bigint): bigint => u64(rotate64(h ^ u64(k * P1), 23n) * P2 + P3);

/** Of bytes alone, with a seed. */
export const murmurOfBytes = murmur3.bytes;

const xxhash64: Hasher<bigint> = {
  int: (v, seed) => avalanche(four(u64(seed + P5 + 4n), BigInt(v >>> 0))),
  long: (v, seed) => avalanche(eight(u64(seed + P5 + 8n), u64(v))),
  bytes: (b, seed) => {
    const view = new DataView(b.buffer, b.byteOffset, b.length);
    let at = 0;
    let h: bigint;
    if (b.length >= 32) {
      let [v1, v2, v3, v4] = [u64(seed + P1 + P2), u64(seed + P2), u64(seed), u64(seed - P1)];
      for (; at <= b.length - 32; at += 32) {
        v1 = round(v1, view.getBigUint64(at, true));
        v2 = round(v2, view.getBigUint64(at + 8, true));
        v3 = round(v3, view.getBigUint64(at + 16, true));
        v4 = round(v4, view.getBigUint64(at + 24, true));
      }
      h = u64(rotate64(v1, 1n) + rotate64(v2, 7n) + rotate64(v3, 12n) + rotate64(v4, 18n));
      for (const v of [v1, v2, v3, v4]) h = u64((h ^ round(0n, v)) * P1 + P4);
    } else h = u64(seed + P5);
    h = u64(h + BigInt(b.length));
    for (; at <= b.length - 8; at += 8) h = eight(h, view.getBigUint64(at, true));
    if (at <= b.length - 4) {
      h = four(h, BigInt(view.getUint32(at, true)));
      at += 4;
    }
    for (; at < b.length; at++) h = u64(rotate64(h ^ u64(BigInt(b[at]!) * P5), 11n) * P1);
    return avalanche(h);
  },
};

const buffer = new DataView(new ArrayBuffer(8));
/** Java's BigInteger.toByteArray: two's complement, the fewest bytes. */
function bytesOf(n: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(8 * length, n) !== n) length++;
  return Uint8Array.from({ length }, (_, i) => Number((n >> BigInt(8 * (length - 1 - i))) & 255n));
}

function hashed<S>(value: KernelValue, type: DataType, seed: S, h: Hasher<S>): S {
  if (value === null) return seed;
  switch (type.tag) {
    case 'boolean':
      return h.int(value ? 1 : 0, seed);
    case 'byte':
    case 'short':
    case 'integer':
    case 'date':
    case 'yearMonthInterval':
      return h.int(value as number, seed);
    case 'long':
    case 'timestamp':
    case 'timestamp_ntz':
    case 'dayTimeInterval':
      return h.long(value as bigint, seed);
    case 'float':
      buffer.setFloat32(0, (value as number) === 0 ? 0 : (value as number));
      return h.int(buffer.getInt32(0), seed);
    case 'double':
      buffer.setFloat64(0, (value as number) === 0 ? 0 : (value as number));
      return h.long(buffer.getBigInt64(0), seed);
    case 'decimal': {
      const { digits } = unscaledOf(String(value));
      return type.precision <= 18 ? h.long(digits, seed) : h.bytes(bytesOf(digits), seed);
    }
    case 'string':
      return h.bytes(new TextEncoder().encode(value as string), seed);
    case 'binary':
      return h.bytes(value as Uint8Array, seed);
    case 'calendarInterval': {
      const { months, days, microseconds } = value as { months: number; days: number; microseconds: bigint };
      return h.int(months, h.int(days, h.long(microseconds, seed)));
    }
    case 'array':
      return (value as readonly KernelValue[]).reduce<S>((s, v) => hashed(v, type.elementType, s, h), seed);
    case 'struct':
      return (value as readonly KernelValue[]).reduce<S>((s, v, i) => hashed(v, type.fields[i]!.dataType, s, h), seed);
    default:
      throw new Error(`No hash of a ${type.tag}`);
  }
}

function over<S>(name: string, returnType: string, h: Hasher<S>, seed: S, result: (s: S) => KernelValue): JsFunction {
  return {
    name,
    make: (kernelTypes, sparkTypes) => {
      const types = JSON.parse(sparkTypes!) as DataType[];
      return {
        parameterTypes: JSON.parse(kernelTypes!) as string[],
        returnType,
        compute: byRowWithNulls((...values: KernelValue[]) => result(values.reduce<S>((s, v, i) => hashed(v, types[i]!, s, h), seed))),
      };
    },
  };
}

export const JS_HASH: readonly JsFunction[] = [
  over('murmur3', 'INTEGER', murmur3, 42, (h) => h),
  over('xxhash64', 'BIGINT', xxhash64, 42n, (h) => BigInt.asIntN(64, h)),
];

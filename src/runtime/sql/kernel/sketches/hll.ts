// HyperLogLog sketches of distinct items. Few items are kept as coupons (26 bits of address, 6 of value) and counted exactly; then registers of
// 2^lgK places with the HIP estimate as long as items come one by one, and Ertl's estimate after a union.
// Source: DataSketches' HllSketch (hashing, coupons, HIP); O. Ertl, New Cardinality Estimation Algorithms. The bytes are a form of our own.
import { ByteWriter, readBytes } from './byte-stream.ts';
import { murmur128 } from './murmur.ts';

export const LEAST_LG_K = 4;
export const MOST_LG_K = 21;
export const DEFAULT_LG_K = 12;
const ADDRESS = (1n << 26n) - 1n;
const MAGIC = [0x48, 0x4c, 0x4c, 1];
const MOST_VALUE = 63;

export class HllSketch {
  readonly lgK: number;
  /** While they are few. */
  coupons: Set<number> | undefined = new Set();
  registers: Uint8Array | undefined;
  /** undefined: items came out of order, and the registers alone say how many. */
  hip: number | undefined = 0;
  #inverse: number;

  constructor(lgK: number) {
    this.lgK = lgK;
    this.#inverse = 2 ** lgK;
  }

  update(item: Uint8Array): void {
    const [low, high] = murmur128(item);
    const address = Number(low & ADDRESS);
    const zeros = high === 0n ? 64 : 64 - high.toString(2).length;
    this.#put(Math.min(zeros, 62) + 1, address);
  }

  #put(value: number, address: number): void {
    if (this.coupons === undefined) return this.#raise(address & (2 ** this.lgK - 1), value);
    this.coupons.add(value * 2 ** 26 + address);
    const most = this.lgK < 8 ? 8 : (2 ** (this.lgK - 3) * 3) / 4;
    if (this.coupons.size > most) this.toRegisters();
  }

  toRegisters(): void {
    const { coupons } = this;
    if (coupons === undefined) return;
    this.coupons = undefined;
    this.registers = new Uint8Array(2 ** this.lgK);
    for (const coupon of coupons) this.#raise(coupon % 2 ** this.lgK, Math.floor(coupon / 2 ** 26));
    this.hip = coupons.size;
  }

  #raise(at: number, value: number): void {
    const registers = this.registers!;
    const old = registers[at]!;
    if (value <= old) return;
    registers[at] = value;
    if (this.hip !== undefined) this.hip += 2 ** this.lgK / this.#inverse;
    this.#inverse += 2 ** -value - 2 ** -old;
  }

  union(other: HllSketch): void {
    if (other.coupons !== undefined) {
      for (const coupon of other.coupons) this.#put(Math.floor(coupon / 2 ** 26), coupon % 2 ** 26);
      return;
    }
    const own = this.coupons === undefined || this.coupons.size > 0;
    const [hip, isSame] = [other.hip, other.lgK === this.lgK];
    this.toRegisters();
    other.registers!.forEach((value, at) => this.#raise(at & (2 ** this.lgK - 1), value));
    this.hip = own || !isSame ? undefined : hip;
  }

  estimate(): number {
    if (this.coupons !== undefined) return this.coupons.size;
    return this.hip ?? improvedEstimate(this.registers!);
  }

  bytes(): Uint8Array {
    const out = new ByteWriter();
    for (const b of MAGIC) out.byte(b);
    out.byte(this.lgK).byte(this.coupons === undefined ? 1 : 0);
    if (this.coupons !== undefined) {
      out.int(this.coupons.size);
      for (const coupon of this.coupons) out.double(coupon);
    } else {
      out.double(this.hip ?? -1);
      for (const value of this.registers!) out.byte(value);
    }
    return out.bytes();
  }

  static ofBytes(bytes: Uint8Array): HllSketch | undefined {
    return readBytes(bytes, (from) => {
      if (MAGIC.some((b) => from.byte() !== b)) return undefined;
      const sketch = new HllSketch(from.byte());
      if (from.byte() === 0) {
        const size = from.int();
        for (let i = 0; i < size; i++) sketch.coupons!.add(from.double());
        return sketch;
      }
      const hip = from.double();
      sketch.toRegisters();
      sketch.registers!.forEach((_, at, all) => {
        all[at] = from.byte();
        sketch.#inverse += 2 ** -all[at]! - 1;
      });
      sketch.hip = hip < 0 ? undefined : hip;
      return sketch;
    });
  }
}

/** Ertl's algorithm 6. */
function improvedEstimate(registers: Uint8Array): number {
  const m = registers.length;
  const counts = new Array<number>(MOST_VALUE + 2).fill(0);
  for (const value of registers) counts[value]!++;
  let z = m * tau(1 - counts[MOST_VALUE + 1]! / m);
  for (let value = MOST_VALUE; value > 0; value--) z = 0.5 * (z + counts[value]!);
  z += m * sigma(counts[0]! / m);
  return (m / (2 * Math.LN2)) * (m / z);
}

function sigma(start: number): number {
  if (start === 1) return Number.POSITIVE_INFINITY;
  let [x, y, z] = [start, 1, start];
  for (let before = -1; z !== before; y += y) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let [x, y, z] = [start, 1, 1 - start];
  for (let before = -1; z !== before; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}

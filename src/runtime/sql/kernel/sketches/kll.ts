// KLL sketches of quantiles: levels of items, each item of level i standing for 2^i values. Up to k values it is exact. The halves that compaction
// drops are chosen by turns, not at random, so the same values in the same order give the same sketch.
// Source: Karnin, Lang, Liberty, Optimal Quantile Approximation in Streams; DataSketches' KllHelper. The bytes are a form of our own.
import { ByteWriter, readBytes } from './byte-stream.ts';

export type KllItem = number | bigint;
export type KllType = 'bigint' | 'float' | 'double';

export const LEAST_K = 8;
export const MOST_K = 65_535;
export const DEFAULT_K = 200;
const LEAST_LEVEL = 8;
const MAGIC = [0x4b, 0x4c, 0x4c, 1];
const TYPES: readonly KllType[] = ['bigint', 'float', 'double'];

const ascending = (a: KllItem, b: KllItem): number => (a < b ? -1 : a > b ? 1 : 0);

export class KllSketch {
  readonly k: number;
  readonly type: KllType;
  n = 0n;
  min: KllItem | undefined;
  max: KllItem | undefined;
  levels: KllItem[][] = [[]];
  #odd = false;

  constructor(k: number, type: KllType) {
    this.k = k;
    this.type = type;
  }

  update(item: KllItem): void {
    if (Number.isNaN(item)) return;
    this.n++;
    if (this.min === undefined || item < this.min) this.min = item;
    if (this.max === undefined || item > this.max) this.max = item;
    this.levels[0]!.push(item);
    this.#compact();
  }

  merge(other: KllSketch): void {
    this.n += other.n;
    if (other.min !== undefined && (this.min === undefined || other.min < this.min)) this.min = other.min;
    if (other.max !== undefined && (this.max === undefined || other.max > this.max)) this.max = other.max;
    other.levels.forEach((items, i) => {
      this.levels[i] = [...(this.levels[i] ?? []), ...items];
    });
    this.#compact();
  }

  #capacity(level: number): number {
    return Math.max(LEAST_LEVEL, Math.ceil(this.k * (2 / 3) ** (this.levels.length - 1 - level)));
  }

  #compact(): void {
    for (let i = 0; i < this.levels.length; i++) {
      const items = this.levels[i]!;
      if (items.length <= this.#capacity(i)) continue;
      items.sort(ascending);
      const kept = items.length % 2 === 1 ? [items.pop()!] : [];
      this.levels[i + 1] ??= [];
      const from = this.#odd ? 1 : 0;
      this.#odd = !this.#odd;
      this.levels[i + 1]!.push(...items.filter((_, at) => at % 2 === from));
      this.levels[i] = kept;
    }
  }

  /** Items ascending with the number of values up to and with them. */
  #ranked(): readonly (readonly [KllItem, bigint])[] {
    const all = this.levels.flatMap((items, i) => items.map((item) => [item, 1n << BigInt(i)] as const));
    all.sort(([a], [b]) => ascending(a, b));
    let sum = 0n;
    return all.map(([item, weight]) => [item, (sum += weight)] as const);
  }

  /** The least item whose rank is at least this one. @param rank 0 to 1; @returns null: there are no values */
  quantile(rank: number): KllItem | null {
    if (this.n === 0n) return null;
    const ranked = this.#ranked();
    const total = ranked.at(-1)![1];
    const wanted = BigInt(Math.ceil(rank * Number(total)));
    return (ranked.find(([, sum]) => sum >= wanted) ?? ranked.at(-1)!)[0];
  }

  /** The share of values that are at most this. @returns null: there are no values */
  rank(item: KllItem): number | null {
    if (this.n === 0n) return null;
    const ranked = this.#ranked();
    const below = ranked.findLast(([value]) => value <= item)?.[1] ?? 0n;
    return Number(below) / Number(ranked.at(-1)![1]);
  }

  /** Source: KllHelper.toStringImpl. */
  toString(): string {
    const name = { bigint: 'Longs', float: 'Floats', double: 'Doubles' }[this.type];
    const error = (factor: number, power: number): string => `${((factor / this.k ** power) * 100).toFixed(3)}%`;
    const lines: readonly (readonly [string, unknown])[] = [
      ['K', this.k],
      ['N', this.n],
      ['Epsilon', error(2.296, 0.9723)],
      ['Epsilon PMF', error(2.446, 0.9433)],
      ['Empty', this.n === 0n],
      ['Estimation Mode', this.levels.length > 1],
      ['Levels', this.levels.length],
      ['Retained Items', this.levels.reduce((sum, items) => sum + items.length, 0)],
      ['Min Item', this.min ?? 'NaN'],
      ['Max Item', this.max ?? 'NaN'],
    ];
    const shown = lines.map(([label, value]) => `   ${label.padEnd(23)}: ${String(value)}\n`).join('');
    return `\n### KllKll${name}Sketch Summary:\n${shown}### End sketch summary\n`;
  }

  bytes(): Uint8Array {
    const out = new ByteWriter();
    for (const b of MAGIC) out.byte(b);
    out.byte(TYPES.indexOf(this.type)).int(this.k).long(this.n).int(this.levels.length);
    const put = (item: KllItem): unknown => (typeof item === 'bigint' ? out.long(item) : out.double(item));
    if (this.n > 0n) [this.min!, this.max!].forEach(put);
    for (const items of this.levels) {
      out.int(items.length);
      items.forEach(put);
    }
    return out.bytes();
  }
}

/** Whole numbers can be read as floating ones, not the other way. @returns undefined: these are no such bytes */
export function kllOfBytes(bytes: Uint8Array, as: KllType): KllSketch | undefined {
  return readBytes(bytes, (from) => {
    if (MAGIC.some((b) => from.byte() !== b)) return undefined;
    const type = TYPES[from.byte()];
    if (type === undefined || (type !== as && type !== 'bigint')) return undefined;
    const sketch = new KllSketch(from.int(), as);
    sketch.n = from.long();
    const levels = from.int();
    const item = (): KllItem => {
      const read = type === 'bigint' ? from.long() : from.double();
      return as === 'bigint' ? read : Number(read);
    };
    if (sketch.n > 0n) [sketch.min, sketch.max] = [item(), item()];
    sketch.levels = Array.from({ length: levels }, () => Array.from({ length: from.int() }, item));
    return sketch;
  });
}

// One combiner per key, in order of first appearance. While all keys are numbers: open addressing over typed arrays (three times as fast as a
// Map at a million keys); then short strings in a table of their own (string-index.ts), and Maps for the rest: primitives by themselves,
// structures by their text (rdd/key-identity.ts), very long texts by their digest.
import { hash } from 'node:crypto';
import { structureText } from '../rdd/key-identity.ts';
import { refusePromise } from '../rdd/not-awaited.ts';
import { estimateSize } from '../storage/estimate-size.ts';
import { LONGEST, StringIndex } from './string-index.ts';

type Any = any;

/** `create` undefined: a value is its own combiner. `values`: sizes of the values don't change while merging (numbers stay numbers). */
export type Combiner = {
  readonly create: ((value: Any) => Any) | undefined;
  readonly merge: (acc: Any, value: Any) => Any;
  readonly combine: (a: Any, b: Any) => Any;
  /** Whose functions these are, when they are the user's. */
  readonly method?: string | undefined;
};

const FIRST_CAPACITY = 1024;
const LOOKED_AT = 64;
const DRAINED_AT_ONCE = 4096;
/**
 * V8 hashes longer strings by their length alone (String::kMaxHashCalcLength): in a Map all texts of one length would be one chain, each
 * compared with each (3,000 texts of 200 KB took two minutes).
 */
const HASHED_BY_V8 = 16_383;
const bitsOf = new Float64Array(1);
const words = new Int32Array(bitsOf.buffer);

export class AggregateTable {
  readonly #combiner: Combiner;
  /** Dense, in order of appearance. Numbers while `#slots` is there. */
  #numbers: Float64Array = new Float64Array(FIRST_CAPACITY);
  #slots: Int32Array | undefined = new Int32Array(FIRST_CAPACITY * 2);
  #shift = 32 - Math.log2(FIRST_CAPACITY * 2);
  #keys: unknown[] = [];
  readonly #strings = new StringIndex();
  #primitives: Map<unknown, number> | undefined;
  #structures: Map<string, number> | undefined;
  /** Texts, and texts of structures, that V8 does not hash. */
  #digests: Map<string, number> | undefined;
  #values: unknown[] = [];
  /** Where the last value of the last batch went. */
  #latest = 0;

  constructor(combiner: Combiner) {
    this.#combiner = combiner;
  }

  get size(): number {
    return this.#values.length;
  }

  /** `keys[i]` belongs to `values[i]`. Valid until the next change. */
  get keys(): ArrayLike<unknown> {
    return this.#slots ? this.#numbers.subarray(0, this.size) : this.#keys;
  }

  get values(): unknown[] {
    return this.#values;
  }

  /** All of it, a part at a time; nothing is kept of what was taken, as what is made of it needs the memory. The table is of no use afterwards. */
  drain(take: (keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number) => void): void {
    this.refusePromises();
    const { keys, size } = this;
    for (let at = 0; at < size; at += DRAINED_AT_ONCE) {
      const to = Math.min(size, at + DRAINED_AT_ONCE);
      const part = keys instanceof Float64Array ? keys.subarray(at, to) : this.#keys.slice(at, to);
      take(part, this.#values.slice(at, to), to - at);
      this.#values.fill(undefined, at, to);
      if (this.#slots === undefined) this.#keys.fill(undefined, at, to);
    }
  }

  /** Values that were not combined before. */
  addValues(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): void {
    this.#upsert(keys, values, n, this.#combiner.create, this.#combiner.merge);
  }

  /** Combiners of another table. */
  addCombiners(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): void {
    this.#upsert(keys, values, n, undefined, this.#combiner.combine);
  }

  /** Once, when the table is handed on. @throws TypeError when the user's functions gave a promise for a key */
  refusePromises(): void {
    const { method } = this.#combiner;
    if (method === undefined) return;
    for (const value of this.#values) if (value instanceof Promise) refusePromise(value, method);
  }

  /** About what the table holds, from a sample. O(1). */
  estimateBytes(): number {
    const n = this.size;
    if (n === 0) return 0;
    const looked = Math.min(n, LOOKED_AT);
    let bytes = 0;
    for (let i = 0; i < looked; i++) {
      const at = Math.floor((i * n) / looked);
      bytes += estimateSize(this.#values[at]) + (this.#slots ? 0 : estimateSize(this.#keys[at]) + 48);
    }
    const perEntry = bytes / looked + 8;
    // A hot key's group is hardly ever in the sample, but it is where the latest value went.
    const latest = Math.max(0, estimateSize(this.#values[this.#latest]) - perEntry);
    return n * perEntry + latest + (this.#slots ? this.#numbers.byteLength + this.#slots.byteLength : 0);
  }

  #upsert(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number, create: Combiner['create'], merge: Combiner['merge']): void {
    let i = 0;
    if (this.#slots) i = this.#upsertNumbers(keys, values, n, create, merge);
    if (i === n) return;
    const all = this.#values;
    const strings = this.#strings;
    strings.hashAll(keys, i, n);
    for (; i < n; i++) {
      const key = keys[i];
      const isShort = typeof key === 'string' && key.length <= LONGEST;
      const at = isShort ? strings.find(i, key, this.#keys, all.length) : this.#indexOf(key);
      const value = values[i];
      if (i === n - 1) this.#latest = at;
      if (at < all.length) all[at] = merge(all[at], value);
      else {
        all.push(create ? create(value) : value);
        this.#keys.push(key === 0 ? 0 : key);
      }
    }
  }

  /** @returns where it stopped: at n, or at the first key that is not a number (the table is generic from there) */
  #upsertNumbers(
    keys: ArrayLike<unknown>,
    values: ArrayLike<unknown>,
    n: number,
    create: Combiner['create'],
    merge: Combiner['merge'],
  ): number {
    const all = this.#values;
    let slots = this.#slots!;
    let numbers = this.#numbers;
    let mask = slots.length - 1;
    let shift = this.#shift;
    for (let i = 0; i < n; i++) {
      const key = keys[i];
      if (typeof key !== 'number' || Number.isNaN(key)) {
        this.#becomeGeneric();
        return i;
      }
      let slot = Math.imul((key | 0) === key ? key | 0 : scrambled(key), 0x9e3779b1) >>> shift;
      let at = slots[slot]!;
      while (at !== 0 && numbers[at - 1] !== key) {
        slot = (slot + 1) & mask;
        at = slots[slot]!;
      }
      if (at !== 0) {
        all[at - 1] = merge(all[at - 1], values[i]);
        if (i === n - 1) this.#latest = at - 1;
        continue;
      }
      const value = values[i];
      const made = create ? create(value) : value;
      numbers[all.length] = key + 0;
      all.push(made);
      slots[slot] = all.length;
      if (all.length === numbers.length) {
        this.#grow();
        slots = this.#slots!;
        numbers = this.#numbers;
        mask = slots.length - 1;
        shift = this.#shift;
      }
    }
    return n;
  }

  #grow(): void {
    const n = this.#numbers.length;
    const numbers = new Float64Array(n * 2);
    numbers.set(this.#numbers);
    const slots = new Int32Array(n * 4);
    const mask = slots.length - 1;
    this.#shift--;
    for (let i = 0; i < n; i++) {
      const key = numbers[i]!;
      let slot = Math.imul((key | 0) === key ? key | 0 : scrambled(key), 0x9e3779b1) >>> this.#shift;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = i + 1;
    }
    this.#numbers = numbers;
    this.#slots = slots;
  }

  #becomeGeneric(): void {
    this.#primitives = new Map();
    this.#keys = Array.from(this.#numbers.subarray(0, this.size));
    for (let i = 0; i < this.#keys.length; i++) this.#primitives.set(this.#keys[i], i);
    this.#slots = undefined;
    this.#numbers = new Float64Array(0);
  }

  /** The index of a key that is no short string, or `size` when it is new (and then it is noted there). */
  #indexOf(key: unknown): number {
    let map: Map<unknown, number>;
    let name = key;
    if (typeof key === 'object' && key !== null) {
      map = this.#structures ??= new Map();
      name = structureText(key);
    } else map = this.#primitives!;
    if (typeof name === 'string' && name.length > HASHED_BY_V8) {
      map = this.#digests ??= new Map();
      name = digestOf(name, name === key);
    }
    const at = map.get(name);
    if (at !== undefined) return at;
    map.set(name, this.size);
    return this.size;
  }
}

/** Two bytes a unit: lone surrogates stay apart. */
const digestOf = (text: string, isText: boolean) => (isText ? 't' : 's') + hash('sha256', Buffer.from(text, 'utf16le'), 'base64');

/** Bits of a double, folded. */
function scrambled(key: number): number {
  bitsOf[0] = key;
  return words[0]! ^ Math.imul(words[1]!, 0x85ebca6b);
}

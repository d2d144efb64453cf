// The items that come most often, counted approximately: exact up to three quarters of the table's size, then with an error that is known.
// Which of equally frequent items comes first is DataSketches' order of its table. Source: ItemsSketch and ReversePurgeItemHashMap of DataSketches,
// ApproxTopK of Spark 4.2.

/** An item as text, so that it can be a key; its hash code in Java. */
export type Item = { readonly key: string; readonly hashCode: number };
export type FrequentItem = { readonly key: string; readonly count: bigint };

const LEAST_LG_SIZE = 3;
const LOAD_FACTOR = 0.75;
const SAMPLE = 1024;
const GOLDEN_RATIO_RECIPROCAL = (Math.sqrt(5) - 1) / 2;

/** Where an item's search begins. */
function spread(hashCode: number): bigint {
  let key = BigInt.asUintN(64, BigInt(hashCode));
  key = BigInt.asUintN(64, (key ^ (key >> 33n)) * 0xff51afd7ed558ccdn);
  key = BigInt.asUintN(64, (key ^ (key >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return key ^ (key >> 33n);
}

type Entry = Item & { count: bigint };

export class FrequentItems {
  readonly #most: number;
  #lgSize = LEAST_LG_SIZE;
  #slots: (Entry | undefined)[] = Array.from({ length: 1 << LEAST_LG_SIZE });
  readonly #places = new Map<string, Entry>();
  /** What each count may be too low by. */
  #offset = 0n;

  /** @param maxItems how many items are to be told apart at most */
  constructor(maxItems: number) {
    this.#most = Math.max(LEAST_LG_SIZE, Math.ceil(Math.log2(Math.ceil(maxItems / LOAD_FACTOR))));
  }

  update(item: Item, count = 1n): void {
    const known = this.#places.get(item.key);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    this.#put({ ...item, count });
    if (this.#places.size <= LOAD_FACTOR * this.#slots.length) return;
    if (this.#lgSize < this.#most) this.#rebuild(++this.#lgSize, [...this.#slots]);
    else this.#purge();
  }

  merge(other: FrequentItems): void {
    for (const { key, hashCode, count } of other.#inOrder()) this.update({ key, hashCode }, count);
    this.#offset += other.#offset;
  }

  /** Those that are surely as frequent as is said, most frequent first. */
  top(k: number): FrequentItem[] {
    const sure = this.#inOrder().filter((e) => e.count > this.#offset || this.#offset === 0n);
    sure.sort((a, b) => (a.count < b.count ? 1 : a.count > b.count ? -1 : 0));
    return sure.slice(0, k).map(({ key, count }) => ({ key, count: count + this.#offset }));
  }

  /** What `ofJson` takes. */
  toJson(): unknown {
    const entries = this.#slots.flatMap((e) => (e === undefined ? [] : [[e.key, e.hashCode, String(e.count)]]));
    return { lgSize: this.#lgSize, offset: String(this.#offset), entries };
  }

  static ofJson(json: unknown, maxItems: number): FrequentItems {
    const { lgSize, offset, entries } = json as { lgSize: number; offset: string; entries: [string, number, string][] };
    const made = new FrequentItems(maxItems);
    made.#rebuild((made.#lgSize = Math.min(lgSize, made.#most)), []);
    for (const [key, hashCode, count] of entries) made.update({ key, hashCode }, BigInt(count));
    made.#offset += BigInt(offset);
    return made;
  }

  #put(entry: Entry): void {
    const mask = this.#slots.length - 1;
    let at = Number(spread(entry.hashCode) & BigInt(mask));
    while (this.#slots[at] !== undefined) at = (at + 1) & mask;
    this.#slots[at] = entry;
    this.#places.set(entry.key, entry);
  }

  #rebuild(lgSize: number, entries: readonly (Entry | undefined)[]): void {
    this.#slots = Array.from({ length: 1 << lgSize });
    this.#places.clear();
    for (const entry of entries) if (entry !== undefined) this.#put(entry);
  }

  /** Takes the median of some counts from all, and leaves out what is no more. */
  #purge(): void {
    const active = this.#slots.filter((e) => e !== undefined);
    const sample = active.slice(0, SAMPLE).map((e) => e.count);
    sample.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const median = sample[Math.floor(sample.length / 2)]!;
    for (const entry of active) entry.count -= median;
    this.#offset += median;
    this.#rebuild(
      this.#lgSize,
      active.filter((e) => e.count > 0n),
    );
  }

  /** In the order in which DataSketches goes through its table. */
  #inOrder(): Entry[] {
    const size = this.#slots.length;
    const stride = Math.trunc(size * GOLDEN_RATIO_RECIPROCAL) | 1;
    return Array.from({ length: size }, (_, i) => this.#slots[(i * stride) % size]).filter((e) => e !== undefined);
  }
}

// A persisted partition: from the store if it is there, else computed and kept on the way, if it fits. A partition that turns out too large
// is handed on without being kept, and without having been held whole. Source: Spark's MemoryStore.putIteratorAsValues (unrolling).
import { estimateSize } from '../../storage/estimate-size.ts';
import type { PartitionStore } from '../../storage/partition-store.ts';
import { ArrayRows, END, Rows } from './rows.ts';
import type { Task } from './running-task.ts';

export class CachedRows extends Rows {
  readonly #place: { readonly rddId: number; readonly partition: number };
  readonly #store: PartitionStore;
  readonly #task: Task;
  readonly #compute: () => Rows;
  #from: Rows | undefined;
  #rest: Rows | undefined;

  constructor(place: { rddId: number; partition: number }, store: PartitionStore, task: Task, compute: () => Rows) {
    super();
    this.#place = place;
    this.#store = store;
    this.#task = task;
    this.#compute = compute;
  }

  override next(): number | Promise<number> {
    if (this.#from) return this.#hand(this.#from);
    const known = this.#store.get(this.#place.rddId, this.#place.partition);
    if (known) {
      this.#from = new ArrayRows(known.rows, this.#task.check);
      return this.next();
    }
    const source = this.#compute();
    const gathered: unknown[] = [];
    const size = { bytes: 0, rows: 0 };
    for (;;) {
      const n = source.next();
      if (typeof n !== 'number') return this.#gatherLater(source, n, gathered, size);
      if (!this.#gather(source, n, gathered, size)) return this.next();
    }
  }

  async #gatherLater(source: Rows, first: Promise<number>, gathered: unknown[], size: { bytes: number; rows: number }): Promise<number> {
    for (let n = await first; this.#gather(source, n, gathered, size); ) n = await source.next();
    return this.next();
  }

  /** @returns false when gathering is over: everything is here, or it is too much */
  #gather(source: Rows, n: number, gathered: unknown[], size: { bytes: number; rows: number }): boolean {
    if (n === END) {
      this.#keep(gathered, size.bytes);
      return false;
    }
    for (let i = 0; i < n; i++) gathered.push(source.rows[i]);
    if (n > 0) size.bytes += sampledBytes(source.rows, n);
    if (this.#store.couldHold(size.bytes, this.#place.rddId)) return true;
    this.#from = new ArrayRows(gathered, this.#task.check);
    this.#rest = source;
    return false;
  }

  #keep(rows: unknown[], bytes: number): void {
    this.#store.put({ ...this.#place, rows, bytes });
    this.#from = new ArrayRows(rows, this.#task.check);
  }

  #hand(from: Rows): number | Promise<number> {
    const n = from.next();
    if (typeof n !== 'number') return n.then((m) => this.#handed(from, m));
    return this.#handed(from, n);
  }

  #handed(from: Rows, n: number): number | Promise<number> {
    if (n === END && this.#rest && from !== this.#rest) {
      this.#from = this.#rest;
      return this.#hand(this.#rest);
    }
    this.rows = from.rows;
    return n;
  }
}

const LOOKED_AT = 8;

export function sampledBytes(rows: readonly unknown[], n: number): number {
  const looked = Math.min(n, LOOKED_AT);
  let bytes = 0;
  for (let i = 0; i < looked; i++) bytes += 8 + estimateSize(rows[Math.floor((i * n) / looked)]);
  return Math.ceil((bytes / looked) * n);
}

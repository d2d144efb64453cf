// Looks whether a thread's heap really has room for more: cached objects, rows of a result. Estimates of sizes can be wrong by a factor (a string
// made of pieces takes three times its characters); the heap's own figure can't, but counts garbage. So near the limit garbage is collected, and then
// asked again.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Shares of the limit. */
export type HeapShares = {
  /** Above it, it is worth a collection to know. */
  readonly lookAt: number;
  /** What living objects may take; V8 needs the rest to work at all. */
  readonly most: number;
  /** After a collection the next is due when so much more is used. */
  readonly step: number;
};
const FOR_BLOCKS: HeapShares = { lookAt: 0.8, most: 0.7, step: 0.08 };

export type Heap = { used(): number; readonly limit: number; collect(): void };

export class HeapGuard {
  readonly #heap: Heap;
  readonly #shares: HeapShares;
  #lookAt: number;
  #hasRoom = true;

  constructor(heap: Heap = ownHeap(), shares = FOR_BLOCKS) {
    this.#heap = heap;
    this.#shares = shares;
    this.#lookAt = heap.limit * shares.lookAt;
  }

  /** About a microsecond; near the limit, now and then, a collection. */
  hasRoom(): boolean {
    const { limit } = this.#heap;
    const { lookAt, most, step } = this.#shares;
    const used = this.#heap.used();
    if (used < limit * most) return true;
    if (used >= this.#lookAt) {
      this.#heap.collect();
      const living = this.#heap.used();
      this.#hasRoom = living < limit * most;
      this.#lookAt = Math.max(limit * lookAt, living + limit * step);
    } else if (used < limit * lookAt) this.#hasRoom = true;
    return this.#hasRoom;
  }
}

let collector: (() => void) | undefined;
/** All living objects are found and the rest is freed: tenths of a second. */
export function collect(): void {
  collector ??= exposedCollector();
  collector();
}

const ownHeap = (): Heap => ({ used: () => getHeapStatistics().used_heap_size, limit: getHeapStatistics().heap_size_limit, collect });

/** V8's own, without a flag at the start of the process. */
export function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return gc;
}

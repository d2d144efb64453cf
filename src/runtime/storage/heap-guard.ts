// Looks whether a thread's heap really has room for more cached objects. Estimates of sizes can be wrong by a factor (a string made of pieces takes
// three times its characters); the heap's own figure can't, but counts garbage. So near the limit garbage is collected, and then asked again.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Share of the limit above which it is worth a collection to know. */
const LOOK_AT = 0.8;
/** Share of the limit that cached and other living objects may take; V8 needs the rest to work at all. */
const MOST = 0.7;
/** After a collection the next is due when so much more of the limit is used. */
const STEP = 0.08;

export type Heap = { used(): number; readonly limit: number; collect(): void };

export class HeapGuard {
  readonly #heap: Heap;
  #lookAt: number;
  #hasRoom = true;

  constructor(heap: Heap = ownHeap()) {
    this.#heap = heap;
    this.#lookAt = heap.limit * LOOK_AT;
  }

  /** About a microsecond; near the limit, now and then, a collection. */
  hasRoom(): boolean {
    const { limit } = this.#heap;
    const used = this.#heap.used();
    if (used < limit * MOST) return true;
    if (used >= this.#lookAt) {
      this.#heap.collect();
      const living = this.#heap.used();
      this.#hasRoom = living < limit * MOST;
      this.#lookAt = Math.max(limit * LOOK_AT, living + limit * STEP);
    } else if (used < limit * LOOK_AT) this.#hasRoom = true;
    return this.#hasRoom;
  }
}

function ownHeap(): Heap {
  let collector: (() => void) | undefined;
  return {
    used: () => getHeapStatistics().used_heap_size,
    limit: getHeapStatistics().heap_size_limit,
    collect: () => {
      collector ??= exposedCollector();
      collector();
    },
  };
}

/** V8's own, without a flag at the start of the process. */
export function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return gc;
}

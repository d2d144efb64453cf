// What one sort or table may hold, growing as the task's memory allows: it asks for twice of what it has, and spills when it does not get it.
// The pool behind it is storage/memory-pool.ts. Source: Spark's Spillable.maybeSpill.

/** Memory of one task. */
export interface ExecutionMemory {
  /** @returns bytes granted, 0 … bytes */
  acquire(bytes: number): number;
  release(bytes: number): void;
  /** Whether the heap itself is nearly full: estimates fall short where V8 keeps more than the values say (texts that were put together). */
  isHeapTight?(): boolean;
}

export class MemoryShare {
  readonly #memory: ExecutionMemory;
  readonly #firstBytes: number;
  #granted = 0;

  /** @param firstBytes are held without being asked for */
  constructor(memory: ExecutionMemory, firstBytes: number) {
    this.#memory = memory;
    this.#firstBytes = firstBytes;
  }

  /** @returns false when so much may not be held: spill, then give back */
  allows(bytes: number): boolean {
    const limit = this.#firstBytes + this.#granted;
    if (bytes > this.#firstBytes && this.#memory.isHeapTight?.()) return false;
    if (bytes <= limit) return true;
    this.#granted += this.#memory.acquire(2 * bytes - limit);
    return bytes <= this.#firstBytes + this.#granted;
  }

  giveBack(): void {
    if (this.#granted > 0) this.#memory.release(this.#granted);
    this.#granted = 0;
  }
}

/** Bounded by a number alone. */
export function fixedMemory(bytes: number): ExecutionMemory {
  let free = bytes;
  return {
    acquire(asked) {
      const granted = Math.min(free, asked);
      free -= granted;
      return granted;
    },
    release(given) {
      free += given;
    },
  };
}

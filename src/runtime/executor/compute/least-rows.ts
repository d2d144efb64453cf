// The `limit` least rows of many, in O(log limit) a row: a heap with the largest of them on top. Source: Spark's BoundedPriorityQueue.

export class LeastRows {
  readonly #limit: number;
  readonly #compare: (a: unknown, b: unknown) => number;
  readonly #heap: unknown[] = [];

  constructor(limit: number, compare: (a: unknown, b: unknown) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(row: unknown): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(row);
      this.#up(heap.length - 1);
    } else if (this.#limit > 0 && this.#compare(row, heap[0]) < 0) {
      heap[0] = row;
      this.#down();
    }
  }

  sorted(): unknown[] {
    return [...this.#heap].sort(this.#compare);
  }

  #up(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (this.#compare(heap[at], heap[parent]) <= 0) return;
      [heap[at], heap[parent]] = [heap[parent], heap[at]];
      at = parent;
    }
  }

  #down(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      let largest = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && this.#compare(heap[child], heap[largest]) > 0) largest = child;
      if (largest === at) return;
      [heap[at], heap[largest]] = [heap[largest], heap[at]];
      at = largest;
    }
  }
}

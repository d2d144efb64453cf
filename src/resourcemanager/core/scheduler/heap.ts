// An indexed binary heap: whoever comes first by `before` is on top, and an item whose place changed is moved in O(log n) without a
// search. Each item knows its place; an item is in at most one heap at a time.

export type HeapItem = { heapAt: number };

export class Heap<T extends HeapItem> {
  readonly items: T[] = [];
  /** The first of them. */
  top: T | undefined = undefined;
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.items.length;
  }

  has(item: T): boolean {
    return item.heapAt >= 0;
  }

  push(item: T): void {
    if (item.heapAt >= 0) return;
    item.heapAt = this.items.push(item) - 1;
    this.#up(item.heapAt);
    this.top = this.items[0];
  }

  remove(item: T): void {
    const at = item.heapAt;
    if (at < 0) return;
    item.heapAt = -1;
    const last = this.items.pop()!;
    if (last !== item) {
      this.items[at] = last;
      last.heapAt = at;
      this.#up(at);
      this.#down(last.heapAt);
    }
    this.top = this.items[0];
  }

  /** What `before` looks at has changed. */
  fix(item: T): void {
    if (item.heapAt < 0) return;
    this.#up(item.heapAt);
    this.#down(item.heapAt);
    this.top = this.items[0];
  }

  /** Of many items. O(n). */
  rebuild(): void {
    for (let at = (this.items.length >> 1) - 1; at >= 0; at--) this.#down(at);
    this.top = this.items[0];
  }

  #up(start: number): void {
    const { items } = this;
    const item = items[start]!;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(item, items[parent]!)) break;
      items[at] = items[parent]!;
      items[at]!.heapAt = at;
      at = parent;
    }
    items[at] = item;
    item.heapAt = at;
  }

  #down(start: number): void {
    const { items } = this;
    const item = items[start]!;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#before(items[child + 1]!, items[child]!)) child++;
      if (!this.#before(items[child]!, item)) break;
      items[at] = items[child]!;
      items[at]!.heapAt = at;
      at = child;
    }
    items[at] = item;
    item.heapAt = at;
  }
}

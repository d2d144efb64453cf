// Whose turn it is among the children of one queue: an indexed binary heap, smallest share first, ties by the order in
// the file. Indexed, so that a queue whose use changed is moved in O(log n) without a search.

export type HeapItem = { share: number; readonly ordinal: number; heapAt: number };

const before = (a: HeapItem, b: HeapItem): boolean => a.share < b.share || (a.share === b.share && a.ordinal < b.ordinal);

export class QueueHeap<T extends HeapItem> {
  readonly #items: T[] = [];

  get top(): T | undefined {
    return this.#items[0];
  }

  has(item: T): boolean {
    return item.heapAt >= 0;
  }

  push(item: T): void {
    if (item.heapAt >= 0) return;
    item.heapAt = this.#items.push(item) - 1;
    this.#up(item.heapAt);
  }

  remove(item: T): void {
    const at = item.heapAt;
    if (at < 0) return;
    item.heapAt = -1;
    const last = this.#items.pop()!;
    if (last === item) return;
    this.#items[at] = last;
    last.heapAt = at;
    this.#up(at);
    this.#down(last.heapAt);
  }

  /** Its share changed. */
  fix(item: T): void {
    if (item.heapAt < 0) return;
    this.#up(item.heapAt);
    this.#down(item.heapAt);
  }

  /** Many shares changed at once. O(n). */
  rebuild(): void {
    for (let at = (this.#items.length >> 1) - 1; at >= 0; at--) this.#down(at);
  }

  #up(start: number): void {
    const items = this.#items;
    const item = items[start]!;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[at] = items[parent]!;
      items[at]!.heapAt = at;
      at = parent;
    }
    items[at] = item;
    item.heapAt = at;
  }

  #down(start: number): void {
    const items = this.#items;
    const item = items[start]!;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
      if (!before(items[child]!, item)) break;
      items[at] = items[child]!;
      items[at]!.heapAt = at;
      at = child;
    }
    items[at] = item;
    item.heapAt = at;
  }
}

// Time that moves only when told to. Runs what is due, in order of time and then of scheduling.

type Due = { atMs: number; seq: number; run: () => void };
const before = (a: Due, b: Due): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);

export class VirtualTime {
  nowMs: number;
  #seq = 0;
  readonly #heap: Due[] = [];

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  after(delayMs: number, run: () => void): void {
    const due = { atMs: this.nowMs + Math.max(0, delayMs), seq: this.#seq++, run };
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(due, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  /** @returns false when nothing is scheduled up to `untilMs` */
  step(untilMs: number): boolean {
    const heap = this.#heap;
    const due = heap[0];
    if (due === undefined || due.atMs > untilMs) return false;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
        if (!before(heap[child]!, last)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
    }
    this.nowMs = due.atMs;
    due.run();
    return true;
  }
}

// Task id → row in the columns of a stage attempt. Ids of a stage lie close together and come nearly in order, so they index an array; the few
// that lie elsewhere (retries, copies, ids below the first one seen) are in a map. Both find a row in the same short time, in whatever order tasks come.

const LEAST = 1024;

export class RowIndex {
  #base = 0;
  #count = 0;
  /** Row + 1 at id - base; 0: none. */
  #rows = new Int32Array(0);
  readonly #far = new Map<number, number>();

  set(id: number, row: number): void {
    if (this.#count++ === 0) this.#base = id - (id % LEAST);
    const at = id - this.#base;
    if (at < 0 || at >= LEAST + 4 * this.#count) {
      this.#far.set(id, row);
      return;
    }
    if (at >= this.#rows.length) {
      const wider = new Int32Array(Math.max(LEAST, this.#rows.length * 2, at + 1));
      wider.set(this.#rows);
      this.#rows = wider;
    }
    this.#rows[at] = row + 1;
  }

  /** -1: not here */
  get(id: number): number {
    const at = id - this.#base;
    const row = at >= 0 && at < this.#rows.length ? this.#rows[at]! : 0;
    return row > 0 ? row - 1 : (this.#far.get(id) ?? -1);
  }

  clear(): void {
    this.#count = 0;
    this.#rows = new Int32Array(0);
    this.#far.clear();
  }
}

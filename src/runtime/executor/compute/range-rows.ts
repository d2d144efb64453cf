// The numbers of one slice of a range. Source: SparkContext.range: slice i is [i*count/slices, (i+1)*count/slices) of the numbers.
import { CHUNK, END, Rows } from './rows.ts';

export class RangeRows extends Rows {
  readonly #start: number;
  readonly #step: number;
  readonly #to: number;
  readonly #check: () => void;
  #at: number;

  constructor(
    { start, step, count, slices }: { start: number; step: number; count: number; slices: number },
    partition: number,
    check: () => void,
  ) {
    super();
    this.#start = start;
    this.#step = step;
    this.#check = check;
    this.#at = Math.floor((partition * count) / slices);
    this.#to = Math.floor(((partition + 1) * count) / slices);
  }

  override next(): number {
    this.#check();
    const n = Math.min(CHUNK, this.#to - this.#at);
    if (n <= 0) return END;
    const from = this.#start + this.#at * this.#step;
    const step = this.#step;
    const rows = this.rows;
    for (let i = 0; i < n; i++) rows[i] = from + i * step;
    this.#at += n;
    return n;
  }
}

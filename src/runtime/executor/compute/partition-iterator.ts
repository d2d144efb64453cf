// The iterator that mapPartitions and foreachPartition hand to user code: rows one by one out of the pipeline's chunks. It extends the
// language's Iterator, so `rows.map(…).filter(…)` works on it.
import { END, type Rows } from './rows.ts';

export class PartitionIterator<T> extends Iterator<T, undefined, unknown> {
  readonly #source: Rows;
  #rows: unknown[] = [];
  #at = 0;
  #n = 0;

  constructor(source: Rows, first?: number) {
    super();
    this.#source = source;
    if (first !== undefined) this.#take(first);
  }

  override next(): IteratorResult<T, undefined> {
    while (this.#at >= this.#n) {
      if (this.#n === END) return { value: undefined, done: true };
      const n = this.#source.next();
      if (typeof n !== 'number')
        throw new Error('The rows before this mapPartitions became asynchronous half way: make all its branches asynchronous, or none');
      this.#take(n);
    }
    return { value: this.#rows[this.#at++] as T, done: false };
  }

  #take(n: number): void {
    this.#rows = this.#source.rows;
    this.#at = 0;
    this.#n = n;
  }
}

/**
 * Opens the iterator. Behind asynchronous user code its rows are gathered first, because user code pulls synchronously.
 */
export function openIterator(source: Rows): PartitionIterator<unknown> | Promise<PartitionIterator<unknown>> {
  const n = source.next();
  return typeof n === 'number' ? new PartitionIterator(source, n) : gather(source, n);
}

async function gather(source: Rows, first: Promise<number>): Promise<PartitionIterator<unknown>> {
  const all: unknown[] = [];
  for (let n = await first; n !== END; n = await source.next()) for (let i = 0; i < n; i++) all.push(source.rows[i]);
  return new PartitionIterator({ rows: all, next: () => END } as unknown as Rows, all.length === 0 ? END : all.length);
}

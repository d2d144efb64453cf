// mapPartitions: user code gets an iterator and gives back an array, an iterable, an async iterable, or a promise of one of these.
import { openIterator, type PartitionIterator } from './partition-iterator.ts';
import { ChunkLength, END, Rows } from './rows.ts';

type PartitionFunction = (rows: PartitionIterator<unknown>) => unknown;
type Pull = () => number | Promise<number>;

export class PartitionFunctionRows extends Rows {
  readonly #parent: Rows;
  readonly #f: PartitionFunction;
  readonly #length = new ChunkLength();
  #pull: Pull | undefined;

  constructor(parent: Rows, f: PartitionFunction) {
    super();
    this.#parent = parent;
    this.#f = f;
  }

  override next(): number | Promise<number> {
    if (this.#pull) return this.#pull();
    const iterator = openIterator(this.#parent);
    return iterator instanceof Promise ? iterator.then((rows) => this.#start(this.#f(rows))) : this.#start(this.#f(iterator));
  }

  #start(output: unknown): number | Promise<number> {
    if (output instanceof Promise) return output.then((given) => this.#start(given));
    this.#pull = this.#pullOf(output);
    return this.#pull();
  }

  #pullOf(output: unknown): Pull {
    const sync = (output as Iterable<unknown> | null | undefined)?.[Symbol.iterator];
    if (typeof sync === 'function') {
      const iterator = sync.call(output);
      return () => this.#sync(iterator);
    }
    const later = (output as AsyncIterable<unknown> | null | undefined)?.[Symbol.asyncIterator];
    if (typeof later === 'function') {
      const iterator = later.call(output);
      return () => this.#later(iterator);
    }
    throw new TypeError(`mapPartitions: the function must return something iterable, got ${output === null ? 'null' : typeof output}`);
  }

  #sync(iterator: Iterator<unknown>): number {
    const most = this.#length.rows;
    let n = 0;
    while (n < most) {
      const { value, done } = iterator.next();
      if (done) return n === 0 ? END : n;
      this.rows[n++] = value;
    }
    this.#length.measure(this.rows, n);
    return n;
  }

  async #later(iterator: AsyncIterator<unknown>): Promise<number> {
    const most = this.#length.rows;
    let n = 0;
    while (n < most) {
      const { value, done } = await iterator.next();
      if (done) return n === 0 ? END : n;
      this.rows[n++] = value;
    }
    this.#length.measure(this.rows, n);
    return n;
  }
}

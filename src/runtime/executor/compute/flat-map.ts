// flatMap: each row gives an iterable. Arrays are copied over whole; other iterables are pulled lazily, so a generator may be endless.
import { NOT_AWAITED, refusePromise } from '../../rdd/not-awaited.ts';
import { ChunkLength, Rows } from './rows.ts';

/** An array up to this long goes into the chunk at once. */
const WHOLE = 4096;

export class FlatMapRows extends Rows {
  readonly #parent: Rows;
  readonly #f: (row: any) => Iterable<unknown>;
  readonly #length = new ChunkLength();
  #source: unknown[] = [];
  #at = 0;
  #n = 0;
  #open: Iterator<unknown> | undefined;

  constructor(parent: Rows, f: (row: any) => Iterable<unknown>) {
    super();
    this.#parent = parent;
    this.#f = f;
  }

  override next(): number | Promise<number> {
    if (this.#open || this.#at < this.#n) return this.#fill();
    const n = this.#parent.next();
    return typeof n === 'number' ? this.#start(n) : n.then((m) => this.#start(m));
  }

  #start(n: number): number {
    if (n <= 0) return n;
    this.#source = this.#parent.rows;
    this.#at = 0;
    this.#n = n;
    return this.#fill();
  }

  #fill(): number {
    const out = this.rows;
    const f = this.#f;
    const most = this.#length.rows;
    let count = this.#open ? this.#pull(this.#open, 0) : 0;
    while (count < most && this.#at < this.#n) {
      const given = f(this.#source[this.#at++]);
      if (Array.isArray(given) && given.length <= WHOLE) {
        for (let i = 0; i < given.length; i++) out[count++] = given[i];
      } else {
        count = this.#pull(iteratorOf(given), count);
      }
    }
    this.#length.measure(out, count);
    return count;
  }

  /** @returns the new count; the iterator stays open when the chunk is full first */
  #pull(iterator: Iterator<unknown>, from: number): number {
    let count = from;
    this.#open = iterator;
    while (count < this.#length.rows) {
      const { value, done } = iterator.next();
      if (done) {
        this.#open = undefined;
        break;
      }
      this.rows[count++] = value;
    }
    return count;
  }
}

function iteratorOf(given: unknown): Iterator<unknown> {
  const make = (given as Iterable<unknown> | null | undefined)?.[Symbol.iterator];
  refusePromise(given, 'flatMap');
  if (typeof (given as AsyncIterable<unknown> | undefined)?.[Symbol.asyncIterator] === 'function')
    throw new TypeError(`flatMap: ${NOT_AWAITED}`);
  if (typeof make !== 'function')
    throw new TypeError(`flatMap: the function must return something iterable, got ${given === null ? 'null' : typeof given}`);
  return make.call(given);
}

// The pull pipeline: each operation hands over its rows in chunks, so a row costs neither an allocation nor an await of the engine's.
// A chunk is `rows[0, n)`, valid until the next pull; it is bounded by rows and, where rows are made, by bytes. Only asynchronous user code makes a pull a promise; everything else stays synchronous.

import { estimateSize } from '../../storage/estimate-size.ts';

/** Rows that a chunk aims for. */
export const CHUNK = 1024;
/** Bytes that a chunk aims for: each operation of a pipeline holds one. */
export const CHUNK_BYTES = 1 << 20;
/** No more rows. */
export const END = -1;

export abstract class Rows {
  rows: unknown[] = [];
  /** @returns how many rows are in `rows` now (0 is possible), or END; a promise of it behind asynchronous user code */
  abstract next(): number | Promise<number>;
}

/** One chunk in, one chunk out. */
export abstract class ChunkOp extends Rows {
  protected readonly parent: Rows;

  constructor(parent: Rows) {
    super();
    this.parent = parent;
  }

  override next(): number | Promise<number> {
    const n = this.parent.next();
    if (typeof n === 'number') return n > 0 ? this.apply(this.parent.rows, n) : n;
    return n.then((m) => (m > 0 ? this.apply(this.parent.rows, m) : m));
  }

  protected abstract apply(source: unknown[], n: number): number;
}

/** Rows that lie in memory. They are handed over as they are: the pipeline must not change them. */
export class ArrayRows extends Rows {
  readonly #all: readonly unknown[];
  readonly #check: () => void;
  #at = 0;

  constructor(all: readonly unknown[], check: () => void = () => {}) {
    super();
    this.#all = all;
    this.#check = check;
  }

  override next(): number {
    this.#check();
    const n = Math.min(CHUNK, this.#all.length - this.#at);
    if (n <= 0) return END;
    for (let i = 0; i < n; i++) this.rows[i] = this.#all[this.#at + i];
    this.#at += n;
    return n;
  }
}

const FIRST_LENGTH = 16;
const GROWTH = 16;

/**
 * How many rows the next chunk takes of an operation that may make large rows. Begins low and is measured at each chunk's first and last row:
 * small rows are at CHUNK from the third chunk on, and pay one look in CHUNK rows.
 */
export class ChunkLength {
  rows = FIRST_LENGTH;

  /** @param chunk as it was handed over; what it held beyond the new length is let go */
  measure(chunk: unknown[], n: number): void {
    if (n === 0) return;
    const bytes = (estimateSize(chunk[0]) + estimateSize(chunk[n - 1])) / 2;
    this.rows = Math.max(1, Math.min(CHUNK, this.rows * GROWTH, Math.floor(CHUNK_BYTES / bytes)));
    const most = Math.max(n, this.rows);
    if (chunk.length > most) chunk.length = most;
  }
}

/** A row for a row. Of a parent's chunk of small rows it may make several chunks of large ones. */
export abstract class RowForRow extends Rows {
  readonly #parent: Rows;
  readonly #length = new ChunkLength();
  #source: unknown[] = [];
  #at = 0;
  #n = 0;

  constructor(parent: Rows) {
    super();
    this.#parent = parent;
  }

  override next(): number | Promise<number> {
    if (this.#at < this.#n) return this.#some();
    const n = this.#parent.next();
    return typeof n === 'number' ? this.#start(n) : n.then((m) => this.#start(m));
  }

  #start(n: number): number {
    if (n <= 0) return n;
    this.#source = this.#parent.rows;
    this.#at = 0;
    this.#n = n;
    return this.#some();
  }

  #some(): number {
    const at = this.#at;
    const n = Math.min(this.#n - at, this.#length.rows);
    this.#at = at + n;
    this.apply(this.#source, at, n);
    this.#length.measure(this.rows, n);
    return n;
  }

  /** Makes `rows[0, n)` of `source[from, from + n)`. */
  protected abstract apply(source: unknown[], from: number, n: number): void;
}

/** Several one after another; each is opened when its turn comes. */
export class ConcatRows extends Rows {
  readonly #open: readonly (() => Rows)[];
  #current: Rows | undefined;
  #index = 0;

  constructor(open: readonly (() => Rows)[]) {
    super();
    this.#open = open;
  }

  override next(): number | Promise<number> {
    for (;;) {
      if (!this.#current) {
        const open = this.#open[this.#index++];
        if (!open) return END;
        this.#current = open();
      }
      const current = this.#current;
      const n = current.next();
      if (typeof n !== 'number') return n.then((m) => this.#took(current, m) ?? this.next());
      const took = this.#took(current, n);
      if (took !== undefined) return took;
    }
  }

  /** @returns undefined when this one has ended and the next is to be asked */
  #took(current: Rows, n: number): number | undefined {
    if (n === END) {
      this.#current = undefined;
      return undefined;
    }
    this.rows = current.rows;
    return n;
  }
}

/** Calls `each` with every chunk; a promise only behind asynchronous user code. `each` says false to stop early. */
export function drain(source: Rows, each: (rows: unknown[], n: number) => void | boolean): void | Promise<void> {
  for (;;) {
    const n = source.next();
    if (typeof n !== 'number') return drainLater(source, n, each);
    if (n === END || each(source.rows, n) === false) return;
  }
}

async function drainLater(source: Rows, first: Promise<number>, each: (rows: unknown[], n: number) => void | boolean): Promise<void> {
  for (let n = await first; n !== END; n = await source.next()) if (each(source.rows, n) === false) return;
}

/** What comes after a drain, at once or later. */
export const after = <R>(drained: void | Promise<void>, then: () => R): R | Promise<R> => (drained ? drained.then(then) : then());

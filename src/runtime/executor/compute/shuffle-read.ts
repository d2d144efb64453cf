// The beginning of a reduce task: the blocks of its partition as rows, as they come, combined by key, or in key order.
import { type Column, columnRows } from '../../rdd/columns.ts';
import { type Batch, readBatches } from '../../rdd/row-codec.ts';
import type { Combiner } from '../../shuffle/aggregate-table.ts';
import type { SpillPlace } from '../../shuffle/segments.ts';
import { SpillingTable } from '../../shuffle/spilling-table.ts';
import { PairSorter } from '../../shuffle/pair-sorter.ts';
import type { KeyOrder } from './functions.ts';
import { CHUNK, END, Rows } from './rows.ts';

/** Blocks of one partition, each a sequence of batches. Opened when the first row is pulled. */
export type Blocks = () => Iterable<Buffer>;

export function* batchesOf(blocks: Blocks, check: () => void, onRows: (n: number) => void): Generator<Batch> {
  for (const block of blocks()) {
    for (const batch of readBatches(block)) {
      check();
      onRows(batch.rows);
      yield batch;
    }
  }
}

/** Keys and values of a batch of pairs, as columns without making the pairs. */
export function pairColumns(column: Column, rows: number): { keys: ArrayLike<unknown>; values: ArrayLike<unknown> } {
  if (column.type === 'tuple' && column.parts.length === 2) {
    const [keys, values] = column.parts.map((part): ArrayLike<unknown> => (part.type === 'numbers' ? part.data : columnRows(part, rows)));
    return { keys: keys!, values: values! };
  }
  const pairs = columnRows(column, rows) as [unknown, unknown][];
  return { keys: pairs.map((pair) => pair[0]), values: pairs.map((pair) => pair[1]) };
}

/** Rows as they come. */
export class BatchRows extends Rows {
  readonly #batches: Iterator<Batch>;

  constructor(batches: Iterator<Batch>) {
    super();
    this.#batches = batches;
  }

  override next(): number {
    const { value, done } = this.#batches.next();
    if (done) return END;
    this.rows = columnRows(value.column, value.rows) as unknown[];
    return value.rows;
  }
}

/** Pairs out of parallel columns, made as they are pulled. */
export class PairRows extends Rows {
  readonly #parts: Iterator<{ keys: ArrayLike<unknown>; values: ArrayLike<unknown>; n: number }>;
  #keys: ArrayLike<unknown> = [];
  #values: ArrayLike<unknown> = [];
  #at = 0;
  #n = 0;

  constructor(parts: Iterator<{ keys: ArrayLike<unknown>; values: ArrayLike<unknown>; n: number }>) {
    super();
    this.#parts = parts;
  }

  override next(): number {
    while (this.#at >= this.#n) {
      const { value, done } = this.#parts.next();
      if (done) return END;
      this.#keys = value.keys;
      this.#values = value.values;
      this.#n = value.n;
      this.#at = 0;
    }
    const n = Math.min(CHUNK, this.#n - this.#at);
    const [keys, values, at] = [this.#keys, this.#values, this.#at];
    for (let i = 0; i < n; i++) this.rows[i] = [keys[at + i], values[at + i]];
    this.#at += n;
    return n;
  }
}

/** @param combined whether the map side has combined already */
export function aggregated(batches: Iterable<Batch>, combiner: Combiner, combined: boolean, place: SpillPlace): Rows {
  return new PairRows(
    lazily(() => {
      const table = new SpillingTable(combiner, place);
      for (const { column, rows } of batches) {
        const { keys, values } = pairColumns(column, rows);
        if (combined) table.addCombiners(keys, values, rows);
        else table.addValues(keys, values, rows);
      }
      return table.finish();
    }),
  );
}

export function sorted(batches: Iterable<Batch>, order: KeyOrder, place: SpillPlace): Rows {
  return new PairRows(
    lazily(() => {
      const sorter = new PairSorter(order, place);
      for (const { column, rows } of batches) {
        const { keys, values } = pairColumns(column, rows);
        sorter.add(keys, values, rows);
      }
      return sorter.finish();
    }),
  );
}

function* lazily<T>(make: () => Iterable<T>): Generator<T> {
  yield* make();
}

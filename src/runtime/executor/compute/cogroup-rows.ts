// cogroup: per key one array of values for each parent. A parent that is partitioned already comes as rows, the others as shuffle blocks.
// The lists are combiners of a SpillingTable, so it spills as a reduceByKey does. Source: Spark's CoGroupedRDD.
import type { Batch } from '../../rdd/row-codec.ts';
import { SpillingTable } from '../../shuffle/spilling-table.ts';
import type { SpillPlace } from '../../shuffle/segments.ts';
import { after, drain, Rows } from './rows.ts';
import { pairColumns, PairRows } from './shuffle-read.ts';
import { appended, joined } from './value-lists.ts';

export type CogroupSource = { readonly rows: () => Rows } | { readonly batches: Iterable<Batch> };

export class CogroupRows extends Rows {
  readonly #sources: readonly CogroupSource[];
  readonly #place: SpillPlace;
  #out: PairRows | undefined;
  /** The parent whose rows are being added. */
  #side = 0;

  constructor(sources: readonly CogroupSource[], place: SpillPlace) {
    super();
    this.#sources = sources;
    this.#place = place;
  }

  override next(): number | Promise<number> {
    if (this.#out) return this.#hand(this.#out);
    const width = this.#sources.length;
    const create = (value: unknown) => Array.from({ length: width }, (_, side): unknown[] => (side === this.#side ? [value] : []));
    const merge = (lists: unknown[][], value: unknown) => {
      lists[this.#side] = appended(lists[this.#side]!, value);
      return lists;
    };
    const table = new SpillingTable({ create, merge, combine: join }, this.#place);
    return after(this.#gather(table, 0), () => this.#hand((this.#out = new PairRows(table.finish()))));
  }

  #hand(out: PairRows): number {
    const n = out.next();
    this.rows = out.rows;
    return n;
  }

  #gather(table: SpillingTable, from: number): void | Promise<void> {
    for (let side = from; side < this.#sources.length; side++) {
      this.#side = side;
      const source = this.#sources[side]!;
      if ('batches' in source) {
        for (const { column, rows } of source.batches) {
          const { keys, values } = pairColumns(column, rows);
          table.addValues(keys, values, rows);
        }
        continue;
      }
      const drained = drain(source.rows(), (rows, n) => {
        const pairs = rows as [unknown, unknown][];
        const keys = Array.from({ length: n }, (_, i) => pairs[i]![0]);
        const values = Array.from({ length: n }, (_, i) => pairs[i]![1]);
        table.addValues(keys, values, n);
      });
      if (drained) return drained.then(() => this.#gather(table, side + 1));
    }
  }
}

function join(lists: unknown[][], more: unknown[][]): unknown[][] {
  for (let s = 0; s < lists.length; s++) lists[s] = joined(lists[s]!, more[s]!);
  return lists;
}

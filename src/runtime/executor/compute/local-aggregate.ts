// combineByKey without a shuffle: the keys of this partition are all here.
import type { Combiner } from '../../shuffle/aggregate-table.ts';
import type { SpillPlace } from '../../shuffle/segments.ts';
import { SpillingTable } from '../../shuffle/spilling-table.ts';
import { after, drain, Rows } from './rows.ts';
import { PairRows } from './shuffle-read.ts';

export function aggregatedLocally(parent: Rows, combiner: Combiner, place: SpillPlace): Rows {
  return new LocalAggregate(parent, combiner, place);
}

class LocalAggregate extends Rows {
  readonly #parent: Rows;
  readonly #combiner: Combiner;
  readonly #place: SpillPlace;
  #out: PairRows | undefined;

  constructor(parent: Rows, combiner: Combiner, place: SpillPlace) {
    super();
    this.#parent = parent;
    this.#combiner = combiner;
    this.#place = place;
  }

  override next(): number | Promise<number> {
    if (this.#out) return this.#hand(this.#out);
    const table = new SpillingTable(this.#combiner, this.#place);
    const drained = drain(this.#parent, (rows, n) => {
      const pairs = rows as [unknown, unknown][];
      table.addValues(
        Array.from({ length: n }, (_, i) => pairs[i]![0]),
        Array.from({ length: n }, (_, i) => pairs[i]![1]),
        n,
      );
    });
    return after(drained, () => this.#hand((this.#out = new PairRows(table.finish()))));
  }

  #hand(out: PairRows): number {
    const n = out.next();
    this.rows = out.rows;
    return n;
  }
}

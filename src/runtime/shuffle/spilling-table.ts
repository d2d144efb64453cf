// An AggregateTable that spills: when it gets no more memory its combiners go to buckets by a second hash of the key, and at the end each bucket is
// combined by itself, so memory holds one bucket's keys at a time (Grace hash); a bucket that is too large is split again by a third hash, and so on.
// Combiners of one key that grow without bound (groupByKey of a hot key) must still fit, as in Spark.
import { columnRows } from '../rdd/columns.ts';
import { portableHash } from '../rdd/portable-hash.ts';
import { Partitioner } from '../rdd/partitioner.ts';
import { readBatches } from '../rdd/row-codec.ts';
import { estimateSize } from '../storage/estimate-size.ts';
import { AggregateTable, type Combiner } from './aggregate-table.ts';
import { MemoryShare } from './memory-share.ts';
import { PairBuffers } from './pair-buffers.ts';
import { handedOn, Segments, type SpillPlace } from './segments.ts';

const BUCKETS = 32;
/** Splits upon splits: after four, keys that are still together are one key, or have one hash. */
const DEEPEST = 4;

/**
 * When to look at a table's size: after so many rows, or after rows of a quarter of the budget, whichever comes first. Often for small budgets
 * and large rows, never in the way otherwise.
 */
export class LookTimer {
  readonly #rows: number;
  readonly #bytes: number;
  #rowsLeft: number;
  #bytesLeft: number;

  /** @param firstBytes what may be held without asking */
  constructor(firstBytes: number) {
    this.#rows = this.#rowsLeft = Math.max(64, Math.min(16_384, firstBytes >> 8));
    this.#bytes = this.#bytesLeft = firstBytes / 4;
  }

  /** @returns true when it is time, with these rows added */
  isDue(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): boolean {
    if (n === 0) return false;
    this.#rowsLeft -= n;
    this.#bytesLeft -= (n / 2) * (roughly(keys[0]) + roughly(values[0]) + roughly(keys[n - 1]) + roughly(values[n - 1]));
    if (this.#rowsLeft > 0 && this.#bytesLeft > 0) return false;
    this.#rowsLeft = this.#rows;
    this.#bytesLeft = this.#bytes;
    return true;
  }
}

const roughly = (value: unknown) => (typeof value === 'number' ? 8 : estimateSize(value));

/** Another hash than the partitioner's, or all keys of this reduce partition would share a bucket. */
class BucketPartitioner extends Partitioner {
  override readonly numPartitions = BUCKETS;

  readonly #seed: number;

  constructor(depth: number) {
    super();
    this.#seed = Math.imul(depth + 1, 0x5bd1e995);
  }

  override getPartition(key: unknown): number {
    let h = Math.imul(portableHash(key) ^ this.#seed, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) & (BUCKETS - 1);
  }
}

export class SpillingTable {
  readonly #combiner: Combiner;
  readonly #place: SpillPlace;
  #table: AggregateTable;
  #spilled: { readonly segments: Segments; readonly buffers: PairBuffers } | undefined;
  readonly #timer: LookTimer;
  readonly #share: MemoryShare;
  readonly #depth: number;

  /** @param depth how often its keys were split before */
  constructor(combiner: Combiner, place: SpillPlace, depth = 0) {
    this.#combiner = combiner;
    this.#place = place;
    this.#depth = depth;
    this.#table = new AggregateTable(combiner);
    this.#timer = new LookTimer(place.firstBytes);
    this.#share = new MemoryShare(place.memory, place.firstBytes);
  }

  addValues(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): void {
    this.#table.addValues(keys, values, n);
    this.#look(keys, values, n);
  }

  addCombiners(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): void {
    this.#table.addCombiners(keys, values, n);
    this.#look(keys, values, n);
  }

  #look(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): void {
    if (!this.#timer.isDue(keys, values, n)) return;
    const bytes = this.#table.estimateBytes();
    if (this.#depth < DEEPEST && !this.#share.allows(bytes)) this.#spill(bytes);
  }

  #spill(memoryBytes: number): void {
    if (!this.#spilled) {
      const segments = new Segments(BUCKETS, handedOn(this.#place));
      this.#spilled = { segments, buffers: new PairBuffers(segments, new BucketPartitioner(this.#depth)) };
    }
    const { segments, buffers } = this.#spilled;
    this.#table.drain((keys, values, n) => buffers.addColumns(keys, values, n));
    buffers.flush();
    segments.spill();
    this.#place.onSpill(memoryBytes, 0);
    this.#table = new AggregateTable(this.#combiner);
    this.#share.giveBack();
  }

  /** Keys with their combiners; in order of first appearance unless it spilled. */
  *finish(): Generator<{ keys: ArrayLike<unknown>; values: ArrayLike<unknown>; n: number }> {
    if (!this.#spilled) {
      this.#table.refusePromises();
      yield { keys: this.#table.keys, values: this.#table.values, n: this.#table.size };
      this.#share.giveBack();
      return;
    }
    this.#spill(this.#table.estimateBytes());
    const { segments } = this.#spilled;
    try {
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const table = new SpillingTable(this.#combiner, this.#place, this.#depth + 1);
        for (const bytes of segments.read(bucket)) {
          for (const { column, rows } of readBatches(bytes)) {
            const pairs = columnRows(column, rows) as [unknown, unknown][];
            table.addCombiners(
              pairs.map((pair) => pair[0]),
              pairs.map((pair) => pair[1]),
              rows,
            );
          }
        }
        yield* table.finish();
      }
    } finally {
      segments.discard();
    }
  }
}

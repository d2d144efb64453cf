// Which key goes to which partition. Pure; the driver plans with it and executors run it.
// Source: Spark's Partitioner.scala (HashPartitioner, RangePartitioner).
import { type Compare, naturalOrder } from './natural-order.ts';
import { hashNumber, portableHash } from './portable-hash.ts';

/** Extend it for `partitionBy`. Instances travel to executors, so the rules for captured values hold for them. */
export abstract class Partitioner {
  abstract readonly numPartitions: number;
  /** @returns a whole number in [0, numPartitions) */
  abstract getPartition(key: unknown): number;
  /** Two RDDs whose partitioners are equal are joined without a shuffle. */
  equals(other: unknown): boolean {
    return this === other;
  }
}

export class HashPartitioner extends Partitioner {
  override readonly numPartitions: number;

  constructor(numPartitions: number) {
    super();
    this.numPartitions = numPartitions;
  }

  override getPartition(key: unknown): number {
    const m = (typeof key === 'number' ? hashNumber(key) : portableHash(key)) % this.numPartitions;
    return m < 0 ? m + this.numPartitions : m + 0;
  }

  override equals(other: unknown): boolean {
    return other instanceof HashPartitioner && other.numPartitions === this.numPartitions;
  }
}

/** Pairs as keys: each where `of` has its first half. What subtract needs of an RDD that is partitioned. Source: RDD.subtract. */
export class FirstHalfPartitioner extends Partitioner {
  override readonly numPartitions: number;
  readonly of: Partitioner;

  constructor(of: Partitioner) {
    super();
    this.numPartitions = of.numPartitions;
    this.of = of;
  }

  override getPartition(key: unknown): number {
    return this.of.getPartition((key as readonly unknown[])[0]);
  }
}

/**
 * Ranges between bounds. The bounds come from a sample, taken by a job before the first action that needs them
 * (range-bounds.ts); Spark takes it when sortByKey is called. Fewer distinct keys than partitions leave the last ones empty.
 */
export class RangePartitioner extends Partitioner {
  override readonly numPartitions: number;
  readonly ascending: boolean;
  readonly compare: Compare | undefined;
  /** Set once, when the sample is there. Ascending upper bounds (inclusive). */
  bounds: readonly unknown[] | undefined;

  constructor(numPartitions: number, ascending: boolean, compare: Compare | undefined, bounds?: readonly unknown[]) {
    super();
    this.numPartitions = numPartitions;
    this.ascending = ascending;
    this.compare = compare;
    this.bounds = bounds;
  }

  override getPartition(key: unknown): number {
    return rangeOf(key, this.bounds!, this.compare ?? naturalOrder, this.ascending);
  }
}

/** Number of bounds that are smaller than the key, counted from the other end when descending. */
export function rangeOf(key: unknown, bounds: readonly unknown[], compare: Compare, ascending: boolean): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (compare(bounds[mid] as never, key as never) < 0) low = mid + 1;
    else high = mid;
  }
  return ascending ? low : bounds.length - low;
}

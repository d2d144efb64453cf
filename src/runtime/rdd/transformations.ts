// Transformations of any RDD: lazy, each a node with a named operation. Meaning and partitions as Spark's RDD.scala.
import { RDDBarrier } from './barrier.ts';
import { defaultPartitioner } from './default-partitioner.ts';
import type { Compare } from './natural-order.ts';
import { FirstHalfPartitioner, HashPartitioner, type Partitioner } from './partitioner.ts';
import type { Row } from './inference.ts';
import { indexOffsets } from './index-offsets.ts';
import { demandFunction, narrow, newRdd, RddBase } from './rdd-base.ts';
import type { RDD } from './rdd.ts';
import { sampleSeeds } from './sample-seeds.ts';
import { shuffle } from './shuffled.ts';

/** The rows of a partition: an iterator with the language's own methods (map, filter, take …). */
export type PartitionRows<T> = IteratorObject<T, undefined, unknown>;

/** What a partition function may give back. Anything asynchronous is awaited by the task. */
export type PartitionOutput<U> = Iterable<U> | AsyncIterable<U> | Promise<Iterable<U> | AsyncIterable<U>>;

export abstract class Transformations<T> extends RddBase<T> {
  map<U extends Row>(f: (row: T) => U): RDD<U> {
    demandFunction(f, 'map');
    return this.rows('map', 'map', [f]);
  }

  filter<S extends T>(f: (row: T) => row is S): RDD<S>;
  filter(f: (row: T) => unknown): RDD<T>;
  filter(f: (row: T) => unknown): RDD<T> {
    demandFunction(f, 'filter');
    return this.rows('filter', 'filter', [f], { keepPartitioner: true });
  }

  flatMap<U extends Row>(f: (row: T) => Iterable<U>): RDD<U> {
    demandFunction(f, 'flatMap');
    return this.rows('flatMap', 'flatMap', [f]);
  }

  /** @param preservesPartitioning true when the keys of a pair RDD stay what they are */
  mapPartitions<U extends Row>(f: (rows: PartitionRows<T>) => PartitionOutput<U>, preservesPartitioning = false): RDD<U> {
    demandFunction(f, 'mapPartitions');
    return this.rows('mapPartitions', 'mapPartitions', [f], { keepPartitioner: preservesPartitioning });
  }

  mapPartitionsWithIndex<U extends Row>(
    f: (partition: number, rows: PartitionRows<T>) => PartitionOutput<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    demandFunction(f, 'mapPartitionsWithIndex');
    return this.rows('mapPartitionsWithIndex', 'mapPartitionsWithIndex', [f], { keepPartitioner: preservesPartitioning });
  }

  /** The next mapPartitions makes a barrier stage: its tasks start together, and run again together. */
  barrier(): RDDBarrier<T> {
    return new RDDBarrier<T>(this as unknown as RDD<T>);
  }

  /** One array per partition. */
  glom(): RDD<T[]> {
    return this.rows('glom', 'glom', []);
  }

  keyBy<K extends Row>(f: (row: T) => K): RDD<[K, T]> {
    demandFunction(f, 'keyBy');
    return this.rows('keyBy', 'keyBy', [f], { args: { method: 'keyBy' } });
  }

  /**
   * All rows of both, duplicates kept: the partitions of this one, then those of the others. Where all are partitioned alike, as after
   * reduceByKey into as many partitions, keys stay where they are: partition p is all their partitions p.
   */
  union(...others: RDD<T>[]): RDD<T> {
    const all = [this as unknown as RDD<T>, ...others];
    const filled = all.filter((rdd) => rdd.node.partitions > 0);
    const { partitioner } = filled[0] ?? this;
    if (partitioner && filled.every((rdd) => rdd.partitioner?.equals(partitioner))) {
      return this.derive({
        kind: 'PartitionerAwareUnionRDD',
        op: { tag: 'unionByPartition' },
        dependencies: filled.map(narrow),
        partitions: partitioner.numPartitions,
        partitioner,
        callSite: this.context.callSite('union'),
      });
    }
    const partitions = all.reduce((sum, rdd) => sum + rdd.node.partitions, 0);
    return this.derive({
      kind: 'UnionRDD',
      op: { tag: 'union' },
      dependencies: all.map(narrow),
      partitions,
      callSite: this.context.callSite('union'),
    });
  }

  /** Each row once; tuples, plain objects and dates by their contents. */
  distinct(numPartitions?: number): RDD<T> {
    const callSite = this.context.callSite('distinct');
    const n = numPartitions ?? this.node.partitions;
    if (this.partitioner !== undefined && n === this.node.partitions) return this.#distinctInPlace(callSite);
    const marked = this.rows<[T, null]>('distinct', 'withNull', []);
    return shuffle(marked, { partitioner: new HashPartitioner(n), aggregator: { kind: 'first' }, mapSideCombine: true, callSite }).rows(
      'distinct',
      'keys',
      [],
    );
  }

  /** Equal rows of pairs have equal keys, so they are in one partition already. */
  #distinctInPlace(callSite: string): RDD<T> {
    const marked = this.rows<[T, null]>('distinct', 'withNull', []);
    const op = { tag: 'combineLocal', aggregator: { kind: 'first' } } as const;
    const once = marked.derive<[T, null]>({ op, dependencies: [narrow(marked)], partitions: this.node.partitions, callSite });
    return newRdd(this.context, {
      op: { tag: 'rows', name: 'keys', functions: [] },
      dependencies: [narrow(once)],
      partitions: this.node.partitions,
      partitioner: this.partitioner,
      callSite,
    });
  }

  /**
   * About `fraction` of the rows: Bernoulli draws, or with replacement Poisson(fraction) copies of each row.
   * @param seed the same seed gives the same rows; without replacement those that Spark gives
   */
  sample(withReplacement: boolean, fraction: number, seed: number = Math.floor(Math.random() * 2 ** 31)): RDD<T> {
    if (!(fraction >= 0)) throw new RangeError(`Negative fraction value: ${fraction}`);
    if (!withReplacement && fraction > 1) throw new RangeError(`Fraction ${fraction} of a sample without replacement must be at most 1`);
    const callSite = this.context.callSite('sample');
    const op = {
      tag: 'rows',
      name: 'sample',
      functions: [],
      args: { withReplacement, fraction, seeds: sampleSeeds(seed, this.node.partitions) },
    } as const;
    return newRdd(this.context, {
      kind: 'PartitionwiseSampledRDD',
      op,
      dependencies: [narrow(this)],
      partitions: this.node.partitions,
      partitioner: this.partitioner,
      callSite,
    });
  }

  /** Rows with their position, partition by partition. With more than one partition a job counts them before the first action. */
  zipWithIndex(): RDD<[T, number]> {
    const callSite = this.context.callSite('zipWithIndex');
    const { op, pending } = indexOffsets(this.node, this.context, callSite);
    return newRdd(this.context, {
      kind: 'ZippedWithIndexRDD',
      op,
      dependencies: [narrow(this)],
      partitions: this.node.partitions,
      callSite,
      pending,
    });
  }

  /** Fewer partitions by joining neighbours, without a shuffle; more only with `shuffle`. */
  coalesce(numPartitions: number, withShuffle = false): RDD<T> {
    return withShuffle ? this.#spread(numPartitions, 'coalesce') : this.#grouped(numPartitions, 'coalesce');
  }

  /** Exactly so many partitions, the rows dealt out evenly. */
  repartition(numPartitions: number): RDD<T> {
    return this.#spread(numPartitions, 'repartition');
  }

  #grouped(numPartitions: number, method: string): RDD<T> {
    if (!(numPartitions > 0)) throw new RangeError(`Number of partitions (${numPartitions}) must be positive.`);
    const from = this.node.partitions;
    const n = Math.min(numPartitions, from);
    const groups = Array.from({ length: n }, (_, i) => {
      const start = Math.floor((i * from) / n);
      return Array.from({ length: Math.floor(((i + 1) * from) / n) - start }, (_, j) => start + j);
    });
    const callSite = this.context.callSite(method);
    return this.derive({ kind: 'CoalescedRDD', op: { tag: 'coalesce', groups }, dependencies: [narrow(this)], partitions: n, callSite });
  }

  #spread(numPartitions: number, method: string): RDD<T> {
    if (!(numPartitions > 0)) throw new RangeError(`Number of partitions (${numPartitions}) must be positive.`);
    const callSite = this.context.callSite(method);
    const dealt = this.rows<[number, T]>(method, 'distribute', [], { args: { numPartitions } });
    const spread = shuffle<number, T, T>(dealt, {
      partitioner: new HashPartitioner(numPartitions),
      aggregator: undefined,
      mapSideCombine: false,
      callSite,
    });
    return (spread as Transformations<[number, T]>).#grouped(numPartitions, method).rows(method, 'values', []);
  }

  /** @param compare order of the keys; naturally: numbers, strings by UTF-16 unit, tuples element by element */
  sortBy<K>(f: (row: T) => K, ascending = true, numPartitions: number = this.node.partitions, compare?: (a: K, b: K) => number): RDD<T> {
    demandFunction(f, 'sortBy');
    const keyed = this.rows<[K, T]>('sortBy', 'keyBy', [f], { args: { method: 'sortBy' } });
    return keyed.sortPairs('sortBy', ascending, numPartitions, compare as Compare | undefined).rows('sortBy', 'values', []);
  }

  /** Rows that share f(row), as one array per key. reduceByKey and aggregateByKey move less. */
  groupBy<K extends Row>(f: (row: T) => K, numPartitions?: number): RDD<[K, T[]]> {
    demandFunction(f, 'groupBy');
    const callSite = this.context.callSite('groupBy');
    const keyed = this.rows<[K, T]>('groupBy', 'keyBy', [f], { args: { method: 'groupBy' } });
    const partitioner = numPartitions === undefined ? defaultPartitioner([this]) : new HashPartitioner(numPartitions);
    return shuffle(keyed, { partitioner, aggregator: { kind: 'group' }, mapSideCombine: false, callSite });
  }

  /** Distinct rows that are in both. */
  intersection(other: RDD<T>, numPartitions?: number): RDD<T> {
    const mine = this.rows<[T, null]>('intersection', 'withNull', []);
    const theirs = other.rows<[T, null]>('intersection', 'withNull', []);
    return mine
      .cogroupAs('intersection', [theirs], numPartitions)
      .rows<[T, unknown]>('intersection', 'intersect', [])
      .rows('intersection', 'keys', []);
  }

  /** Rows of this one that are not in the other. Pairs that are partitioned stay in their partitions. */
  subtract(other: RDD<T>, numPartitions?: number): RDD<T> {
    const mine = this.rows<[T, null]>('subtract', 'withNull', []);
    const theirs = other.rows<[T, null]>('subtract', 'withNull', []);
    return mine
      .cogroupAs('subtract', [theirs], this.#subtractedBy(numPartitions))
      .rows<[T, null]>('subtract', 'subtract', [])
      .rows('subtract', 'keys', []);
  }

  #subtractedBy(numPartitions: number | undefined): Partitioner | number {
    const { partitioner } = this;
    const keeps = partitioner && (numPartitions === undefined || partitioner.equals(new HashPartitioner(numPartitions)));
    return keeps ? new FirstHalfPartitioner(partitioner) : (numPartitions ?? this.node.partitions);
  }
}

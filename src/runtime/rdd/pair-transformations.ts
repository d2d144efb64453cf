// Transformations of RDDs of pairs. `this` types make them callable on RDD<[K, V]> only. Meaning as Spark's PairRDDFunctions.scala and
// OrderedRDDFunctions.scala; an absent side of an outer join is `undefined` (Scala: None).
import type { Dependency } from '../plan/lineage.ts';
import { chosenPartitioner } from './default-partitioner.ts';
import type { Compare } from './natural-order.ts';
import type { Row, Widened } from './inference.ts';
import type { Aggregator, RowOpName } from './ops.ts';
import { type Partitioner, RangePartitioner } from './partitioner.ts';
import { rangeBounds } from './range-bounds.ts';
import { checked, demandFunction, narrow, newRdd } from './rdd-base.ts';
import type { RDD } from './rdd.ts';
import { shuffle, shuffleDependency } from './shuffled.ts';
import { Transformations } from './transformations.ts';

/** How many partitions a shuffle makes, or who says which key goes where. */
export type Partitioning = number | Partitioner;

export abstract class PairTransformations<T> extends Transformations<T> {
  mapValues<K, V, U extends Row>(this: RDD<[K, V]>, f: (value: V) => U): RDD<[K, U]> {
    demandFunction(f, 'mapValues');
    return this.rows('mapValues', 'mapValues', [f], { keepPartitioner: true });
  }

  flatMapValues<K, V, U extends Row>(this: RDD<[K, V]>, f: (value: V) => Iterable<U>): RDD<[K, U]> {
    demandFunction(f, 'flatMapValues');
    return this.rows('flatMapValues', 'flatMapValues', [f], { keepPartitioner: true });
  }

  keys<K, V>(this: RDD<[K, V]>): RDD<K> {
    return this.rows('keys', 'keys', []);
  }

  values<K, V>(this: RDD<[K, V]>): RDD<V> {
    return this.rows('values', 'values', []);
  }

  /** Combined in each map task first. `f` must be associative and commutative. */
  reduceByKey<K, V>(this: RDD<[K, V]>, f: (a: Widened<V>, b: Widened<V>) => Widened<V>, partitioning?: Partitioning): RDD<[K, Widened<V>]> {
    demandFunction(f, 'reduceByKey');
    return this.combined('reduceByKey', { kind: 'reduce', reduce: f }, partitioning, true);
  }

  /** @param zero a neutral value for `f`; each key begins with a copy of it */
  foldByKey<K, V>(this: RDD<[K, V]>, zero: V, f: (a: V, b: V) => V, partitioning?: Partitioning): RDD<[K, V]> {
    demandFunction(f, 'foldByKey');
    return this.combined('foldByKey', { kind: 'fold', zero, merge: f, combine: f }, partitioning, true);
  }

  /** @param zero each key of each map task begins with a copy of it; `merge` may change it in place */
  aggregateByKey<K, V, U>(
    this: RDD<[K, V]>,
    zero: U,
    merge: (acc: U, value: V) => U,
    combine: (a: U, b: U) => U,
    partitioning?: Partitioning,
  ): RDD<[K, U]> {
    demandFunction(merge, 'aggregateByKey');
    demandFunction(combine, 'aggregateByKey');
    return this.combined('aggregateByKey', { kind: 'fold', zero, merge, combine }, partitioning, true);
  }

  combineByKey<K, V, C>(
    this: RDD<[K, V]>,
    create: (value: V) => C,
    merge: (acc: C, value: V) => C,
    combine: (a: C, b: C) => C,
    partitioning?: Partitioning,
    mapSideCombine = true,
  ): RDD<[K, C]> {
    for (const f of [create, merge, combine]) demandFunction(f, 'combineByKey');
    return this.combined('combineByKey', { kind: 'combine', create, merge, combine }, partitioning, mapSideCombine);
  }

  /** All values of a key in one array: they must fit into one task's memory. */
  groupByKey<K, V>(this: RDD<[K, V]>, partitioning?: Partitioning): RDD<[K, V[]]> {
    return this.combined('groupByKey', { kind: 'group' }, partitioning, false);
  }

  partitionBy<K, V>(this: RDD<[K, V]>, partitioner: Partitioner): RDD<[K, V]> {
    if (this.partitioner?.equals(partitioner)) return this;
    return shuffle(this, { partitioner, aggregator: undefined, mapSideCombine: false, callSite: this.context.callSite('partitionBy') });
  }

  sortByKey<K, V>(
    this: RDD<[K, V]>,
    ascending = true,
    numPartitions: number = this.node.partitions,
    compare?: (a: K, b: K) => number,
  ): RDD<[K, V]> {
    return this.sortPairs('sortByKey', ascending, numPartitions, compare as Compare | undefined);
  }

  /** Partitions by the partitioner, each in key order: cheaper than partitionBy and a sort. */
  repartitionAndSortWithinPartitions<K, V>(this: RDD<[K, V]>, partitioner: Partitioner): RDD<[K, V]> {
    const callSite = this.context.callSite('repartitionAndSortWithinPartitions');
    return shuffle(this, {
      partitioner,
      aggregator: undefined,
      mapSideCombine: false,
      order: { ascending: true, compare: undefined },
      callSite,
    });
  }

  /** Per key the values of this RDD and of each of the others. */
  cogroup<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V[], W[]]]>;
  cogroup<K, V, W, X>(this: RDD<[K, V]>, other: RDD<[K, W]>, third: RDD<[K, X]>, partitioning?: Partitioning): RDD<[K, [V[], W[], X[]]]>;
  cogroup(this: RDD<[any, any]>, other: RDD<[any, any]>, third?: RDD<[any, any]> | Partitioning, partitioning?: Partitioning): RDD<any> {
    if (third !== undefined && typeof third === 'object' && 'node' in third) return this.cogroupAs('cogroup', [other, third], partitioning);
    return this.cogroupAs('cogroup', [other], third ?? partitioning);
  }

  join<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V, W]]> {
    return this.joined('join', 'joinInner', other, partitioning);
  }

  leftOuterJoin<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V, W | undefined]]> {
    return this.joined('leftOuterJoin', 'joinLeft', other, partitioning);
  }

  rightOuterJoin<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V | undefined, W]]> {
    return this.joined('rightOuterJoin', 'joinRight', other, partitioning);
  }

  fullOuterJoin<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V | undefined, W | undefined]]> {
    return this.joined('fullOuterJoin', 'joinFull', other, partitioning);
  }

  /** The pairs whose key the other RDD does not have. */
  subtractByKey<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, V]> {
    return this.joined('subtractByKey', 'subtract', other, partitioning ?? this.partitioner ?? this.node.partitions);
  }

  /** @internal */
  combined<C>(method: string, aggregator: Aggregator, partitioning: Partitioning | undefined, mapSideCombine: boolean): RDD<[any, C]> {
    const callSite = this.context.callSite(method);
    for (const part of Object.values(aggregator)) checked(this.context, part, callSite);
    const partitioner = chosenPartitioner(partitioning, [this]);
    return shuffle(this as never, { partitioner, aggregator: { ...aggregator, method }, mapSideCombine, callSite });
  }

  /** @internal */
  sortPairs(method: string, ascending: boolean, numPartitions: number, compare: Compare | undefined): RDD<any> {
    const callSite = this.context.callSite(method);
    if (compare) checked(this.context, compare, callSite);
    if (!Number.isInteger(numPartitions) || numPartitions < 0)
      throw new RangeError(`Number of partitions (${numPartitions}) must be a whole number ≥ 0.`);
    const partitioner = new RangePartitioner(Math.max(1, numPartitions), ascending, compare, numPartitions <= 1 ? [] : undefined);
    const pending = numPartitions <= 1 ? undefined : rangeBounds(this, partitioner, callSite);
    return shuffle(this as never, {
      partitioner,
      aggregator: undefined,
      mapSideCombine: false,
      order: { ascending, compare },
      callSite,
      pending,
    });
  }

  /** @internal */
  cogroupAs(method: string, others: readonly RDD<any>[], partitioning: Partitioning | undefined): RDD<any> {
    const callSite = this.context.callSite(method);
    const partitioner = chosenPartitioner(partitioning, [this, ...others]);
    const spec = { partitioner, aggregator: undefined, mapSideCombine: false, order: undefined };
    const dependencies = [this, ...others].map(
      (rdd): Dependency => (rdd.partitioner?.equals(partitioner) ? narrow(rdd) : shuffleDependency(rdd, spec)),
    );
    const partitions = partitioner.numPartitions;
    const grouped = newRdd(this.context, { kind: 'CoGroupedRDD', op: { tag: 'cogroup' }, dependencies, partitions, partitioner, callSite });
    return grouped.rows(method, 'identity', [], { keepPartitioner: true }); // Spark's mapValues, which makes sequences of the arrays
  }

  /** @internal */
  joined(method: string, rows: RowOpName, other: RDD<any>, partitioning: Partitioning | undefined): RDD<any> {
    return this.cogroupAs(method, [other], partitioning).rows(method, rows, [], { keepPartitioner: true });
  }
}

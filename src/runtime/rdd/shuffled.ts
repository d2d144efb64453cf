// A ShuffledRDD: one shuffle dependency, read with an aggregator, in key order, or as it comes. When the parent is partitioned as wanted
// already there is no shuffle, only (where there is an aggregator) a combination inside each partition, as in Spark's combineByKey.
import type { ShuffleDependency } from '../plan/lineage.ts';
import type { Pending, ShuffleSpec } from './ops.ts';
import { narrow, newRdd, type RddBase } from './rdd-base.ts';
import type { Partitioner } from './partitioner.ts';
import type { RDD } from './rdd.ts';

export type ShuffleWish = {
  readonly partitioner: Partitioner;
  readonly aggregator: ShuffleSpec['aggregator'];
  readonly mapSideCombine: boolean;
  readonly order?: ShuffleSpec['order'] | undefined;
  readonly callSite: string;
  readonly pending?: Pending | undefined;
};

export function shuffle<K, V, C>(parent: RddBase<[K, V]>, wish: ShuffleWish): RDD<[K, C]> {
  const { context } = parent;
  const { partitioner, aggregator, mapSideCombine, order, callSite, pending } = wish;
  if (aggregator && parent.partitioner?.equals(partitioner)) {
    const op = { tag: 'combineLocal', aggregator } as const;
    return newRdd(context, {
      op,
      dependencies: [narrow(parent)],
      partitions: parent.node.partitions,
      partitioner: parent.partitioner,
      callSite,
    });
  }
  const dependency = shuffleDependency(parent, { partitioner, aggregator, mapSideCombine, order });
  const partitions = partitioner.numPartitions;
  return newRdd(context, {
    kind: 'ShuffledRDD',
    op: { tag: 'shuffled' },
    dependencies: [dependency],
    partitions,
    partitioner,
    callSite,
    pending,
  });
}

export function shuffleDependency(parent: RddBase<any>, spec: ShuffleSpec): ShuffleDependency {
  const shuffleId = parent.context.nextShuffleId();
  const dependency: ShuffleDependency = {
    kind: 'shuffle',
    shuffleId,
    parent: parent.node,
    reducePartitions: spec.partitioner.numPartitions,
    spec,
  };
  parent.context.registerShuffle(dependency);
  return dependency;
}

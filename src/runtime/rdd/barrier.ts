// rdd.barrier(): a stage whose tasks start together and may wait for each other (BarrierTaskContext). Source: Spark's RDDBarrier.
import type { Row } from './inference.ts';
import type { RDD } from './rdd.ts';
import { demandFunction } from './rdd-base.ts';
import type { PartitionOutput, PartitionRows } from './transformations.ts';

export class RDDBarrier<T> {
  readonly #rdd: RDD<T>;

  /** @internal Programs call rdd.barrier(). */
  constructor(rdd: RDD<T>) {
    this.#rdd = rdd;
  }

  mapPartitions<U extends Row>(f: (rows: PartitionRows<T>) => PartitionOutput<U>, preservesPartitioning = false): RDD<U> {
    demandFunction(f, 'mapPartitions');
    return this.#rdd.rows('mapPartitions', 'mapPartitions', [f], { keepPartitioner: preservesPartitioning, barrier: true });
  }

  mapPartitionsWithIndex<U extends Row>(
    f: (partition: number, rows: PartitionRows<T>) => PartitionOutput<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    demandFunction(f, 'mapPartitionsWithIndex');
    return this.#rdd.rows('mapPartitionsWithIndex', 'mapPartitionsWithIndex', [f], {
      keepPartitioner: preservesPartitioning,
      barrier: true,
    });
  }
}

// treeReduce and treeAggregate: partial results are combined on executors, level by level, before the driver sees them.
// Source: Spark's RDD.treeAggregate.
import { cloneValue } from './clone-value.ts';
import { HashPartitioner } from './partitioner.ts';
import type { RDD } from './rdd.ts';

/** Partition counts of the levels between the first results and the driver: a level is added only where it saves the driver work. */
export function treeLevels(partitions: number, depth: number): number[] {
  if (!(depth >= 1)) throw new RangeError(`Depth must be greater than or equal to 1 but got ${depth}.`);
  const levels: number[] = [];
  const scale = Math.max(Math.ceil(partitions ** (1 / depth)), 2);
  for (let n = partitions; n > scale + Math.ceil(n / scale); ) {
    n = Math.floor(n / scale);
    levels.push(n);
  }
  return levels;
}

export async function treeFold<T, U>(
  rdd: RDD<T>,
  zero: U,
  merge: (acc: U, row: T) => U,
  combine: (a: U, b: U) => U,
  depth: number,
): Promise<U> {
  if (rdd.node.partitions === 0) return cloneValue(zero);
  let partial = rdd.rows<U>('treeAggregate', 'aggregatePartition', [zero, merge]);
  for (const n of treeLevels(partial.node.partitions, depth)) {
    const spread = partial.rows<[number, U]>('treeAggregate', 'modKey', [], { args: { modulus: n } });
    partial = spread
      .combined<U>('treeAggregate', { kind: 'fold', zero, merge: combine, combine }, new HashPartitioner(n), true)
      .rows<U>('treeAggregate', 'values', []);
  }
  return partial.folded('treeAggregate', zero, combine, combine);
}

export async function treeReduced<T>(rdd: RDD<T>, f: (a: T, b: T) => T, depth: number): Promise<T> {
  let partial = rdd.rows<T>('treeReduce', 'reducePartition', [f]);
  for (const n of treeLevels(Math.max(1, partial.node.partitions), depth)) {
    const spread = partial.rows<[number, T]>('treeReduce', 'modKey', [], { args: { modulus: n } });
    partial = spread
      .combined<T>('treeReduce', { kind: 'reduce', reduce: f }, new HashPartitioner(n), true)
      .rows<T>('treeReduce', 'values', []);
  }
  return partial.reduce(f as never) as Promise<T>;
}

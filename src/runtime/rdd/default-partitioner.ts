// Which partitioner a shuffle gets when the user names none. Source: Spark's Partitioner.defaultPartitioner.
import type { RddBase } from './rdd-base.ts';
import { HashPartitioner, type Partitioner } from './partitioner.ts';

/** The partitioner with most partitions among the inputs if it is worth keeping, else a hash over spark.default.parallelism or the largest input. */
export function defaultPartitioner(inputs: readonly RddBase<any>[]): Partitioner {
  const { context } = inputs[0]!;
  const largest = Math.max(...inputs.map((rdd) => rdd.node.partitions));
  const known = inputs.map((rdd) => rdd.partitioner).filter((p) => p !== undefined && p.numPartitions > 0) as Partitioner[];
  const best = known.sort((a, b) => b.numPartitions - a.numPartitions)[0];
  const n = context.conf('spark.default.parallelism') === undefined ? largest : context.defaultParallelism;
  // Worth keeping: within one order of magnitude of the largest input, or no coarser than what we would choose.
  if (best && (Math.log10(largest) - Math.log10(best.numPartitions) < 1 || n <= best.numPartitions)) return best;
  return new HashPartitioner(Math.max(1, n));
}

/** A number of partitions, a partitioner of the user's, or the default. */
export function chosenPartitioner(given: number | Partitioner | undefined, inputs: readonly RddBase<any>[]): Partitioner {
  if (given === undefined) return defaultPartitioner(inputs);
  if (typeof given !== 'number') return given;
  if (!Number.isInteger(given) || given < 1) throw new RangeError(`Number of partitions (${given}) must be a whole number ≥ 1.`);
  return new HashPartitioner(given);
}

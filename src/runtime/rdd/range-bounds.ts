// Bounds of a RangePartitioner from a sample of the keys: a reservoir per partition, and a second look at partitions that turned out to hold
// more than their share. Source: Spark's RangePartitioner (sketch, determineBounds), constants as there.
import { byteswap32 } from './java-random.ts';
import { naturalOrder } from './natural-order.ts';
import type { Pending } from './ops.ts';
import type { RangePartitioner } from './partitioner.ts';
import { prepareLineage } from './prepare-lineage.ts';
import { decodeRows } from './row-codec.ts';
import { sampleSeeds } from './sample-seeds.ts';
import type { RddBase } from './rdd-base.ts';

const SAMPLE_PER_PARTITION = 20;
const LARGEST_SAMPLE = 1e6;

/** The job that finds the bounds, once, before the first action. */
export function rangeBounds(rdd: RddBase<any>, partitioner: RangePartitioner, callSite: string): Pending {
  // Spark samples `rdd.map(_._1)` through one more RDD: the same ids keep its seeds and the ids of what follows.
  const sketchId = rdd.context.nextRddId();
  rdd.context.nextRddId();
  const run = async () => {
    await prepareLineage(rdd.node);
    partitioner.bounds = rdd.node.partitions === 0 ? [] : await sampleBounds(rdd, partitioner, sketchId, callSite);
  };
  return { done: undefined, run };
}

async function sampleBounds(
  { node, context }: RddBase<any>,
  partitioner: RangePartitioner,
  sketchId: number,
  callSite: string,
): Promise<unknown[]> {
  const wanted = Math.min(SAMPLE_PER_PARTITION * partitioner.numPartitions, LARGEST_SAMPLE);
  const perPartition = Math.ceil((3 * wanted) / Math.max(1, node.partitions));
  const sketched: { partition: number; count: number; keys: unknown[] }[] = [];
  await context.runJob(
    node,
    { kind: 'reservoir', perPartition, shift: sketchId },
    undefined,
    (partition, bytes) => {
      const [count, ...keys] = decodeRows(bytes as Uint8Array) as [number, ...unknown[]];
      sketched.push({ partition, count, keys });
    },
    { callSite },
  );
  sketched.sort((a, b) => a.partition - b.partition);
  const total = sketched.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  const fraction = Math.min(wanted / Math.max(total, 1), 1);
  const candidates: Candidate[] = [];
  const imbalanced: number[] = [];
  for (const { partition, count, keys } of sketched) {
    if (fraction * count > perPartition) imbalanced.push(partition);
    else for (const key of keys) candidates.push({ key, weight: count / keys.length });
  }
  if (imbalanced.length > 0) {
    const drawn = sampleSeeds(byteswap32(-node.id - 1), imbalanced.length);
    const seeds = Object.fromEntries(imbalanced.map((partition, i) => [partition, drawn[i]!]));
    await context.runJob(
      node,
      { kind: 'sampleKeys', fraction, seeds },
      imbalanced,
      (_, bytes) => {
        for (const key of decodeRows(bytes as Uint8Array)) candidates.push({ key, weight: 1 / fraction });
      },
      { callSite },
    );
  }
  return determineBounds(candidates, Math.min(partitioner.numPartitions, candidates.length), partitioner.compare ?? naturalOrder);
}

export type Candidate = { readonly key: unknown; readonly weight: number };

/** Keys that cut the weight of the sample into `partitions` equal parts; equal keys are one bound. O(n log n). */
export function determineBounds(candidates: readonly Candidate[], partitions: number, compare: (a: never, b: never) => number): unknown[] {
  const ordered = [...candidates].sort((a, b) => compare(a.key as never, b.key as never));
  const step = ordered.reduce((sum, { weight }) => sum + weight, 0) / partitions;
  const bounds: unknown[] = [];
  let weight = 0;
  let target = step;
  for (const candidate of ordered) {
    if (bounds.length >= partitions - 1) break;
    weight += candidate.weight;
    if (weight < target) continue;
    if (bounds.length > 0 && compare(candidate.key as never, bounds[bounds.length - 1] as never) <= 0) continue;
    bounds.push(candidate.key);
    target += step;
  }
  return bounds;
}

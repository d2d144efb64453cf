// One seed per partition for sample(), as PartitionwiseSampledRDD draws them: a partition's rows don't depend on the other partitions.
import { JavaRandom } from './java-random.ts';

/** As decimal text: Java longs don't fit a number. */
export function sampleSeeds(seed: number, partitions: number): string[] {
  const random = new JavaRandom(seed);
  return Array.from({ length: partitions }, () => String(random.nextLong()));
}

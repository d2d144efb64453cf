// How many partitions take() looks at next. Source: Spark's RDD.take, spark.rdd.limit.initialNumPartitions 1, scaleUpFactor 4.

const SCALE_UP = 4;

export function partitionsToTry({ found, limit, scanned }: { found: number; limit: number; scanned: number }): number {
  if (scanned === 0) return 1;
  if (found === 0) return scanned * SCALE_UP;
  const guess = Math.ceil((1.5 * (limit - found) * scanned) / found);
  return Math.max(1, Math.min(guess, scanned * SCALE_UP));
}

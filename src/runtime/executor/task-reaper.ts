// Watches a killed task until it has ended: says so now and then when spark.task.reaper.enabled is set, and ends its thread when its time is
// over. How the task is told to end is worker-pool.ts. Source: Spark's Executor.TaskReaper, which ends the whole JVM instead.
import { type Key, parseValue } from '../../common/key.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';

/** A time limit that means none. */
export const NEVER_MS = 0x7fffffff;

export type Watched = {
  readonly stillRuns: () => boolean;
  /** NEVER_MS: it may run as long as it wants. */
  readonly graceMs: number;
  /** Every so often it is said that it still runs; undefined: nothing is said. */
  readonly pollMs: number | undefined;
  readonly say: (ranMs: number) => void;
  readonly end: () => void;
};

/** spark.task.reaper.pollingInterval, when the reaper is enabled. */
export function pollMsOf(conf: Iterable<readonly [string, string]>): number | undefined {
  const values = new Map(conf);
  const read = <U extends 'bool' | 'ms'>(key: Key<U>) => parseValue(key, values.get(key.name) ?? key.fallback!, 'SparkConf');
  return read(SPARK_KEYS.reaperEnabled) ? Math.max(1, read(SPARK_KEYS.reaperPollMs)) : undefined;
}

export function watch({ stillRuns, graceMs, pollMs, say, end }: Watched): void {
  let ranMs = 0;
  const next = () => {
    const untilEndMs = graceMs >= NEVER_MS ? Number.POSITIVE_INFINITY : graceMs - ranMs;
    const waitMs = Math.min(untilEndMs, pollMs ?? Number.POSITIVE_INFINITY);
    if (waitMs === Number.POSITIVE_INFINITY) return;
    setTimeout(() => {
      if (!stillRuns()) return;
      ranMs += waitMs;
      if (pollMs !== undefined) say(ranMs);
      if (ranMs >= graceMs) end();
      else next();
    }, waitMs).unref();
  };
  next();
}

// Watches a killed task until it has ended: says so now and then when spark.task.reaper.enabled is set, and ends its thread when its time is
// over. How the task is told to end is worker-pool.ts. Source: Spark's Executor.TaskReaper, which ends the whole JVM instead.
import { type Key, parseValue } from '../../common/key.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import type { ThreadState } from './thread-profile.ts';

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

/** spark.task.reaper.pollingInterval and .threadDump. */
export type ReaperSettings = { readonly pollMs: number; readonly dumps: boolean };

/** @returns undefined: the reaper is not enabled */
export function reaperSettings(conf: Iterable<readonly [string, string]>): ReaperSettings | undefined {
  const values = new Map(conf);
  const read = <U extends 'bool' | 'ms'>(key: Key<U>) => parseValue(key, values.get(key.name) ?? key.fallback!, 'SparkConf');
  if (!read(SPARK_KEYS.reaperEnabled)) return undefined;
  return { pollMs: Math.max(1, read(SPARK_KEYS.reaperPollMs)), dumps: read(SPARK_KEYS.reaperThreadDump) };
}

/** What the thread of a killed task does, for the log; the innermost frame first. */
export function dumpText(taskId: number | undefined, thread: ThreadState | undefined): string {
  const frames = thread?.stack.map((frame) => `\n\t${frame}`).join('') ?? '';
  return `Thread dump from task ${taskId}: ${frames === '' ? 'its thread waits, or has just ended' : frames}`;
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

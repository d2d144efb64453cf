// Figures of an executor's process for its heartbeat, by Spark's names: heaps of the worker threads and of this thread, their memory pools,
// their garbage collection, and what the system says of the process. A busy worker is asked all the same: V8 interrupts it; one that sleeps
// in a wait answers later, and its last figure stands. Source: Spark's ExecutorMetricType.
import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import type { ExecutorMetricName } from '../../status/executor-metrics.ts';
import { EXECUTION_KB, MAJOR_COUNT, MAJOR_MS, MINOR_COUNT, MINOR_MS, POOL_KB, STORAGE_KB } from './worker-flags.ts';

export type PoolMetrics = {
  readonly metrics: Partial<Record<ExecutorMetricName, number>>;
  /** Execution and storage memory together that the slots have; 0: not known yet. */
  readonly maxMemoryBytes: number;
};

const KIBIBYTE = 1024;
const ANSWER_MS = 500;
const lastHeapOf = new WeakMap<Worker, number>();

async function heapOf(worker: Worker): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ANSWER_MS, undefined);
    timer.unref();
  });
  const statistics = await Promise.race([worker.getHeapStatistics().catch(() => undefined), late]);
  clearTimeout(timer);
  if (statistics !== undefined) lastHeapOf.set(worker, statistics.used_heap_size);
  return lastHeapOf.get(worker) ?? 0;
}

/** Pages of the process, from Linux; 0 elsewhere. */
function virtualBytes(): number {
  try {
    return Number(readFileSync('/proc/self/statm', 'utf8').split(' ', 1)[0]) * 4096;
  } catch {
    return 0;
  }
}

export async function poolMetrics(seats: readonly { readonly worker: Worker; readonly flags: Uint32Array }[]): Promise<PoolMetrics> {
  const heaps = await Promise.all(seats.map(({ worker }) => heapOf(worker)));
  const sum = (word: number) => seats.reduce((total, { flags }) => total + Atomics.load(flags, word), 0);
  // Execution memory is given back with the task: what is told is the most since the last beat.
  const executionBytes = seats.reduce((total, { flags }) => total + Atomics.exchange(flags, EXECUTION_KB, 0), 0) * KIBIBYTE;
  const storageBytes = sum(STORAGE_KB) * KIBIBYTE;
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const [minorMs, majorMs] = [sum(MINOR_MS), sum(MAJOR_MS)];
  return {
    maxMemoryBytes: sum(POOL_KB) * KIBIBYTE,
    metrics: {
      JVMHeapMemory: heapUsed + heaps.reduce((total, bytes) => total + bytes, 0),
      JVMOffHeapMemory: external,
      OnHeapExecutionMemory: executionBytes,
      OnHeapStorageMemory: storageBytes,
      OnHeapUnifiedMemory: executionBytes + storageBytes,
      DirectPoolMemory: arrayBuffers,
      ProcessTreeJVMVMemory: virtualBytes(),
      ProcessTreeJVMRSSMemory: rss,
      MinorGCCount: sum(MINOR_COUNT),
      MinorGCTime: minorMs,
      MajorGCCount: sum(MAJOR_COUNT),
      MajorGCTime: majorMs,
      TotalGCTime: minorMs + majorMs,
    },
  };
}

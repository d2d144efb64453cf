// Where a task's sorts, tables and buffers spill to, out of which memory they live, and what is counted of it. One SpillEnv for each stage of a
// worker, one SpillPlace for each task.
import { getHeapStatistics } from 'node:v8';
import { type LocalDirs, localDirs } from '../../shuffle/local-dirs.ts';
import { type ExecutionMemory, fixedMemory } from '../../shuffle/memory-share.ts';
import { type Pack, packWith } from '../../shuffle/packed-batches.ts';
import type { SpillPlace } from '../../shuffle/segments.ts';
import type { ShuffleSettings } from '../../shuffle/shuffle-settings.ts';
import type { MemoryPool } from '../../storage/memory-pool.ts';
import type { Task } from './running-task.ts';

export type SpillEnv = {
  readonly dirs: LocalDirs;
  readonly memoryOf: (taskId: number) => ExecutionMemory;
  readonly firstBytes: number;
  readonly handedOnBytes: number;
  /** spark.shuffle.compress and spark.shuffle.spill.compress; undefined: not packed. */
  readonly packShuffle: Pack | undefined;
  readonly packSpills: Pack | undefined;
  /** Fetched blocks of others that are kept in memory. */
  readonly fetchedBytes: number;
};

/** What is held without being asked for, and fetched blocks, are never more than these shares of the heap, whatever the settings say. */
const FIRST_SHARE = 0.05;
const FETCHED_SHARE = 0.25;
/** A heap with more than this share in use is not far from its end: what can be spilled is. Garbage seldom makes so much, V8 collects it before. */
const TIGHT_SHARE = 0.75;
const MOST_FETCHED_BYTES = 64 * 1024 * 1024;
const HANDED_ON_BYTES = 32 * 1024 * 1024;

/** @param fixedBytes instead of the pool: for tests */
export function spillEnv(dirs: readonly string[], settings: ShuffleSettings, pool: MemoryPool, fixedBytes?: number): SpillEnv {
  const heapBytes = getHeapStatistics().heap_size_limit;
  const pack = packWith(settings.codec, settings.zstdLevel);
  return {
    dirs: localDirs(dirs),
    memoryOf: (taskId) =>
      fixedBytes === undefined
        ? {
            acquire: (bytes) => pool.acquireExecution(taskId, bytes),
            release: (bytes) => pool.releaseExecution(taskId, bytes),
            isHeapTight: () => getHeapStatistics().used_heap_size > TIGHT_SHARE * heapBytes,
          }
        : fixedMemory(0),
    firstBytes: fixedBytes ?? Math.min(settings.spillBytes, heapBytes * FIRST_SHARE),
    handedOnBytes: fixedBytes ?? HANDED_ON_BYTES,
    packShuffle: settings.compressShuffle ? pack : undefined,
    packSpills: settings.compressSpills ? pack : undefined,
    fetchedBytes: fixedBytes ?? Math.min(MOST_FETCHED_BYTES, heapBytes * FETCHED_SHARE),
  };
}

let names = 0;

export function spillPlace(env: SpillEnv, task: Task): SpillPlace {
  return {
    dirs: env.dirs,
    newName: () => `spill_${task.taskId}_${process.pid}_${names++}`,
    memory: env.memoryOf(task.taskId),
    firstBytes: env.firstBytes,
    handedOnBytes: env.handedOnBytes,
    pack: env.packSpills,
    onSpill: (memoryBytes, diskBytes) => {
      task.metrics.memoryBytesSpilled += Math.round(memoryBytes);
      task.metrics.diskBytesSpilled += diskBytes;
    },
    onWrite: () => {},
    atEnd: (discard) => {
      task.cleanUp.push(discard);
    },
  };
}

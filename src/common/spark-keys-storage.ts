// Settings of an application that concern memory, cached blocks, checkpoints, broadcasts and their cleaning; part of spark-keys.ts.
import { key } from './key.ts';

export const STORAGE_KEYS = {
  memoryFraction: key({
    name: 'spark.memory.fraction',
    unit: 'ratio',
    fallback: '0.6',
    since: '0.2',
    doc: "Share of a task slot's heap (less 24 MiB) for execution and cached partitions together; the rest is the program's own objects.",
  }),
  memoryStorageFraction: key({
    name: 'spark.memory.storageFraction',
    unit: 'ratio',
    fallback: '0.5',
    since: '0.2',
    doc: 'Share of that memory which cached partitions keep when execution needs more; each side borrows what the other does not use.',
  }),
  offHeapEnabled: key({
    name: 'spark.memory.offHeap.enabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Whether there is memory for the level OFF_HEAP; without, such blocks go to disk at once.',
  }),
  offHeapSize: key({
    name: 'spark.memory.offHeap.size',
    unit: 'bytes',
    fallback: '0',
    since: '0.2',
    doc: "Memory of an executor for the level OFF_HEAP, added to its container's.",
  }),
  cleaner: key({
    name: 'spark.cleaner.referenceTracking',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Clean persisted RDDs, shuffle files and broadcasts that the program can not reach any more.',
  }),
  cleanerBlocking: key({
    name: 'spark.cleaner.referenceTracking.blocking',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Clean one after another, each until all executors have done it; false cleans as fast as garbage is found.',
  }),
  cleanCheckpoints: key({
    name: 'spark.cleaner.referenceTracking.cleanCheckpoints',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Delete the checkpoint files of an RDD that can not be reached any more.',
  }),
  cleanerGcIntervalMs: key({
    name: 'spark.cleaner.periodicGC.interval',
    unit: 'ms',
    fallback: '30min',
    since: '0.2',
    doc: 'How often the driver collects garbage so that there is something to clean; 0: never for this alone.',
  }),
  checkpointCompress: key({
    name: 'spark.checkpoint.compress',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Compress (zstd) the files of checkpoints.',
  }),
  rddCompress: key({
    name: 'spark.rdd.compress',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Compress (zstd) cached partitions that are bytes, in memory and on disk: less space for more work.',
  }),
};

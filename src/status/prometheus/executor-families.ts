// `/metrics/executors/prometheus`: figures of every executor, by the names of Spark's PrometheusResource.
import { EXECUTOR_METRICS, type ExecutorMetricName } from '../executor-metrics.ts';
import type { ExecutorSummary } from '../store/api-types.ts';
import type { Family, Sample } from './text-format.ts';

type Figure = readonly [name: string, type: Family['type'], help: string, value: (e: ExecutorSummary) => number | undefined, double?: true];

const FIGURES: readonly Figure[] = [
  ['rddBlocks', 'gauge', 'RDD blocks in the block manager of the executor.', (e) => e.rddBlocks],
  ['memoryUsed_bytes', 'gauge', 'Storage memory used by the executor.', (e) => e.memoryUsed],
  ['diskUsed_bytes', 'gauge', 'Disk space used for RDD storage by the executor.', (e) => e.diskUsed],
  ['totalCores', 'gauge', 'Cores of the executor.', (e) => e.totalCores],
  ['maxTasks', 'gauge', 'Tasks that can run at once on the executor.', (e) => e.maxTasks],
  ['activeTasks', 'gauge', 'Tasks that run.', (e) => e.activeTasks],
  ['failedTasks_total', 'counter', 'Tasks that failed on the executor.', (e) => e.failedTasks],
  ['completedTasks_total', 'counter', 'Tasks that succeeded on the executor.', (e) => e.completedTasks],
  ['totalTasks_total', 'counter', 'Tasks that began on the executor.', (e) => e.totalTasks],
  ['totalDuration_seconds_total', 'counter', 'Time that the executor spent in tasks.', (e) => e.totalDuration / 1_000, true],
  ['totalGCTime_seconds_total', 'counter', 'Time of garbage collection in tasks of the executor.', (e) => e.totalGCTime / 1_000, true],
  ['totalInputBytes_bytes_total', 'counter', 'Bytes read from inputs by the executor.', (e) => e.totalInputBytes],
  ['totalShuffleRead_bytes_total', 'counter', 'Shuffle bytes read by the executor.', (e) => e.totalShuffleRead],
  ['totalShuffleWrite_bytes_total', 'counter', 'Shuffle bytes written by the executor.', (e) => e.totalShuffleWrite],
  ['maxMemory_bytes', 'gauge', 'Memory for storage, at most.', (e) => e.maxMemory],
  ['usedOnHeapStorageMemory_bytes', 'gauge', 'On-heap memory used for storage.', (e) => e.memoryMetrics?.usedOnHeapStorageMemory],
  ['usedOffHeapStorageMemory_bytes', 'gauge', 'Off-heap memory used for storage.', (e) => e.memoryMetrics?.usedOffHeapStorageMemory],
  ['totalOnHeapStorageMemory_bytes', 'gauge', 'On-heap memory for storage.', (e) => e.memoryMetrics?.totalOnHeapStorageMemory],
  ['totalOffHeapStorageMemory_bytes', 'gauge', 'Off-heap memory for storage.', (e) => e.memoryMetrics?.totalOffHeapStorageMemory],
];

const isMemory = (name: ExecutorMetricName): boolean => name.endsWith('Memory');
const GC_COUNTS: readonly ExecutorMetricName[] = ['MinorGCCount', 'MajorGCCount', 'ConcurrentGCCount'];
const GC_TIMES: readonly ExecutorMetricName[] = ['MinorGCTime', 'MajorGCTime', 'ConcurrentGCTime'];

const PEAKS: readonly Figure[] = [
  ...EXECUTOR_METRICS.filter(isMemory).map(
    (name): Figure => [`${name}_bytes`, 'gauge', `Peak of ${name}.`, (e) => e.peakMemoryMetrics && (e.peakMemoryMetrics[name] ?? 0)],
  ),
  ...GC_COUNTS.map(
    (name): Figure => [`${name}_total`, 'counter', `Collections: ${name}.`, (e) => e.peakMemoryMetrics && (e.peakMemoryMetrics[name] ?? 0)],
  ),
  ...GC_TIMES.map(
    (name): Figure => [
      `${name}_seconds_total`,
      'counter',
      `Time of collections: ${name}.`,
      (e) => e.peakMemoryMetrics && (e.peakMemoryMetrics[name] ?? 0) / 1_000,
      true,
    ],
  ),
];

export type ExecutorsOf = {
  readonly applicationId: string;
  readonly applicationName: string;
  readonly version: string;
  /** Of the build; Spark has its git commit there. */
  readonly revision: string;
  readonly executors: readonly ExecutorSummary[];
};

export function executorFamilies(of: ExecutorsOf): Family[] {
  const info: Family = {
    name: 'spark_info',
    help: 'Version of the engine.',
    type: 'gauge',
    double: true,
    samples: [
      {
        labels: [
          ['version', of.version],
          ['revision', of.revision],
        ],
        value: 1,
      },
    ],
  };
  const families = [...FIGURES, ...PEAKS].map(
    ([name, type, help, value, double]): Family => ({
      name: `metrics_executor_${name}`,
      help,
      type,
      ...(double && { double }),
      samples: of.executors.flatMap((executor): Sample[] => {
        const seen = value(executor);
        if (seen === undefined) return [];
        const labels = [
          ['application_id', of.applicationId],
          ['application_name', of.applicationName],
          ['executor_id', executor.id],
        ] as const;
        return [{ labels, value: seen }];
      }),
    }),
  );
  return [info, ...families];
}

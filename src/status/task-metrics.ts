// What a task attempt cost, by Spark's names and units; and the flat form in which figures travel and are stored. Source: Spark's TaskMetrics.scala.

/** Times are ms unless the name says Ns; sizes are bytes. */
export type TaskMetrics = {
  readonly executorDeserializeTime: number;
  readonly executorDeserializeCpuTimeNs: number;
  readonly executorRunTime: number;
  readonly executorCpuTimeNs: number;
  readonly resultSize: number;
  /** Garbage collection of the task's thread. Spark: JVM GC Time. */
  readonly gcTime: number;
  readonly resultSerializationTime: number;
  readonly memoryBytesSpilled: number;
  readonly diskBytesSpilled: number;
  readonly peakExecutionMemory: number;
  readonly inputBytes: number;
  readonly inputRecords: number;
  readonly outputBytes: number;
  readonly outputRecords: number;
  readonly shuffleRemoteBlocks: number;
  readonly shuffleLocalBlocks: number;
  readonly shuffleFetchWaitTime: number;
  readonly shuffleRemoteBytes: number;
  readonly shuffleRemoteBytesToDisk: number;
  readonly shuffleLocalBytes: number;
  readonly shuffleRecordsRead: number;
  readonly shuffleRemoteRequestsDuration: number;
  readonly shuffleBytesWritten: number;
  readonly shuffleWriteTimeNs: number;
  readonly shuffleRecordsWritten: number;
  /** Of tasks that read merged files (push-based shuffle), or could not. */
  readonly push?: PushReadMetrics | undefined;
};
export type TaskMetricName = Exclude<keyof TaskMetrics, 'push'>;

/** Source: ShufflePushReadMetrics. */
export type PushReadMetrics = { readonly [name in (typeof PUSH_METRICS)[number]]: number };
export type PushMetricName = keyof PushReadMetrics;

/** In the order of figures on the wire. */
export const PUSH_METRICS = [
  'corruptMergedBlockChunks',
  'mergedFetchFallbackCount',
  'remoteMergedBlocksFetched',
  'localMergedBlocksFetched',
  'remoteMergedChunksFetched',
  'localMergedChunksFetched',
  'remoteMergedBytesRead',
  'localMergedBytesRead',
  'remoteMergedReqsDuration',
] as const;

export const noPushFigures = (): { -readonly [name in PushMetricName]: number } => ({
  corruptMergedBlockChunks: 0,
  mergedFetchFallbackCount: 0,
  remoteMergedBlocksFetched: 0,
  localMergedBlocksFetched: 0,
  remoteMergedChunksFetched: 0,
  localMergedChunksFetched: 0,
  remoteMergedBytesRead: 0,
  localMergedBytesRead: 0,
  remoteMergedReqsDuration: 0,
});

/** In the order of columns and of figures on the wire. */
export const TASK_METRICS = [
  'executorDeserializeTime',
  'executorDeserializeCpuTimeNs',
  'executorRunTime',
  'executorCpuTimeNs',
  'resultSize',
  'gcTime',
  'resultSerializationTime',
  'memoryBytesSpilled',
  'diskBytesSpilled',
  'peakExecutionMemory',
  'inputBytes',
  'inputRecords',
  'outputBytes',
  'outputRecords',
  'shuffleRemoteBlocks',
  'shuffleLocalBlocks',
  'shuffleFetchWaitTime',
  'shuffleRemoteBytes',
  'shuffleRemoteBytesToDisk',
  'shuffleLocalBytes',
  'shuffleRecordsRead',
  'shuffleRemoteRequestsDuration',
  'shuffleBytesWritten',
  'shuffleWriteTimeNs',
  'shuffleRecordsWritten',
] as const satisfies readonly TaskMetricName[];

export type MetricColumn = TaskMetricName | PushMetricName;
/** All figures; those of push-based shuffle, which most tasks have not, are behind the others. */
export const METRIC_COLUMNS: readonly MetricColumn[] = [...TASK_METRICS, ...PUSH_METRICS];

/** A figure that is not given is 0. */
export function taskMetrics(given: Partial<TaskMetrics>): TaskMetrics {
  const whole = {} as Record<TaskMetricName, number>;
  for (const name of TASK_METRICS) whole[name] = given[name] ?? 0;
  return given.push === undefined ? whole : { ...whole, push: given.push };
}

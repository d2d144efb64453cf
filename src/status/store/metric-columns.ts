// Task metrics as columns: the number of each, and how a record of figures becomes a row without a look-up by name. What the figures mean:
// ../task-metrics.ts.
import {
  METRIC_COLUMNS,
  type MetricColumn,
  PUSH_METRICS,
  type PushMetricName,
  type PushReadMetrics,
  TASK_METRICS,
  type TaskMetricName,
  type TaskMetrics,
} from '../task-metrics.ts';

export const METRIC_COUNT = METRIC_COLUMNS.length;
const PUSH_AT = TASK_METRICS.length;

/** Column number by name. */
export const METRIC = Object.fromEntries(METRIC_COLUMNS.map((name, i) => [name, i])) as Readonly<Record<MetricColumn, number>>;

/**
 * In the order of METRIC_COLUMNS. Written out: a loop over names costs twenty times as much, and this runs once a task.
 * @returns columns that are filled; those behind them are as they were
 */
export function metricsInto(row: Float64Array, m: TaskMetrics): number {
  row[0] = m.executorDeserializeTime;
  row[1] = m.executorDeserializeCpuTimeNs;
  row[2] = m.executorRunTime;
  row[3] = m.executorCpuTimeNs;
  row[4] = m.resultSize;
  row[5] = m.gcTime;
  row[6] = m.resultSerializationTime;
  row[7] = m.memoryBytesSpilled;
  row[8] = m.diskBytesSpilled;
  row[9] = m.peakExecutionMemory;
  row[10] = m.inputBytes;
  row[11] = m.inputRecords;
  row[12] = m.outputBytes;
  row[13] = m.outputRecords;
  row[14] = m.shuffleRemoteBlocks;
  row[15] = m.shuffleLocalBlocks;
  row[16] = m.shuffleFetchWaitTime;
  row[17] = m.shuffleRemoteBytes;
  row[18] = m.shuffleRemoteBytesToDisk;
  row[19] = m.shuffleLocalBytes;
  row[20] = m.shuffleRecordsRead;
  row[21] = m.shuffleRemoteRequestsDuration;
  row[22] = m.shuffleBytesWritten;
  row[23] = m.shuffleWriteTimeNs;
  row[24] = m.shuffleRecordsWritten;
  if (m.push === undefined) return PUSH_AT;
  for (let i = PUSH_AT; i < METRIC_COUNT; i++) row[i] = m.push[PUSH_METRICS[i - PUSH_AT]!];
  return METRIC_COUNT;
}

/** The record of a row. */
export function metricsOf(row: ArrayLike<number>): TaskMetrics {
  const whole = {} as Record<TaskMetricName, number>;
  for (let i = 0; i < PUSH_AT; i++) whole[TASK_METRICS[i]!] = row[i]!;
  const push = pushOf((name) => row[METRIC[name]]!);
  return push === undefined ? whole : { ...whole, push };
}

/** @returns undefined: all are 0 */
export function pushOf(figure: (name: PushMetricName) => number): PushReadMetrics | undefined {
  if (PUSH_METRICS.every((name) => figure(name) === 0)) return undefined;
  return Object.fromEntries(PUSH_METRICS.map((name) => [name, figure(name)])) as PushReadMetrics;
}

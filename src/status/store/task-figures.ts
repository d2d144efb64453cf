// What a row of task columns says: its figures, and those that follow from them (scheduler delay, time of getting the result) as in Spark's
// AppStatusUtils.
import { METRIC } from './metric-columns.ts';
import { GET_RESULT, type TaskColumns } from './task-columns.ts';
import type { TaskColumn } from './task-table.ts';

export const metric = (table: TaskColumns, which: number, row: number): number => table.metrics[which]?.[row] ?? 0;
export const isRunning = (table: TaskColumns, row: number): boolean => table.status[row]! <= GET_RESULT;

/** ms; 0 when the result came with the answer. */
export function gettingResultMs(table: TaskColumns, row: number, nowMs: number): number {
  const startedMs = table.fetchStart[row]!;
  if (startedMs <= 0) return 0;
  return Math.max(0, (isRunning(table, row) ? nowMs : table.launch[row]! + table.duration[row]!) - startedMs);
}

/** ms that are neither the task's own work nor its result's way; 0 while it runs. */
export function schedulerDelayMs(table: TaskColumns, row: number, nowMs: number): number {
  if (isRunning(table, row) || (table.flags[row]! & 2) === 0) return 0;
  const busyMs =
    metric(table, METRIC.executorRunTime, row) +
    metric(table, METRIC.executorDeserializeTime, row) +
    metric(table, METRIC.resultSerializationTime, row);
  return Math.max(0, table.duration[row]! - busyMs - gettingResultMs(table, row, nowMs));
}

/** A column's value by row; also what pages are sorted by. */
export function readerOf(table: TaskColumns, column: TaskColumn): (row: number) => number {
  const sum = (a: keyof typeof METRIC, b: keyof typeof METRIC) => {
    const [x, y] = [table.metrics[METRIC[a]], table.metrics[METRIC[b]]];
    return (row: number) => (x?.[row] ?? 0) + (y?.[row] ?? 0);
  };
  switch (column) {
    case 'duration':
      return (row) => table.duration[row]!;
    case 'schedulerDelay':
      return (row) => schedulerDelayMs(table, row, 0);
    case 'gettingResultTime':
      return (row) => gettingResultMs(table, row, 0);
    case 'shuffleReadBytes':
      return sum('shuffleLocalBytes', 'shuffleRemoteBytes');
    case 'shuffleTotalBlocks':
      return sum('shuffleLocalBlocks', 'shuffleRemoteBlocks');
    default: {
      const metric = table.metrics[METRIC[column]];
      return (row) => metric?.[row] ?? 0;
    }
  }
}

// Quantiles over the successful tasks of a live table: a column is sorted once and kept until the table changes.
// Source: Spark's AppStatusStore.taskSummary (the value at floor(q × n)).
import { SUCCESS, type TaskColumns } from './task-columns.ts';
import { METRIC } from './metric-columns.ts';
import { readerOf } from './task-figures.ts';
import type { TaskColumn } from './task-table.ts';

/** Columns in ascending order, of one version of a table. */
export class SortedColumns {
  #version = -1;
  readonly #sorted = new Map<TaskColumn, Float64Array>();

  of(version: number, column: TaskColumn, make: () => Float64Array): Float64Array {
    if (version !== this.#version) {
      this.#sorted.clear();
      this.#version = version;
    }
    let sorted = this.#sorted.get(column);
    if (sorted === undefined) {
      sorted = make().sort();
      this.#sorted.set(column, sorted);
    }
    return sorted;
  }
}

export function columnQuantiles(table: TaskColumns, cache: SortedColumns, column: TaskColumn, quantiles: readonly number[]): number[] {
  if (isAllZero(table, column)) return quantiles.map(() => 0);
  const sorted = cache.of(table.version, column, () => valuesOf(table, column));
  return at(sorted, quantiles);
}

/** @param sorted ascending, not empty */
export function at(sorted: ArrayLike<number>, quantiles: readonly number[]): number[] {
  return quantiles.map((q) => sorted[Math.max(0, Math.min(Math.floor(q * sorted.length), sorted.length - 1))]!);
}

function isAllZero(table: TaskColumns, column: TaskColumn): boolean {
  if (column in METRIC) return table.metrics[METRIC[column as keyof typeof METRIC]] === undefined;
  if (column === 'shuffleReadBytes')
    return table.metrics[METRIC.shuffleLocalBytes] === undefined && table.metrics[METRIC.shuffleRemoteBytes] === undefined;
  return false;
}

function valuesOf(table: TaskColumns, column: TaskColumn): Float64Array {
  const values = new Float64Array(table.successes);
  const value = readerOf(table, column);
  let n = 0;
  for (let row = 0; row < table.size; row++) if (table.status[row] === SUCCESS) values[n++] = value(row);
  return values;
}

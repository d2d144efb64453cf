// Quantiles over the successful tasks of a live table: a column is sorted once and kept until the table changes.
// Source: Spark's AppStatusStore.taskSummary (the value at floor(q × n)).
import { SUCCESS, type TaskColumns } from './task-columns.ts';
import { METRIC } from './metric-columns.ts';
import { readerOf } from './task-figures.ts';
import type { TaskColumn } from './task-table.ts';

/** Different values that are counted, at most: a quarter of a megabyte. */
const MOST_COUNTED = 65_535;

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
      sorted = ascending(make());
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

/** Sorted in place. Most columns are small whole numbers (ms) or one number over and over: those are counted, at a tenth of a sort's time. */
export function ascending(values: Float64Array): Float64Array {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let whole = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < least) least = value;
    if (value > most) most = value;
    whole &&= Number.isSafeInteger(value);
  }
  if (values.length === 0 || !whole || most - least > MOST_COUNTED) return values.sort();
  const counts = new Uint32Array(most - least + 1);
  for (let i = 0; i < values.length; i++) counts[values[i]! - least]!++;
  for (let at = 0, n = 0; n < counts.length; at += counts[n++]!) values.fill(least + n, at, at + counts[n]!);
  return values;
}

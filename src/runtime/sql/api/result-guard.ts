// What collect() may hold: rows above spark.driver.maxResultSize, or more than the heap has room for, end the query before they end the process.
// Results of executors are held against the same setting by their tasks (driver/service/indirect-results.ts).
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { AppError } from '../../../common/errors.ts';
import { parseBytes } from '../../../common/key.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { KernelChunk, KernelColumn } from '../../../common/sql-kernel.ts';
import { collect, type Heap, HeapGuard } from '../../storage/heap-guard.ts';
import { AnalysisException } from '../errors/spark-error.ts';

/** The heap's limit counts the young generation (three halves of 64 MB), whose room rows that are kept do not get. */
const YOUNG_BYTES = 192 * 2 ** 20;

/**
 * Of the rest. What an earlier query has left behind is collected before it is held against this one. Above 80 % V8 ends the process after four
 * collections that took most of the time (Heap::IsIneffectiveMarkCompact), which on a busy machine they do.
 */
const FULL = { lookAt: 0.78, most: 0.78, step: 0.03 };

/** Without the young generation. */
const oldHeap = (): Heap => ({
  used: () => getHeapSpaceStatistics().reduce((sum, space) => sum + (space.space_name.startsWith('new_') ? 0 : space.space_used_size), 0),
  limit: getHeapStatistics().heap_size_limit - YOUNG_BYTES,
  collect,
});

export class ResultGuard {
  readonly #mostBytes: number;
  readonly #heap: Heap;
  readonly #guard: HeapGuard;
  #bytes = 0;
  #rows = 0;

  /** @param setting the session's, by name */
  constructor(setting: (key: string) => string | undefined, heap = oldHeap()) {
    this.#heap = heap;
    this.#guard = new HeapGuard(heap, FULL);
    const { name, fallback } = SPARK_KEYS.maxResultSize;
    this.#mostBytes = parseBytes(setting(name) ?? fallback!) ?? 0;
  }

  /** @throws AppError RESULT_TOO_LARGE, AnalysisException DRIVER_OUT_OF_MEMORY */
  add({ rows, columns }: KernelChunk): void {
    this.#rows += rows;
    for (const column of columns) this.#bytes += bytesOf(column, rows);
    if (this.#mostBytes > 0 && this.#bytes > this.#mostBytes)
      throw new AppError('RESULT_TOO_LARGE', { tasks: 1, bytes: this.#bytes, limitBytes: this.#mostBytes });
    if (this.#guard.hasRoom()) return;
    const { limit } = this.#heap;
    const used = this.#heap.used();
    const mb = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
    throw new AnalysisException('DRIVER_OUT_OF_MEMORY', { rows: String(this.#rows), used: mb(used), limit: mb(limit) });
  }
}

/** 8 for each value, and the characters of texts. */
function bytesOf(column: KernelColumn, rows: number): number {
  if (ArrayBuffer.isView(column)) return column.byteLength;
  let bytes = rows * 8;
  for (let i = 0; i < rows; i++) {
    const value = column[i];
    if (typeof value === 'string' || value instanceof Uint8Array) bytes += value.length;
  }
  return bytes;
}

// Tables of DuckDB from columns of plain values, a data chunk at a time: rows of a program do not travel as text. For duckdb.ts.
import { quoteName } from '../common/kernel-quotes.ts';
import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';
import type { KernelColumn, KernelTableColumn } from '../common/sql-kernel.ts';
import { toDuckdb } from './duckdb-values.ts';

/** Rows of a chunk: the kernel's own vector size. */
const CHUNK_ROWS = 2048;

export async function createTable(
  connection: DuckDBConnection,
  name: string,
  columns: readonly KernelTableColumn[],
  rows: number,
): Promise<void> {
  await connection.run(`CREATE TABLE ${quoteName(name)} (${columns.map((c) => `${quoteName(c.name)} ${c.type}`).join(', ')})`);
  await appendRows(connection, name, columns, rows);
}

export async function appendRows(
  connection: DuckDBConnection,
  name: string,
  columns: readonly KernelTableColumn[],
  rows: number,
): Promise<void> {
  const api = await import('@duckdb/node-api');
  const types = (await connection.run(`SELECT * FROM ${quoteName(name)} LIMIT 0`)).columnTypes();
  const converters = types.map((type) => toDuckdb(type, api));
  const appender = await connection.createAppender(name);
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const n = Math.min(CHUNK_ROWS, rows - from);
    const chunk = api.DuckDBDataChunk.create(types, n);
    columns.forEach(({ values }, i) => {
      const vector = chunk.getColumnVector(i);
      const convert = converters[i]!;
      if (!setNumbers(vector, values, from, n)) for (let row = 0; row < n; row++) vector.setItem(row, convert(values[from + row]!));
      vector.flush();
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** Numbers as they are. @returns whether that was all */
function setNumbers(vector: DuckDBVector, values: KernelColumn, from: number, n: number): boolean {
  const { items } = vector as { items?: unknown };
  if (!ArrayBuffer.isView(values) || !ArrayBuffer.isView(items) || items.constructor !== values.constructor) return false;
  (items as Float64Array).set((values as unknown as Float64Array).subarray(from, from + n));
  return true;
}

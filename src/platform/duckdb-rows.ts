// Rows of a text, all at once or as they come. For duckdb.ts.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { KernelChunk } from '../common/sql-kernel.ts';
import { chunkDecoder } from './duckdb-decode.ts';

/** All rows are in memory before the first is given. */
export async function* rowsAtOnce(connection: DuckDBConnection, sql: string): AsyncGenerator<KernelChunk> {
  const result = await connection.run(sql);
  const decode = chunkDecoder(result.columnTypes(), await import('@duckdb/node-api'));
  for (let i = 0; i < result.chunkCount; i++) yield decode(result.getChunk(i));
}

/** The kernel computes on when the next chunk is asked for. Only what has been prepared can be a stream, and what reads files is planned again then. */
export async function* rowsAsTheyCome(connection: DuckDBConnection, sql: string): AsyncGenerator<KernelChunk> {
  const result = await connection.stream(sql);
  const decode = chunkDecoder(result.columnTypes(), await import('@duckdb/node-api'));
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    yield decode(chunk);
  }
}

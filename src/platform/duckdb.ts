// DuckDB as the kernel of SQL: an instance, its connections, results as columns of plain values. One door for the package @duckdb/node-api,
// loaded when the first query asks (70 ms, 68 MB of native code). Port: src/common/sql-kernel.ts.
// JavaScript functions: duckdb-functions.ts; values: duckdb-values.ts.
import type { DuckDBConnection } from '@duckdb/node-api';
import type { KernelChunk, KernelOptions, KernelScalarFunction, SqlKernel, SqlKernels } from '../common/sql-kernel.ts';
import { registerFunction } from './duckdb-functions.ts';
import { plainValue } from './duckdb-values.ts';

export const duckdbKernels: SqlKernels = {
  async open(options: KernelOptions): Promise<SqlKernel> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads),
      ...(options.memoryLimitMb !== undefined && { memory_limit: `${options.memoryLimitMb}MB` }),
      ...(options.tempDirectory !== undefined && { temp_directory: options.tempDirectory }),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const kernel = new DuckdbKernel(await instance.connect(), () => instance.closeSync());
    if (options.disabledOptimizers?.length) await kernel.run(`SET disabled_optimizers='${options.disabledOptimizers.join(',')}'`);
    if (options.timeZone !== undefined) await kernel.run(`SET TimeZone='${options.timeZone.replaceAll("'", "''")}'`);
    return kernel;
  },
};

class DuckdbKernel implements SqlKernel {
  readonly #connection: DuckDBConnection;
  readonly #closeInstance: () => void;

  constructor(connection: DuckDBConnection, closeInstance: () => void) {
    this.#connection = connection;
    this.#closeInstance = closeInstance;
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async *query(sql: string): AsyncGenerator<KernelChunk> {
    const result = await this.#connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield { rows: chunk.rowCount, columns: chunk.getColumns().map((column) => column.map(plainValue)) };
    }
  }

  registerScalar(definition: KernelScalarFunction): Promise<void> {
    return registerFunction(this.#connection, definition);
  }

  interrupt(): void {
    this.#connection.interrupt();
  }

  close(): void {
    this.#connection.closeSync();
    this.#closeInstance();
  }
}

// DuckDB as the kernel of SQL: an instance, its connections, results as columns of plain values. One door for the package @duckdb/node-api,
// loaded when the first query asks (70 ms, 68 MB of native code). Port: src/common/sql-kernel.ts.
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { KernelChunk, KernelOptions, KernelScalarFunction, KernelValue, SqlKernel, SqlKernels } from '../common/sql-kernel.ts';

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

  registerScalar(_definition: KernelScalarFunction): void {
    throw new Error('JavaScript functions in SQL are not built yet');
  }

  interrupt(): void {
    this.#connection.interrupt();
  }

  close(): void {
    this.#connection.closeSync();
    this.#closeInstance();
  }
}

/** DuckDB's value objects as plain values (common/sql-kernel.ts says which). */
function plainValue(value: DuckDBValue): KernelValue {
  if (value === null || typeof value !== 'object') return value as KernelValue;
  if ('days' in value && 'months' in value) return { months: value.months, days: value.days, microseconds: value.micros };
  if ('days' in value) return value.days;
  if ('micros' in value) return value.micros;
  if ('scale' in value) return decimalText(value.value, value.scale);
  if ('bytes' in value) return value.bytes;
  if ('items' in value) return value.items.map(plainValue);
  if ('entries' in value) {
    const { entries } = value;
    return Array.isArray(entries)
      ? entries.map(({ key, value: v }) => [plainValue(key), plainValue(v)])
      : Object.values(entries).map(plainValue);
  }
  throw new Error(`A value of DuckDB that nobody decodes: ${String(value)}`);
}

export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

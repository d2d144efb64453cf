// Scalar functions in JavaScript, registered with DuckDB: it calls them with whole vectors, always on the main thread, while the query itself runs
// on another. NULLs are passed in. One registration holds for all connections of the instance.
import type * as Duckdb from '@duckdb/node-api';
import type { KernelColumn, KernelScalarFunction, KernelValue } from '../common/sql-kernel.ts';
import { chunkDecoder } from './duckdb-decode.ts';
import { toDuckdb } from './duckdb-values.ts';

/** @param onThrown hears what the function throws: the kernel only keeps its sentence */
export async function registerFunction(
  connection: Duckdb.DuckDBConnection,
  definition: KernelScalarFunction,
  onThrown: (error: Error) => void,
): Promise<void> {
  const api = await import('@duckdb/node-api');
  const [returnType, ...parameterTypes] = await typesOf(connection, [definition.returnType, ...definition.parameterTypes]);
  const convert = toDuckdb(returnType!, api);
  const decode = chunkDecoder(parameterTypes, api);
  connection.registerScalarFunction(
    api.DuckDBScalarFunction.create({
      name: definition.name,
      returnType: returnType!,
      parameterTypes,
      specialHandling: true,
      volatile: definition.isVolatile,
      mainFunction: (info, input, output) => {
        try {
          const rows = input.rowCount;
          const { columns } = decode(input);
          write(output, definition.compute(columns, rows), rows, convert);
        } catch (thrown) {
          const error = thrown instanceof Error ? thrown : new Error(String(thrown));
          onThrown(error);
          info.setError(error.message);
        }
      },
    }),
  );
}

/** DuckDB reads its own names of types. */
async function typesOf(connection: Duckdb.DuckDBConnection, names: readonly string[]): Promise<Duckdb.DuckDBType[]> {
  const statement = await connection.prepare(`SELECT ${names.map((n) => `NULL::${n}`).join(', ')}`);
  const types = names.map((_, i) => statement.columnType(i));
  statement.destroySync();
  return types;
}

type FixedWidth = { items?: unknown };

/** Vectors whose items are the plain values themselves. */
const PLAIN = new Set(['INTEGER', 'SMALLINT', 'TINYINT', 'BIGINT', 'FLOAT', 'DOUBLE']);
const isPlain = (vector: Duckdb.DuckDBVector): boolean =>
  PLAIN.has(String(vector.type)) && ArrayBuffer.isView((vector as FixedWidth).items);

function write(output: Duckdb.DuckDBVector, result: KernelColumn, rows: number, convert: (v: KernelValue) => Duckdb.DuckDBValue): void {
  if (result.length < rows) throw new Error(`A JavaScript function gave ${result.length} values for ${rows} rows`);
  if (ArrayBuffer.isView(result) && isPlain(output)) {
    const items = (output as FixedWidth).items as Float64Array;
    if (items.constructor !== result.constructor)
      throw new Error(`A JavaScript function gave ${result.constructor.name} for ${output.type}`);
    items.set((result as unknown as Float64Array).subarray(0, rows));
  } else {
    for (let i = 0; i < rows; i++) output.setItem(i, convert(result[i]!));
  }
  output.flush();
}

/**
 * Program: TPC-H's 22 queries on DuckDB alone, in this process, over the same Parquet files: what our kernel can do without us.
 * Counterpart: bench/programs/tpch.ts. Arguments: folder of tables, folder of queries, threads, runs, queries.
 * BENCH_MEMORY (`4GB`) limits its memory.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBDateValue, DuckDBDecimalValue, DuckDBInstance } from '@duckdb/node-api';
import { peakMemory, timed } from './report.ts';
import { checkOf } from './tpch-check.ts';

const [data = '', queries = '', threads = '2', runs = '2', ...names] = process.argv.slice(2);
const memory = process.env['BENCH_MEMORY'];
const connection = await (await DuckDBInstance.create(':memory:', { threads, ...(memory && { memory_limit: memory }) })).connect();
for (const table of ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'])
  await connection.run(`CREATE VIEW ${table} AS SELECT * FROM read_parquet('${join(data, `${table}.parquet`)}')`);

const plain = (value: unknown): unknown => {
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBDateValue) return new Date(value.days * 86_400_000);
  return value;
};
for (let run = 0; run < Number(runs); run++) {
  for (const name of names) {
    const text = readFileSync(join(queries, `${name}.sql`), 'utf8');
    await timed(name, run, async () => checkOf((await (await connection.runAndReadAll(text)).getRows()).map((row) => row.map(plain))));
  }
}
peakMemory();

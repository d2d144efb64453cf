/**
 * Program: the phases of bench/lib/scale-data.ts on DuckDB alone, in this process: what our kernel can do without us.
 * Counterpart: bench/programs/sql-scale.ts. Arguments: phases, threads, memory limit (`2GB`), runs.
 */
import { readFileSync } from 'node:fs';
import { DuckDBDateValue, DuckDBDecimalValue, DuckDBInstance } from '@duckdb/node-api';
import type { ScalePhase, ScaleTable } from '../lib/scale-data.ts';
import { peakMemory, timed } from './report.ts';
import { checkOf } from './tpch-check.ts';

const [file = '', threads = '2', memory = '4GB', runs = '2'] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads, memory_limit: memory })).connect();

function source({ format, path, schema }: ScaleTable): string {
  if (format === 'parquet') return `read_parquet('${path}')`;
  const columns = [...schema.matchAll(/(\w+) ([A-Z]+(?:\(\d+,\d+\))?)/g)].map(([, name, type]) => `${name}: '${type}'`);
  return `${format === 'csv' ? 'read_csv' : 'read_json'}('${path}', columns = {${columns.join(', ')}}${format === 'csv' ? ', header = true' : ''})`;
}
const plain = (value: unknown): unknown => {
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  return value instanceof DuckDBDateValue ? new Date(value.days * 86_400_000) : value;
};
for (const { name, sql, tables } of JSON.parse(readFileSync(file, 'utf8')) as ScalePhase[]) {
  for (const table of tables) await connection.run(`CREATE OR REPLACE VIEW ${table.name} AS SELECT * FROM ${source(table)}`);
  for (let run = 0; run < Number(runs); run++)
    await timed(name, run, async () => checkOf((await (await connection.runAndReadAll(sql)).getRows()).map((row) => row.map(plain))));
}
peakMemory();

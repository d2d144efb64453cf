/**
 * Program: each phase of a file of phases (bench/lib/scale-data.ts) `runs` times; the time is that of collect(). Then the process' peak of memory.
 * Counterparts: bench/peer/sql_scale.py, bench/programs/sql-scale-duckdb.ts. Arguments: phases, runs.
 */
import { readFileSync } from 'node:fs';
import { SparkSession } from 'emberloom';
import type { ScalePhase } from '../lib/scale-data.ts';
import { peakMemory, timed } from './report.ts';
import { checkOf } from './tpch-check.ts';

const [file = '', runs = '2'] = process.argv.slice(2);
const spark = SparkSession.builder().appName('bench-sql-scale').getOrCreate();
for (const { name, sql, tables } of JSON.parse(readFileSync(file, 'utf8')) as ScalePhase[]) {
  for (const { name: table, format, path, schema } of tables) {
    const reader = schema === '' ? spark.read : spark.read.schema(schema).option('header', 'true');
    await reader.format(format).load(path).createOrReplaceTempView(table);
  }
  for (let run = 0; run < Number(runs); run++)
    await timed(name, run, async () => checkOf((await spark.sql(sql).collect()).map((row) => row.toArray())));
}
await spark.stop();
peakMemory();

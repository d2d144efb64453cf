/**
 * Program: TPC-H's 22 queries over Parquet files, each `runs` times round after round; the time is that of collect().
 * Counterparts: bench/peer/tpch.py (Spark and Sail), bench/programs/tpch-duckdb.ts. Arguments: folder of tables, folder of queries, runs, queries.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SparkSession } from 'emberloom';
import { peakMemory, timed } from './report.ts';
import { checkOf } from './tpch-check.ts';

const [data = '', queries = '', runs = '2', ...names] = process.argv.slice(2);
const spark = SparkSession.builder().appName('bench-tpch').getOrCreate();
for (const table of ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'])
  await spark.read.parquet(join(data, `${table}.parquet`)).createOrReplaceTempView(table);
for (let run = 0; run < Number(runs); run++) {
  for (const name of names) {
    const text = readFileSync(join(queries, `${name}.sql`), 'utf8');
    await timed(name, run, async () => checkOf((await spark.sql(text).collect()).map((row) => row.toArray())));
  }
}
await spark.stop();
peakMemory();

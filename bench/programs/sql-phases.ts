/**
 * Program: where a query's time goes between its text and its rows on a local master: parsing, analysis, the kernel's text, the kernel's planning,
 * and the whole of collect(). Processor time, of the main thread and of all threads, in ms: the least of all rounds, so that what else the machine
 * does counts little. Beside it DuckDB's own text of the same query, in a kernel of its own. Arguments: folder of tables, folder of queries, rounds, queries.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SparkSession } from 'emberloom';

const [data = '', queries = '', rounds = '10', ...names] = process.argv.slice(2);
const TABLES = ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'];
const spark = SparkSession.builder().appName('bench-sql-phases').getOrCreate();
for (const table of TABLES) await spark.read.parquet(join(data, `${table}.parquet`)).createOrReplaceTempView(table);
const engine = (spark as any).sqlEngine();
const { threadCpuUsage } = process as unknown as { threadCpuUsage(): NodeJS.CpuUsage };

type Cost = { wall: number; main: number; all: number };
const COSTS = ['wall', 'main', 'all'] as const;
const least = new Map<string, Map<string, Cost>>();

async function measure<T>(query: string, phase: string, work: () => T | Promise<T>): Promise<T> {
  const [from, main, all] = [performance.now(), threadCpuUsage(), process.cpuUsage()];
  const result = await work();
  const spent = (now: NodeJS.CpuUsage, then: NodeJS.CpuUsage) => (now.user + now.system - then.user - then.system) / 1000;
  const cost = { wall: performance.now() - from, main: spent(threadCpuUsage(), main), all: spent(process.cpuUsage(), all) };
  const of = least.get(phase) ?? new Map<string, Cost>();
  least.set(phase, of);
  const before = of.get(query) ?? cost;
  of.set(query, Object.fromEntries(COSTS.map((c) => [c, Math.min(before[c], cost[c])])) as Cost);
  return result;
}

async function kernelOf(threads: number): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: String(threads) })).connect();
  await connection.run('SET GLOBAL parquet_metadata_cache=true');
  for (const table of TABLES)
    await connection.run(`CREATE VIEW ${table} AS SELECT * FROM read_parquet('${join(data, `${table}.parquet`)}')`);
  return connection;
}
const alone = await kernelOf(2);
const ours = await engine.kernel();
const rows = async (text: string) => void (await (await alone.runAndReadAll(text)).getRows());
async function plan(kernel: { run(sql: string): Promise<unknown> }, text: string): Promise<void> {
  await kernel.run(`PREPARE p AS ${text}`);
  await kernel.run('DEALLOCATE p');
}
async function drain(query: unknown): Promise<void> {
  for await (const _ of engine.run(query));
}

for (let round = 0; round < Number(rounds); round++) {
  for (const name of names) {
    const text = readFileSync(join(queries, `${name}.sql`), 'utf8');
    const { relation } = await measure(name, 'parse', () => engine.parse(text));
    const query: any = await measure(name, 'analyse', () => engine.prepare(relation));
    const sql: string = await measure(name, 'emit', () => query.sql);
    await measure(name, 'run ours', () => drain(query));
    await measure(name, 'plan ours', () => plan(ours, sql));
    await measure(name, 'plan theirs', () => plan(alone, text));
    await measure(name, 'run theirs', () => rows(text));
    await measure(name, 'collect', () => spark.sql(text).collect());
  }
}
const line = (label: string, of: Cost) => console.log(label.padEnd(14), COSTS.map((c) => of[c].toFixed(2).padStart(9)).join(' '));
console.log('ms'.padEnd(14), COSTS.map((c) => c.padStart(9)).join(' '));
for (const [phase, of] of least)
  line(phase, Object.fromEntries(COSTS.map((c) => [c, [...of.values()].reduce((sum, cost) => sum + cost[c], 0)])) as Cost);
const ratio = (name: string, what: string, c: keyof Cost) =>
  least.get(`${what} ours`)!.get(name)![c] / least.get(`${what} theirs`)!.get(name)![c];
console.log('query    run ours/theirs (all)   wall     plan(all)   run ours ms   collect ms (all)');
for (const name of names)
  console.log(
    name.padEnd(6),
    ...[
      ratio(name, 'run', 'all'),
      ratio(name, 'run', 'wall'),
      ratio(name, 'plan', 'all'),
      least.get('run ours')!.get(name)!.all,
      least.get('collect')!.get(name)!.all,
    ].map((x) => x.toFixed(2).padStart(12)),
  );
await spark.stop();

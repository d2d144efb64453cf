// node test/oracle/tpch-staged.ts DATA QUERIES [q1 …]: TPC-H's queries in stages, in one task, and by the kernel alone from the official text,
// over the same Parquet files: do all three agree? Stages run in this process (test/helpers/staged-sql.ts).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { duckdbKernels } from '../../src/platform/duckdb.ts';
import { answerOf, sqlEngine } from '../helpers/sql.ts';
import { STAGED, stagedSql } from '../helpers/staged-sql.ts';

type Rows = readonly (readonly unknown[])[];
const [data = '', queries = '', ...names] = process.argv.slice(2);
const TABLES = ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'];
const isAdaptive = process.env['ADAPTIVE'] === '1';
const staged = stagedSql({
  ...STAGED,
  ...(isAdaptive && { 'spark.sql.adaptive.enabled': 'true', 'spark.sql.adaptive.coalescePartitions.minPartitionSize': '10000' }),
  'spark.sql.autoBroadcastJoinThreshold': process.env['BROADCAST'] ?? '100000',
});
const whole = sqlEngine();
const kernel = await duckdbKernels.open({ threads: 2 });
for (const table of TABLES) {
  const file = join(data, `${table}.parquet`);
  await kernel.run(`CREATE VIEW ${table} AS SELECT * FROM '${file}'`);
  for (const engine of [staged.engine, whole]) {
    const parsed = engine.parse(`SELECT * FROM parquet.\`${file}\``);
    if (parsed.tag === 'relation') engine.views.set(table, await engine.analyze(parsed.relation));
  }
}

/** Sums of doubles come in another order, and the kernel's averages of decimals are doubles: six digits behind the point are Spark's. */
const NEAR = 1e-6;
const numberOf = (v: unknown): number =>
  typeof v === 'string' && /^-?\d+(\.\d+)?$/.test(v) ? Number(v) : typeof v === 'bigint' ? Number(v) : (v as number);
function isNear(x: unknown, y: unknown): boolean {
  const [a, b] = [numberOf(x), numberOf(y)];
  return typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= NEAR * Math.max(1, Math.abs(a)) : String(x) === String(y);
}
const same = (a: Rows, b: Rows): boolean => a.length === b.length && a.every((row, i) => row.every((v, c) => isNear(v, b[i]![c])));
const text = (rows: Rows): string => rows.map((row) => row.join('|')).join('\n');

const all = Array.from({ length: 22 }, (_, i) => `q${i + 1}`);
for (const name of names.length > 0 ? names : all) {
  const sql = readFileSync(join(queries, `${name}.sql`), 'utf8');
  try {
    const stagesBefore = staged.context.stages.length;
    const began = performance.now();
    const a = await answerOf(staged.engine, sql);
    const ms = performance.now() - began;
    const b = await answerOf(whole, sql);
    const alone: unknown[][] = [];
    const dialect = sql.replace(/interval '?(\d+)'? (day|month|year)s?/gi, "interval '$1' $2");
    for await (const { rows, columns } of kernel.query(dialect)) for (let i = 0; i < rows; i++) alone.push(columns.map((c) => c[i]));
    const verdict = !same(a.rows, b.rows) ? 'STAGED DIFFERS' : !same(b.rows, alone) ? 'KERNEL DIFFERS' : 'same';
    console.log(`${name}: ${verdict}, ${a.rows.length} rows, ${staged.context.stages.length - stagesBefore} stages, ${Math.round(ms)} ms`);
    if (verdict !== 'same' && process.env['SHOW']) console.log([a.rows, b.rows, alone].map((r) => text(r.slice(0, 5))).join('\n--\n'));
  } catch (error) {
    console.log(`${name}: ${(error as Error).message.split('\n')[0]!.slice(0, 200)}`);
    if (process.env['SHOW']) console.log(error);
  }
}
await staged.engine.close();
await whole.close();
kernel.close();
staged.close();

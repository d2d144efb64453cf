// node test/oracle/tpcds-spark.ts [--scale=0.1] [--runs=1] [--alone] [--show] [q1 q5@2.7 …]: TPC-DS's queries over real rows, as one query and in stages,
// against a real Spark's answers (--alone: stages against the one query); beside them the processor time of ours, of the kernel alone from the same text, and of Spark. Stages run in this process
// (test/helpers/staged-sql.ts); on executors: test/fixtures/apps/tpcds.ts.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tpcdsData, tpcdsQueries } from '../../bench/lib/tpcds-data.ts';
import { duckdbKernels } from '../../src/platform/duckdb.ts';
import type { SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import { answerOf, sqlEngine } from '../helpers/sql.ts';
import { STAGED, stagedSql } from '../helpers/staged-sql.ts';
import { differenceOf, differenceOfFailure, type SparkAnswer, tpcdsAnswers, valueText, withoutLimit } from './tpcds-answers.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: '0.1' },
    runs: { type: 'string', default: '1' },
    broadcast: { type: 'string', default: '100000' },
    alone: { type: 'boolean' },
    show: { type: 'boolean' },
  },
});
const data = await tpcdsData(Number(options.scale));
const queries = await tpcdsQueries();
const names = positionals.length > 0 ? positionals : [...queries.keys()];
const answers = options.alone ? new Map<string, SparkAnswer>() : await tpcdsAnswers(data, names);

const whole = sqlEngine();
const staged = stagedSql({ ...STAGED, 'spark.sql.autoBroadcastJoinThreshold': options.broadcast });
const kernel = await duckdbKernels.open({ threads: 1 });
for (const file of readdirSync(data).filter((name) => name.endsWith('.parquet'))) {
  const [table, path] = [file.slice(0, -'.parquet'.length), join(data, file)];
  await kernel.run(`CREATE VIEW ${table} AS SELECT * FROM '${path}'`);
  for (const engine of [whole, staged.engine]) {
    const parsed = engine.parse(`SELECT * FROM parquet.\`${path}\``);
    if (parsed.tag === 'relation') engine.views.set(table, await engine.analyze(parsed.relation));
  }
}

/** @returns processor time of this process with the kernel's threads in ms, the least of all runs */
async function costOf(work: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let run = 0; run < Number(options.runs); run++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    costs.push(Math.round((user + system) / 1000));
  }
  return Math.min(...costs);
}

async function kernelAlone(text: string): Promise<void> {
  const dialect = text
    .replaceAll('`', '"')
    .replace(/interval '?(\d+)'? (day)s?/gi, "interval '$1' $2")
    .replace(/\+ *(\d+) +days/gi, "+ interval '$1' day");
  for await (const chunk of kernel.query(dialect)) void chunk;
}

async function verdictOf(engine: SqlEngine, text: string, spark: SparkAnswer): Promise<string> {
  try {
    const { columns, types, rows } = await answerOf(engine, text);
    const named = columns.map((column, i) => `${column} ${types[i]}`);
    return differenceOf(spark, named, rows, text) ?? 'right';
  } catch (error) {
    if (options.show) console.log(error);
    return differenceOfFailure(spark, error as Error) ?? 'right';
  }
}

/** In Spark's place, where only stages and one query are held against each other. */
async function ownAnswer(query: string, text: string): Promise<SparkAnswer> {
  const asked = { query, columns: [], rows: [], order: [], ms: 0, cpuMs: 0 };
  try {
    const { columns, types, rows } = await answerOf(whole, withoutLimit(text));
    const texts = rows.map((row) => row.map((value, i) => valueText(value, types[i]!)));
    return { ...asked, columns: columns.map((column, i) => `${column} ${types[i]}`), rows: texts };
  } catch (error) {
    return { ...asked, error: (error as Error).message };
  }
}

let [right, rows] = [0, 0];
for (const name of names) {
  const text = queries.get(name)!;
  const spark = answers.get(name) ?? (await ownAnswer(name, text));
  let [one, many] = ['', ''];
  const costs = [await costOf(async () => (one = await verdictOf(whole, text, spark)))];
  const stages = staged.context.stages.length;
  costs.push(await costOf(async () => (many = await verdictOf(staged.engine, text, spark))));
  const alone = await costOf(() => kernelAlone(text)).catch((error: Error) => error.message.slice(0, 60));
  const isRight = one === 'right' && many === 'right';
  if (isRight) right++;
  if (isRight && spark.rows.length > 0) rows++;
  console.log(
    `${name}: ${isRight ? 'right' : `one query ${one.slice(0, 600)}\n  stages ${many.slice(0, 600)}\n `}, ${spark.rows.length} rows, ${staged.context.stages.length - stages} stages; ` +
      `processor ms: ${costs[0]}, in stages ${costs[1]}, kernel ${alone}, Spark ${spark.cpuMs}`,
  );
}
console.log(`${right} of ${names.length} right, ${rows} of them with rows`);
await staged.engine.close();
staged.close();
await whole.close();
kernel.close();

/**
 * Program: how soon SQL answers, and how fast rows and functions of the program are: the first query, `select 1`, collect() of rows of 3 numbers and a text,
 * a function over rows. Counterpart: bench/peer/sql_session.py. Arguments: rows to collect, rows of the function, runs.
 */
import { functions as F, SparkSession } from 'emberloom';
import { timed, value } from './report.ts';

const from = performance.now();
const [collected = 1_000_000, called = 10_000_000, runs = 3] = process.argv.slice(2).map(Number);
const spark = SparkSession.builder().appName('bench-sql-session').getOrCreate();
await spark.sql('select 1').collect();
value('first query', performance.now() - from);
const plusOne = F.udf((x: number) => x * 2 + 1, 'double');
const plusOneInBatches = F.udf((column: ArrayLike<number>) => Float64Array.from(column, (x) => x * 2 + 1), 'double', { batch: true });
for (let run = 0; run < runs; run++) {
  await timed('select 1', run, async () => {
    for (let i = 0; i < 50; i++) await spark.sql('select 1').collect();
    return '50';
  });
  await timed('collect', run, async () => {
    const rows = await spark
      .range(collected)
      .selectExpr('id', 'id * 0.5d AS half', 'cast(id % 7 AS int) AS seventh', "concat('row ', id) AS name")
      .collect();
    return `${rows.length} ${rows.at(-1)!.get(3)}`;
  });
  for (const [name, f] of [
    ['function', plusOne],
    ['function over batches', plusOneInBatches],
  ] as const)
    await timed(name, run, async () => {
      const [row] = await spark
        .range(called)
        .select(F.sum(f(F.col('id').cast('double'))).alias('s'))
        .collect();
      return Number(row!.get(0)).toExponential(5);
    });
}
await spark.stop();

/**
 * TPC-H's 22 queries over Parquet: Spark 4 on local[2] with its defaults and with 4 shuffle partitions, Sail, DuckDB alone, and ours on local[2];
 * then Spark Standalone and our cluster with 2 executors of 1 core. Warm: every run of an application but its first.
 * Sizes: `scale` (1; SF0.01 is `--size hundredths=1`), `hundredths` (0: `scale` counts), `runs` (2) in one application, `queries` (22: the first so many),
 * `cluster` (2; 1 leaves it out), `sail` (2; 1 leaves it out).
 */
import { join } from 'node:path';
import { alternate, type Side } from './lib/alternate.ts';
import { bench, type Figure } from './lib/bench.ts';
import { runCommand } from './lib/command.ts';
import { submitOurs } from './lib/emberloom.ts';
import { BENCH, ROOT } from './lib/paths.ts';
import { DRIVER_MEMORY, peerSpark } from './lib/peer-spark.ts';
import { demandSameAnswers, laterRuns, type Timing, timingsOf } from './lib/program-output.ts';
import { startSail } from './lib/sail.ts';
import { twoExecutors } from './lib/small-executors.ts';
import { summarize } from './lib/statistics.ts';
import { tpchData, TPCH_QUERIES, tpchQueries } from './lib/tpch-data.ts';

type Texts = ReadonlyMap<string, Timing[][]>;

await bench('tpch', 1, async (context) => {
  const { options } = context;
  const hundredths = options.size('hundredths', 0);
  const data = tpchData(hundredths > 0 ? hundredths / 100 : options.size('scale', 1));
  const names = TPCH_QUERIES.slice(0, options.size('queries', 22));
  const runs = options.size('runs', 2);
  const args = [data, await tpchQueries(), runs, ...names];
  const spark = options.peer ? peerSpark(context) : undefined;
  const program = async (flags: string[], env?: NodeJS.ProcessEnv) =>
    timingsOf((await submitOurs(context, { flags, program: 'tpch.ts', arguments: args, ...(env && { env }) })).stdout);
  const python = async (flags: string[]) => timingsOf((await spark!.submit({ flags, program: 'tpch.py', arguments: args })).stdout);
  const tuned = ['--conf', 'spark.sql.shuffle.partitions=4'];

  const local: Side<Timing[]>[] = [];
  const memory = ['--driver-memory', DRIVER_MEMORY];
  if (spark !== undefined) {
    local.push({ name: 'spark', run: () => python(['--master', 'local[2]', ...memory]) });
    local.push({ name: 'spark tuned', run: () => python(['--master', 'local[2]', ...memory, ...tuned]) });
    if (options.size('sail', 2) > 1) {
      const sail = await startSail(context);
      local.push({ name: 'sail', run: async () => timingsOf((await sail.run('tpch.py', args)).stdout) });
    }
  }
  const node = join(ROOT, 'node_modules/.bin/node');
  const alone = async (threads: number) => {
    const argv = [node, join(BENCH, 'programs/tpch-duckdb.ts'), data, args[1] as string, threads, runs, ...names].map(String);
    return timingsOf((await runCommand({ argv, timeoutMs: options.timeoutMs })).stdout);
  };
  local.push({ name: 'duckdb', run: () => alone(2) });
  if (options.ours) local.push({ name: 'emberloom', run: () => program(['--master', 'local[2]']) });
  const onOne = await alternate(options.rounds, local);
  demandSameAnswers(onOne);
  const figures = [
    figure(onOne, 'spark', 'local[2]: Spark', 20),
    figure(onOne, 'spark tuned', 'local[2]: Spark with 4 shuffle partitions', 12),
    figure(onOne, 'sail', 'local[2]: Sail', 1),
    figure(onOne, 'duckdb', 'local[2]: DuckDB alone', 1 / 1.15),
  ];
  if (options.size('cluster', 2) > 1) {
    const place = await twoExecutors(context, '4g');
    const two: Side<Timing[]>[] = [{ name: 'duckdb', run: () => alone(2) }];
    if (spark !== undefined) two.push({ name: 'spark', run: () => python(place.sparkFlags as string[]) });
    if (options.ours) two.push({ name: 'emberloom', run: () => program([...place.oursFlags], place.env) });
    const onTwo = await alternate(options.rounds, two);
    demandSameAnswers(onTwo);
    figures.push(
      figure(onTwo, 'spark', '2 executors × 1 core: Spark Standalone', 15),
      figure(onTwo, 'duckdb', '2 executors × 1 core: DuckDB alone', 1 / 1.5),
    );
    figures.push(...names.map((name) => ofQuery(onTwo, name, '2 executors × 1 core')));
  }
  figures.push(...names.map((name) => ofQuery(onOne, name, 'local[2]')));
  return figures.filter(({ peer, ours }) => peer.length > 0 || ours.length > 0);
});

/** The sum over the queries, of each warm round. */
function sums(results: Texts, side: string): number[] {
  return (results.get(side) ?? []).flatMap((timings) => {
    const rounds = new Set(timings.filter(({ run }) => run > 0).map(({ run }) => run));
    return [...rounds].map((round) => timings.filter(({ run }) => run === round).reduce((sum, { seconds }) => sum + seconds, 0));
  });
}

function figure(results: Texts, peer: string, name: string, least: number): Figure {
  const aim = {
    text: `at least ${least < 1 ? `1/${(1 / least).toFixed(2)}` : `${least} times`}`,
    holds: (_: number, ratio: number | undefined) => ratio !== undefined && ratio >= least,
  };
  return { name: `TPC-H, all queries, ${name}`, unit: 's', peer: sums(results, peer), ours: sums(results, 'emberloom'), aim };
}

/** One query beside DuckDB alone: where time is lost. */
function ofQuery(results: Texts, query: string, where: string): Figure {
  const of = (side: string) => {
    const summary = summarize(laterRuns(results.get(side) ?? [], query));
    return summary === undefined ? [] : [summary.median];
  };
  return { name: `${query}, ${where}: DuckDB alone`, unit: 's', peer: of('duckdb'), ours: of('emberloom') };
}

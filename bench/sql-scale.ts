/**
 * SQL over more than fits comfortably: an aggregation of 10 M groups, a join where one key has half of the rows, scans of 1 GB of CSV and of JSON, and
 * TPC-H SF10 with 4 GB for the whole process: Spark and DuckDB alone beside us on local[2]. Warm: every run of an application but its first.
 * Sizes: `groups` (10,000,000), `skewed` (40,000,000 rows), `mb` of each text file (1,000), `scale` (10; SF0.01 is `--size hundredths=1`; `--size tpch=1`
 * leaves TPC-H out), `queries` (22: the first so many), `runs` (2) in one application. TPC-H SF10 takes Spark half an hour: give it `--timeout 7200`.
 */
import { join } from 'node:path';
import { alternate, type Side } from './lib/alternate.ts';
import { type Aim, bench, type Context, type Figure } from './lib/bench.ts';
import { runCommand } from './lib/command.ts';
import { submitOurs } from './lib/emberloom.ts';
import { BENCH, ROOT } from './lib/paths.ts';
import { peerSpark } from './lib/peer-spark.ts';
import { demandSameAnswers, laterRuns, timingsOf, valuesOf } from './lib/program-output.ts';
import { scaleData } from './lib/scale-data.ts';
import { tpchData, TPCH_QUERIES, tpchQueries } from './lib/tpch-data.ts';

const MEMORY_GB = 4;
const NODE = join(ROOT, 'node_modules/.bin/node');

type Programs = { readonly ours: string; readonly python: string; readonly duckdb: readonly (string | number)[] };

/** @returns what each side printed */
async function outputsOf(context: Context, { ours, python, duckdb }: Programs, args: readonly (string | number)[]) {
  const { options } = context;
  const flags = ['--master', 'local[2]', '--driver-memory', `${MEMORY_GB}g`];
  const sides: Side<string>[] = [];
  if (options.peer) {
    const spark = peerSpark(context);
    sides.push({ name: 'spark', run: async () => (await spark.submit({ flags, program: python, arguments: args })).stdout });
  }
  const [program, ...rest] = duckdb;
  const argv = [NODE, join(BENCH, 'programs', String(program)), ...rest].map(String);
  const env = { BENCH_MEMORY: `${MEMORY_GB}GB` };
  sides.push({ name: 'duckdb', run: async () => (await runCommand({ argv, env, timeoutMs: options.timeoutMs })).stdout });
  if (options.ours)
    sides.push({ name: 'emberloom', run: async () => (await submitOurs(context, { flags, program: ours, arguments: args })).stdout });
  const outputs = await alternate(options.rounds, sides);
  demandSameAnswers(new Map([...outputs].map(([side, texts]) => [side, texts.map(timingsOf)])));
  return outputs;
}

const peakOf = (texts: readonly string[] = []): number[] => texts.flatMap((text) => valuesOf(text, 'peak MB').filter((mb) => mb !== null));
const bounded: Aim = { text: `at most ${MEMORY_GB * 1024} MB`, holds: (mb) => mb <= MEMORY_GB * 1024 };
const faster: Aim = { text: 'ahead of Spark', holds: (_, ratio) => ratio !== undefined && ratio > 1 };

await bench('sql-scale', 1, async (context) => {
  const { options } = context;
  const sizes = {
    groups: options.size('groups', 10_000_000),
    skewed: options.size('skewed', 40_000_000),
    megabytes: options.size('mb', 1000),
  };
  const phases = await scaleData(sizes);
  const runs = options.size('runs', 2);
  const programs = {
    ours: 'sql-scale.ts',
    python: 'sql_scale.py',
    duckdb: ['sql-scale-duckdb.ts', phases, 2, `${MEMORY_GB}GB`, runs],
  };
  const scaled = await outputsOf(context, programs, [phases, runs]);
  const of = (side: string, phase: string) => laterRuns((scaled.get(side) ?? []).map(timingsOf), phase);
  const figures: Figure[] = [
    ['groups', `aggregation of ${sizes.groups / 1e6} M groups`],
    ['skewed join', `join of ${sizes.skewed / 1e6} M rows, half of them of one key`],
    ['CSV', `scan of ${sizes.megabytes} MB of CSV`],
    ['JSON', `scan of ${sizes.megabytes} MB of JSON`],
  ].flatMap(([phase, what]) => [
    { name: `${what}: Spark`, unit: 's' as const, peer: of('spark', phase!), ours: of('emberloom', phase!), aim: faster },
    { name: `${what}: DuckDB alone`, unit: 's' as const, peer: of('duckdb', phase!), ours: of('emberloom', phase!) },
  ]);
  const memory = (what: string, outputs: ReadonlyMap<string, string[]>): Figure => ({
    name: `${what}, most memory of the process: DuckDB alone`,
    unit: 'MB',
    peer: peakOf(outputs.get('duckdb')),
    ours: peakOf(outputs.get('emberloom')),
    aim: bounded,
  });
  figures.push(memory('these four', scaled));
  if (options.size('tpch', 2) > 1) figures.push(...(await tpch(context, runs, memory)));
  return figures.filter(({ peer, ours }) => peer.length > 0 || ours.length > 0);
});

async function tpch(
  context: Context,
  runs: number,
  memory: (what: string, outputs: ReadonlyMap<string, string[]>) => Figure,
): Promise<Figure[]> {
  const { options } = context;
  const hundredths = options.size('hundredths', 0);
  const scale = hundredths > 0 ? hundredths / 100 : options.size('scale', 10);
  const [data, queries] = [tpchData(scale), await tpchQueries()];
  const names = TPCH_QUERIES.slice(0, options.size('queries', 22));
  const programs = { ours: 'tpch.ts', python: 'tpch.py', duckdb: ['tpch-duckdb.ts', data, queries, 2, runs, ...names] };
  const outputs = await outputsOf(context, programs, [data, queries, runs, ...names]);
  const sums = (side: string) =>
    (outputs.get(side) ?? []).map((text) => {
      const later = timingsOf(text).filter(({ run }) => run === runs - 1);
      return later.reduce((sum, { seconds }) => sum + seconds, 0);
    });
  const what = `TPC-H SF${scale}, all queries`;
  return [
    { name: `${what}: Spark`, unit: 's', peer: sums('spark'), ours: sums('emberloom'), aim: faster },
    { name: `${what}: DuckDB alone`, unit: 's', peer: sums('duckdb'), ours: sums('emberloom') },
    memory(what, outputs),
  ];
}

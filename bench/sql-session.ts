/**
 * How soon SQL answers, and what rows and functions of the program cost, beside PySpark on local[2]: first query of a fresh session (the JVM's start
 * included, as its user waits for it), `select 1` warm, collect() beside toPandas() with Arrow, a function of one row beside Python's plain UDF, one over
 * batches beside its Arrow UDF.
 * Sizes: `collected` (1,000,000), `called` (10,000,000), `runs` (3).
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { alternate, type Side } from './lib/alternate.ts';
import { bench, type Figure } from './lib/bench.ts';
import { submitOurs } from './lib/emberloom.ts';
import { VENV } from './lib/paths.ts';
import { DRIVER_MEMORY, peerSpark } from './lib/peer-spark.ts';
import { demandSameAnswers, laterRuns, timingsOf, valuesOf } from './lib/program-output.ts';

/** toPandas and Arrow UDFs need them. */
const PACKAGES = ['pandas==2.3.3', 'pyarrow==21.0.0'];

await bench('sql-session', 2, async (context) => {
  const { options } = context;
  const args = [options.size('collected', 1_000_000), options.size('called', 10_000_000), options.size('runs', 3)];
  const sides: Side<string>[] = [];
  if (options.peer) {
    const spark = peerSpark(context);
    execFileSync(join(VENV, 'bin/pip'), ['install', '-q', '--disable-pip-version-check', ...PACKAGES], { stdio: 'inherit' });
    const flags = ['--master', 'local[2]', '--driver-memory', DRIVER_MEMORY];
    sides.push({ name: 'pyspark', run: async () => (await spark.submit({ flags, program: 'sql_session.py', arguments: args })).stdout });
  }
  if (options.ours) {
    const submission = { flags: ['--master', 'local[2]'], program: 'sql-session.ts', arguments: args };
    sides.push({ name: 'emberloom', run: async () => (await submitOurs(context, submission)).stdout });
  }
  const outputs = await alternate(options.rounds, sides);
  demandSameAnswers(new Map([...outputs].map(([side, texts]) => [side, texts.map(timingsOf)])));
  const of = (side: string, phase: string) => laterRuns((outputs.get(side) ?? []).map(timingsOf), phase);
  const first = (side: string) => (outputs.get(side) ?? []).flatMap((text) => valuesOf(text, 'first query').filter((ms) => ms !== null));
  const each = (side: string) => of(side, 'select 1').map((seconds) => (seconds / 50) * 1000);
  const faster = (times: number) => ({
    text: `${times} times`,
    holds: (_: number, ratio: number | undefined) => ratio !== undefined && ratio >= times,
  });
  const phase = (name: string, what: string, times: number): Figure => ({
    name: what,
    unit: 's',
    peer: of('pyspark', name),
    ours: of('emberloom', name),
    aim: faster(times),
  });
  return [
    {
      name: 'first query of a fresh session',
      unit: 'ms',
      peer: first('pyspark'),
      ours: first('emberloom'),
      aim: { text: 'below 300 ms', holds: (ms) => ms < 300 },
    },
    {
      name: 'select 1, warm',
      unit: 'ms',
      peer: each('pyspark'),
      ours: each('emberloom'),
      aim: { text: 'below 5 ms', holds: (ms) => ms < 5 },
    },
    phase('collect', `collect() of ${args[0]! / 1e6} M rows: toPandas()`, 1),
    phase('function', `a function over ${args[1]! / 1e6} M rows: plain Python UDF`, 5),
    phase('function over batches', `a function over batches of ${args[1]! / 1e6} M rows: Python's Arrow UDF`, 1),
  ];
});

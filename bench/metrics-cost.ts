/**
 * What it costs to know what an application does: the same jobs with everything on (task metrics, page, event log), with task metrics off, and
 * with all three off, in turns on 2 executors × 1 core. No peer. Compared is processor time of the driver, the executors and the daemons
 * (wall times differ by a quarter from round to round); what an application of one task takes, its start, is taken off first.
 * A cost is that of the round: with, over without. What stays in any case: the adding up of records and bytes, once for each chunk of rows.
 * Sizes: `tasks` (20,000 empty ones), `runs` of them (20) and of reduceByKey (5) in one application, `pairs` (10,000,000), `jobs` of 1,000 tasks of 1 ms (10).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate } from './lib/alternate.ts';
import { bench, type Context, type Figure } from './lib/bench.ts';
import { submitOurs } from './lib/emberloom.ts';
import { processorSeconds } from './lib/processor-time.ts';
import { demandSameAnswers, timingsOf, type Timing } from './lib/program-output.ts';
import type { Place } from './lib/sides.ts';
import { twoExecutors } from './lib/small-executors.ts';

type Job = { readonly name: string; readonly program: string; readonly args: readonly (string | number)[] };

const CONF = { metrics: 'spark.emberloom.taskMetrics.enabled', page: 'spark.ui.enabled', log: 'spark.eventLog.enabled' } as const;
const SIDES: Readonly<Record<string, Readonly<Record<keyof typeof CONF, boolean>>>> = {
  'all on': { metrics: true, page: true, log: true },
  'metrics off': { metrics: false, page: true, log: true },
  'all off': { metrics: false, page: false, log: false },
};
const AIM = { text: 'below 3 %', holds: (ours: number) => ours < 3 };

await bench('metrics-cost', 5, async (context) => {
  const { options } = context;
  if (!options.ours) throw new Error('this bench has only our side: --sides ours');
  const place = await twoExecutors({ ...context, options: { ...options, peer: false } }, '2g');
  const logs = mkdtempSync(join(tmpdir(), 'emberloom-bench-log-'));
  context.atEnd(async () => rmSync(logs, { recursive: true, force: true }));
  const [emptyRuns, runs] = [options.size('runs', 20), options.size('runs', 5)];
  const tasks = options.size('tasks', 20_000);
  const pairs = options.size('pairs', 10_000_000);
  const jobs: Job[] = [
    { name: `${tasks} empty tasks`, program: 'empty-tasks.ts', args: [tasks, emptyRuns, 1] },
    {
      name: `reduceByKey of ${pairs} pairs`,
      program: 'shuffle.ts',
      args: [pairs, 1_000_000, 4, runs, 'reduceByKey'],
    },
    { name: '1000 tasks of 1 ms', program: 'small-tasks.ts', args: [1000, options.size('jobs', 10)] },
  ];
  const pids = place.pids?.() ?? [];
  const start = async (switches: readonly string[]) =>
    run({ name: 'start', program: 'empty-tasks.ts', args: [1, 1, 1] }, switches, context, place, pids);
  const figures: Figure[] = [];
  for (const job of jobs) {
    console.error(job.name);
    figures.push(...(await costOf(job, context, place, pids, logs, start)));
  }
  return figures;
});

type Run = { readonly timings: Timing[]; readonly cpuSeconds: number };

async function costOf(
  job: Job,
  context: Context,
  place: Place,
  pids: readonly number[],
  logs: string,
  start: (switches: readonly string[]) => Promise<Run>,
): Promise<Figure[]> {
  const { name } = job;
  const sides = Object.entries(SIDES).map(([side, on]) => {
    const switches = Object.entries(CONF).flatMap(([what, key]) => ['--conf', `${key}=${on[what as keyof typeof CONF]}`]);
    switches.push('--conf', `spark.eventLog.dir=${logs}`);
    const both = async (): Promise<Run> => {
      const { cpuSeconds: ofStart } = await start(switches);
      const { timings, cpuSeconds } = await run(job, switches, context, place, pids);
      return { timings, cpuSeconds: cpuSeconds - ofStart };
    };
    return { name: side, run: both };
  });
  const results = await alternate(context.options.rounds, sides);
  demandSameAnswers(new Map([...results].map(([side, runs]) => [side, runs.map(({ timings }) => timings)])));
  const seconds = (side: string) => (results.get(side) ?? []).map(({ cpuSeconds }) => cpuSeconds);
  const cost = (dear: string, cheap: string) => seconds(dear).map((s, round) => (s / seconds(cheap)[round]! - 1) * 100);
  const times = Object.keys(SIDES).map(
    (side): Figure => ({ name: `${name}, processor time: ${side}`, unit: 's', peer: [], ours: seconds(side) }),
  );
  return [
    ...times,
    { name: `${name}: what task metrics cost`, unit: '%', peer: [], ours: cost('all on', 'metrics off'), aim: AIM },
    { name: `${name}: what metrics, page and event log cost together`, unit: '%', peer: [], ours: cost('all on', 'all off') },
  ];
}

/** One application: what it printed, and what it took of the processors, its executors and the daemons included. */
async function run(
  { program, args }: Job,
  switches: readonly string[],
  context: Context,
  place: Place,
  pids: readonly number[],
): Promise<Run> {
  const roots = [process.pid, ...pids];
  const before = processorSeconds(roots);
  const submission = { flags: [...place.oursFlags, ...switches], program, arguments: args, ...(place.env && { env: place.env }) };
  const timings = timingsOf((await submitOurs(context, submission)).stdout);
  return { timings, cpuSeconds: processorSeconds(roots) - before };
}

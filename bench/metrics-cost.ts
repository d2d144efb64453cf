/**
 * What it costs to know what an application does: the same jobs with everything on (task metrics, page, event log), with task metrics off, and
 * with all three off, in turns on 2 executors × 1 core. No peer. A cost is that of the round: its median with, over its median without.
 * What stays in any case: the adding up of records and bytes, once for each chunk of rows.
 * Sizes: `tasks` (20,000 empty ones), `runs` of them and of reduceByKey in one application (5), `pairs` (10,000,000), `jobs` of 1,000 tasks of 1 ms (10).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate } from './lib/alternate.ts';
import { bench, type Context, type Figure } from './lib/bench.ts';
import { submitOurs } from './lib/emberloom.ts';
import { demandSameAnswers, laterRuns, timingsOf, type Timing } from './lib/program-output.ts';
import type { Place } from './lib/sides.ts';
import { twoExecutors } from './lib/small-executors.ts';
import { summarize } from './lib/statistics.ts';

type Job = { readonly name: string; readonly program: string; readonly phase: string; readonly args: readonly (string | number)[] };

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
  const runs = options.size('runs', 5);
  const tasks = options.size('tasks', 20_000);
  const pairs = options.size('pairs', 10_000_000);
  const jobs: Job[] = [
    { name: `${tasks} empty tasks`, program: 'empty-tasks.ts', phase: 'tasks', args: [tasks, runs, 1] },
    {
      name: `reduceByKey of ${pairs} pairs`,
      program: 'shuffle.ts',
      phase: 'reduceByKey',
      args: [pairs, 1_000_000, 4, runs, 'reduceByKey'],
    },
    { name: '1000 tasks of 1 ms', program: 'small-tasks.ts', phase: 'job', args: [1000, options.size('jobs', 10)] },
  ];
  const figures: Figure[] = [];
  for (const job of jobs) {
    console.error(job.name);
    figures.push(...(await costOf(job, context, place, logs)));
  }
  return figures;
});

async function costOf({ name, program, phase, args }: Job, context: Context, place: Place, logs: string): Promise<Figure[]> {
  const sides = Object.entries(SIDES).map(([side, on]) => {
    const switches = Object.entries(CONF).flatMap(([what, key]) => ['--conf', `${key}=${on[what as keyof typeof CONF]}`]);
    const flags = [...place.oursFlags, ...switches, '--conf', `spark.eventLog.dir=${logs}`];
    const submission = { flags, program, arguments: args, ...(place.env && { env: place.env }) };
    return { name: side, run: async () => timingsOf((await submitOurs(context, submission)).stdout) };
  });
  const results = await alternate(context.options.rounds, sides);
  demandSameAnswers(results);
  /** By round. */
  const medians = (side: string) => (results.get(side) ?? []).map((timings) => medianOf(timings, phase));
  const cost = (dear: string, cheap: string) => medians(dear).map((seconds, round) => (seconds / medians(cheap)[round]! - 1) * 100);
  const times = Object.keys(SIDES).map((side): Figure => ({ name: `${name}: ${side}`, unit: 's', peer: [], ours: medians(side) }));
  return [
    ...times,
    { name: `${name}: what task metrics cost`, unit: '%', peer: [], ours: cost('all on', 'metrics off'), aim: AIM },
    { name: `${name}: what metrics, page and event log cost together`, unit: '%', peer: [], ours: cost('all on', 'all off') },
  ];
}

/** Of the warm runs of one application. */
function medianOf(timings: Timing[], phase: string): number {
  const summary = summarize(laterRuns([timings], phase));
  if (summary === undefined) throw new Error(`no warm run of ${phase}: give more runs`);
  return summary.median;
}

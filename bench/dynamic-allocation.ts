/**
 * Dynamic allocation's ramp-up: one executor runs, a job of waiting tasks begins, and after schedulerBacklogTimeout (1 s) more executors are asked
 * for. The figure is the time from that moment to the first task on an added executor. Sizes: `tasks` (100), `ms` a task (400).
 */
import { bench } from './lib/bench.ts';
import { measureStarts } from './lib/executor-starts.ts';

const BACKLOG_MS = 1_000;

await bench('dynamic-allocation', 3, async (context) => {
  const { options } = context;
  const executors = ['--executor-cores', '1', '--executor-memory', '1g'];
  const dynamic = Object.entries({ enabled: true, minExecutors: 1, maxExecutors: 4, schedulerBacklogTimeout: `${BACKLOG_MS}ms` }).flatMap(
    ([name, value]) => ['--conf', `spark.dynamicAllocation.${name}=${value}`],
  );
  const starts = await measureStarts(context, {
    tasks: options.size('tasks', 100),
    napMs: options.size('ms', 400),
    killer: -1,
    // Spark counts this one in whole seconds.
    sparkFlags: [...executors, ...dynamic.map((flag) => flag.replace(`=${BACKLOG_MS}ms`, `=${BACKLOG_MS / 1000}s`))],
    oursFlags: [...executors, ...dynamic],
  });
  const after = (ms: readonly number[]) => ms.map((figure) => figure - BACKLOG_MS);
  return [
    {
      name: 'first task of an added executor, after schedulerBacklogTimeout',
      unit: 'ms',
      peer: after(starts.spark),
      ours: after(starts.emberloom),
      aim: { text: 'below 200 ms', holds: (ours) => ours < 200 },
    },
  ];
});

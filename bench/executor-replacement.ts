/**
 * An executor killed with SIGKILL while a job runs: the time from the kill to the first task on the executor that takes its place. Two executors of
 * one core. Sizes: `tasks` (60), `ms` a task (250).
 */
import { bench } from './lib/bench.ts';
import { measureStarts } from './lib/executor-starts.ts';

await bench('executor-replacement', 3, async (context) => {
  const { options } = context;
  const executors = ['--executor-cores', '1', '--executor-memory', '1g'];
  const tasks = options.size('tasks', 60);
  const starts = await measureStarts(context, {
    tasks,
    napMs: options.size('ms', 250),
    // Some seconds after the start, as executors mostly die.
    killer: Math.floor(tasks / 6),
    sparkFlags: [...executors, '--total-executor-cores', '2'],
    oursFlags: [...executors, '--num-executors', '2'],
  });
  return [
    {
      name: 'first task of the executor that replaces a killed one',
      unit: 'ms',
      peer: starts.spark,
      ours: starts.emberloom,
      aim: { text: 'below 300 ms', holds: (ours) => ours < 300 },
    },
  ];
});

/**
 * Jobs of 1,000 tasks that wait 1 ms each on 2 executors × 1 core: seconds of a job (0.5 would be no overhead at all), and the
 * driver's processor time for one task. Sizes: `tasks` (1000), `jobs` (20).
 */
import { bench } from './lib/bench.ts';
import { runSides, values, warm } from './lib/sides.ts';
import { twoExecutors } from './lib/small-executors.ts';

await bench('small-tasks', 2, async (context) => {
  const { options } = context;
  const place = await twoExecutors(context, '1g');
  const args = [options.size('tasks', 1000), options.size('jobs', 20)];
  const outputs = await runSides(context, { scala: 'SmallTasks', ours: 'small-tasks.ts' }, place, args);
  const millis = (side: 'spark' | 'emberloom') => values(outputs, side, 'driverMicrosPerTask').map((micros) => micros / 1000);
  return [
    {
      name: `a job of ${args[0]} tasks of 1 ms, 2 executors × 1 core, warm`,
      unit: 's',
      peer: warm(outputs, 'spark', 'job'),
      ours: warm(outputs, 'emberloom', 'job'),
      aim: { text: 'ahead of Scala', holds: (_, ratio) => ratio !== undefined && ratio > 1 },
    },
    {
      name: "the driver's processor time for one of its tasks",
      unit: 'ms',
      peer: millis('spark'),
      ours: millis('emberloom'),
      aim: { text: 'below 50 µs', holds: (ours) => ours < 0.05 },
    },
  ];
});

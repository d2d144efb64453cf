/**
 * A driver with 100,000 tasks in one stage on 2 executors × 1 core: its memory afterwards, and the answers that its pages need
 * (quantiles, a page of tasks from the middle sorted by run time). Sizes: `tasks` (100,000).
 */
import { bench } from './lib/bench.ts';
import { runSides, values } from './lib/sides.ts';
import { twoExecutors } from './lib/small-executors.ts';

await bench('large-stage', 1, async (context) => {
  const { options } = context;
  const place = await twoExecutors(context, '1g');
  const tasks = options.size('tasks', 100_000);
  const outputs = await runSides(context, { scala: 'LargeStage', ours: 'large-stage.ts' }, place, [tasks]);
  const of = (name: string) => ({ peer: values(outputs, 'spark', name), ours: values(outputs, 'emberloom', name) });
  const what = `${tasks.toLocaleString('en-US')} tasks in one stage`;
  const below = (text: string, limit: number) => ({ text, holds: (ours: number) => ours < limit });
  return [
    { name: `${what}: the driver's memory`, unit: 'MB', ...of('rssMb'), aim: below('below 500 MB', 500) },
    { name: `${what}: quantiles over REST, warm`, unit: 'ms', ...of('summaryMs'), aim: below('below 200 ms', 200) },
    { name: `${what}: quantiles over REST, first`, unit: 'ms', ...of('summaryFirstMs'), aim: below('below 200 ms', 200) },
    { name: `${what}: a page of sorted tasks over REST`, unit: 'ms', ...of('taskPageMs'), aim: below('below 200 ms', 200) },
  ];
});

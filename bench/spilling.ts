/**
 * 10 M pairs through reduceByKey, groupByKey, join and sortByKey on 2 executors of 1 core and 512 MB, where they must spill:
 * Scala RDDs, PySpark RDDs, ours. Timed inside the program, second run of each application.
 * Sizes: `pairs` (10 M), `keys` (1 M), `partitions` (8), `runs` (2), `kinds` (4: how many of the four, in this order), `python` (2; 1 leaves it out).
 */
import { bench, type Figure } from './lib/bench.ts';
import { figuresOf, runSides } from './lib/sides.ts';
import { twoExecutors } from './lib/small-executors.ts';

await bench('spilling', 1, async (context) => {
  const { options } = context;
  const place = await twoExecutors(context, '512m');
  const pairs = options.size('pairs', 10_000_000);
  const args = [pairs, options.size('keys', 1_000_000), options.size('partitions', 8), options.size('runs', 2)];
  const python = options.size('python', 2) > 1 ? { python: 'spilling.py' } : {};
  const figures: Figure[] = [];
  for (const kind of ['reduceByKey', 'groupByKey', 'join', 'sortByKey'].slice(0, options.size('kinds', 4))) {
    console.error(kind);
    const outputs = await runSides(context, { scala: 'Spilling', ours: 'spilling.ts', ...python }, place, [...args, kind]);
    figures.push(...figuresOf(outputs, kind, `${kind} of ${pairs / 1e6} M pairs at 2 × 512 MB`));
  }
  return figures;
});

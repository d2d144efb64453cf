/**
 * reduceByKey of 10 M pairs with 1 M keys, and sortByKey of 10 M pairs, timed inside the program without start-up:
 * on `local[2]`, and on a cluster with 2 executors of 1 core. Each kind has an application of its own.
 * Sizes: `pairs`, `keys`, `partitions` (4), `runs` in one application (3: one first, two warm), `places` (2; 1 leaves the cluster out).
 */
import { alternate, type Side } from './lib/alternate.ts';
import { bench, type Figure } from './lib/bench.ts';
import { startCluster, submitOurs } from './lib/emberloom.ts';
import { DRIVER_MEMORY, peerSpark, startStandalone } from './lib/peer-spark.ts';
import { demandSameAnswers, firstRuns, laterRuns, timingsOf, type Timing } from './lib/program-output.ts';

type Place = {
  readonly where: string;
  readonly spark: readonly string[];
  readonly ours: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
};

await bench('shuffle', 2, async (context) => {
  const { options } = context;
  const spark = options.peer ? peerSpark(context) : undefined;
  const memory = ['--driver-memory', DRIVER_MEMORY];
  const places: Place[] = [{ where: 'local[2]', spark: ['--master', 'local[2]', ...memory], ours: ['--master', 'local[2]', ...memory] }];
  if (options.size('places', 2) > 1) {
    const standalone = spark && (await startStandalone(spark, context, { cores: 2 }));
    const cluster = options.ours ? await startCluster(context) : undefined;
    const executors = ['--executor-cores', '1', '--executor-memory', '3g'];
    places.push({
      where: '2 executors × 1 core',
      spark: ['--master', standalone?.url ?? '', ...executors, '--total-executor-cores', '2'],
      ours: ['--master', 'yarn', ...executors, '--num-executors', '2'],
      ...(cluster && { env: cluster.env }),
    });
  }
  const pairs = options.size('pairs', 10_000_000);
  const sizes = [pairs, options.size('keys', 1_000_000), options.size('partitions', 4), options.size('runs', 3)];
  const figures: Figure[] = [];
  for (const place of places) {
    for (const kind of ['reduceByKey', 'sortByKey']) {
      const args = [...sizes, kind];
      const sides: Side<Timing[]>[] = [];
      if (spark) {
        sides.push({
          name: 'spark',
          run: async () => timingsOf((await spark.submit({ flags: place.spark, program: 'Shuffle', arguments: args })).stdout),
        });
      }
      if (options.ours) {
        const submission = { flags: place.ours, program: 'shuffle.ts', arguments: args, ...(place.env && { env: place.env }) };
        sides.push({ name: 'emberloom', run: async () => timingsOf((await submitOurs(context, submission)).stdout) });
      }
      console.error(`${kind}, ${place.where}`);
      const results = await alternate(options.rounds, sides);
      demandSameAnswers(results);
      const of = (side: string): Timing[][] => results.get(side) ?? [];
      const name = `${kind} of ${pairs / 1e6} M pairs, ${place.where}`;
      figures.push({
        name: `${name}, warm`,
        unit: 's',
        peer: laterRuns(of('spark'), kind),
        ours: laterRuns(of('emberloom'), kind),
        aim: { text: 'ahead of Scala', holds: (_, ratio) => ratio !== undefined && ratio > 1 },
      });
      figures.push({ name: `${name}, first run`, unit: 's', peer: firstRuns(of('spark'), kind), ours: firstRuns(of('emberloom'), kind) });
    }
  }
  return figures;
});

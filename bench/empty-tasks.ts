/**
 * Empty tasks a second, and the latency of a job of one task: on `local[2]`, and on a cluster with 2 executors of 1 core.
 * Timed inside the program, after a small first job. Sizes: `tasks` (20,000), `runs` in one application (3), `singles` (50).
 */
import { alternate, type Side } from './lib/alternate.ts';
import { bench, type Context, type Figure } from './lib/bench.ts';
import { startCluster, submitOurs } from './lib/emberloom.ts';
import { peerSpark, startStandalone } from './lib/peer-spark.ts';
import { demandSameAnswers, timingsOf, type Timing } from './lib/program-output.ts';

type Place = {
  readonly where: string;
  readonly spark: readonly string[];
  readonly ours: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
};

await bench('empty-tasks', 2, async (context) => {
  const { options } = context;
  const spark = options.peer ? peerSpark(context) : undefined;
  const standalone = spark && (await startStandalone(spark, context, { cores: 2 }));
  const cluster = options.ours ? await startCluster(context) : undefined;
  const places: Place[] = [
    { where: 'local[2]', spark: ['--master', 'local[2]'], ours: ['--master', 'local[2]'] },
    {
      where: '2 executors × 1 core',
      spark: ['--master', standalone?.url ?? '', '--executor-cores', '1', '--total-executor-cores', '2', '--executor-memory', '1g'],
      ours: ['--master', 'yarn', '--num-executors', '2', '--executor-cores', '1', '--executor-memory', '1g'],
      ...(cluster && { env: cluster.env }),
    },
  ];
  const figures: Figure[] = [];
  for (const place of places) figures.push(...(await compareAt(place, context, spark)));
  return figures;
});

async function compareAt(place: Place, context: Context, spark: ReturnType<typeof peerSpark> | undefined): Promise<Figure[]> {
  const { options } = context;
  const [tasks, singles] = [options.size('tasks', 20_000), options.size('singles', 50)];
  const args = [tasks, options.size('runs', 3), singles];
  const sides: Side<Timing[]>[] = [];
  if (spark) {
    sides.push({
      name: 'spark',
      run: async () => timingsOf((await spark.submit({ flags: place.spark, program: 'EmptyTasks', arguments: args })).stdout),
    });
  }
  if (options.ours) {
    const submission = { flags: place.ours, program: 'empty-tasks.ts', arguments: args, ...(place.env && { env: place.env }) };
    sides.push({ name: 'emberloom', run: async () => timingsOf((await submitOurs(context, submission)).stdout) });
  }
  console.error(place.where);
  const results = await alternate(options.rounds, sides);
  demandSameAnswers(results);
  const of = (side: string, phase: string, toFigure: (seconds: number) => number): number[] =>
    (results.get(side) ?? [])
      .flat()
      .filter((t) => t.phase === phase)
      .map((t) => toFigure(t.seconds));
  const perSecond = (seconds: number): number => tasks / seconds;
  const eachMs = (seconds: number): number => (seconds * 1000) / singles;
  return [
    {
      name: `empty tasks, ${place.where} (${tasks} tasks)`,
      unit: 'tasks/s',
      peer: of('spark', 'tasks', perSecond),
      ours: of('emberloom', 'tasks', perSecond),
      aim: { text: '> 200,000/s and 100 times', holds: (ours, ratio) => ours > 200_000 && (ratio === undefined || ratio >= 100) },
    },
    { name: `job of one task, ${place.where}`, unit: 'ms', peer: of('spark', 'singles', eachMs), ours: of('emberloom', 'singles', eachMs) },
  ];
}

/**
 * Program: N tasks that do nothing but count one number, and the latency of a job of one task.
 * Counterpart: bench/peer/EmptyTasks.scala. Arguments: tasks, runs, one-task jobs a run.
 */
import { SparkSession } from 'emberloom';
import { timed } from './report.ts';

const [tasks = 20_000, runs = 3, singles = 100] = process.argv.slice(2).map(Number);
const spark = SparkSession.builder().appName('bench-empty-tasks').getOrCreate();
const sc = spark.sparkContext;
// On a cluster the executors register late; without this the first run would measure their start.
await sc.range(0, 64, 1, 64).count();
for (let run = 0; run < runs; run++) {
  await timed('tasks', run, async () => String(await sc.range(0, tasks, 1, tasks).count()));
  await timed('singles', run, async () => {
    let sum = 0;
    for (let i = 0; i < singles; i++) sum += await sc.parallelize([1], 1).count();
    return String(sum);
  });
}
await spark.stop();

/**
 * Program: jobs of many tasks that wait 1 ms each, and the driver's processor time for one. Counterpart: bench/peer/SmallTasks.scala.
 * Arguments: tasks, jobs.
 */
import { SparkSession } from 'emberloom';
import { timed, value } from './report.ts';

const [tasks = 1000, jobs = 20] = process.argv.slice(2).map(Number);
const spark = SparkSession.builder().appName('bench-small-tasks').getOrCreate();
const sc = spark.sparkContext;
await sc.range(0, 64, 1, 64).count();
const nap = (i: number): number => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  return i;
};
for (let run = 0; run < jobs; run++) {
  const before = process.cpuUsage();
  await timed('job', run, async () => String(await sc.range(0, tasks, 1, tasks).map(nap).count()));
  const { user, system } = process.cpuUsage(before);
  if (run > 0) value('driverMicrosPerTask', (user + system) / tasks);
}
await spark.stop();

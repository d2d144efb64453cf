/**
 * Program: one job of tasks that wait; with `kill` one of them ends its executor with SIGKILL, once. Counterpart: bench/peer/Recovery.scala.
 * Arguments: tasks, milliseconds a task, which task kills (-1: none), path of the file that says it has been done.
 */
import { closeSync, openSync } from 'node:fs';
import { SparkSession } from 'emberloom';
import { timed } from './report.ts';

const [tasks = 60, napMs = 1000, killer = -1] = process.argv.slice(2, 5).map(Number);
const mark = process.argv[5] ?? '';
const spark = SparkSession.builder().appName('bench-recovery').getOrCreate();
const sc = spark.sparkContext;
await sc.range(0, 16, 1, 16).count();
const once = (path: string): boolean => {
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch {
    return false;
  }
};
await timed('job', 0, async () => {
  const sum = await sc
    .range(0, tasks, 1, tasks)
    .map((i) => {
      if (i === killer && once(mark)) process.kill(process.pid, 'SIGKILL');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, napMs);
      return i;
    })
    .reduce((a, b) => a + b);
  return String(sum);
});
await spark.stop();

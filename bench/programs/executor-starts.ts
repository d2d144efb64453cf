/**
 * Program: one job of tasks that wait and write down where and when they begin; one of them may end its executor with SIGKILL, once.
 * Says how long after the job's begin, and after the kill, the first task began on an executor that was not there before.
 * Counterpart: bench/peer/ExecutorStarts.scala. Arguments: tasks, milliseconds a task, which task kills (-1: none), an empty folder.
 */
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { SparkSession } from 'emberloom';
import { value } from './report.ts';

const [tasks = 40, napMs = 250, killer = -1] = process.argv.slice(2, 5).map(Number);
const folder = process.argv[5] ?? '.';
const spark = SparkSession.builder().appName('bench-executor-starts').getOrCreate();
const sc = spark.sparkContext;
const once = (): boolean => {
  try {
    closeSync(openSync(`${folder}/killed`, 'wx'));
    return true;
  } catch {
    return false;
  }
};
const note = (what: string) => appendFileSync(`${folder}/notes`, `${Date.now()} ${what}\n`);
await sc
  .range(0, 4, 1, 4)
  .map((i) => {
    note(`old ${process.pid}`);
    return i;
  })
  .count();
const begunAtMs = Date.now();
const sum = await sc
  .range(0, tasks, 1, tasks)
  .map((i) => {
    note(`task ${process.pid}`);
    if (i === killer && once()) {
      note('kill');
      process.kill(process.pid, 'SIGKILL');
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, napMs);
    return i;
  })
  .reduce((a, b) => a + b);
await spark.stop();

const notes = readFileSync(`${folder}/notes`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '))
  .map(([atMs, what, pid]) => ({ atMs: Number(atMs), what, pid }))
  .sort((a, b) => a.atMs - b.atMs);
const killedAtMs = notes.find(({ what }) => what === 'kill')?.atMs;
const fromMs = killedAtMs ?? begunAtMs;
const old = new Set(
  notes.filter(({ what, atMs }) => what === 'old' || (killedAtMs !== undefined && atMs <= killedAtMs)).map(({ pid }) => pid),
);
const first = notes.find(({ what, atMs, pid }) => what === 'task' && atMs >= fromMs && !old.has(pid));
console.log(`SUM ${sum}`);
value('first task of a new executor', (first?.atMs ?? Number.NaN) - fromMs);

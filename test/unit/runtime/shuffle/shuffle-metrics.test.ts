// What a shuffle's tasks count, held against work whose size is known.
import { afterEach, expect, it } from 'vitest';
import { TASK_METRICS, type TaskMetricName } from '../../../../src/status/task-metrics.ts';
import { InProcessContext, type InProcessOptions } from '../../../helpers/in-process-context.ts';

let sc: InProcessContext;
afterEach(() => sc.close());

const MAPS = 4;
const REDUCES = 3;
const ROWS = 9000;

async function sums(options: InProcessOptions): Promise<Record<TaskMetricName, number>> {
  sc = new InProcessContext(options);
  const pairs = sc.range(0, ROWS, 1, MAPS).map((x): [string, number] => [`key ${x}`, x]);
  expect(await pairs.groupByKey(REDUCES).count()).toBe(ROWS);
  const total = Object.fromEntries(TASK_METRICS.map((name) => [name, 0])) as Record<TaskMetricName, number>;
  for (const { metrics } of sc.ends) for (const name of TASK_METRICS) total[name] += metrics?.[name] ?? 0;
  return total;
}

it('everything that is written is read once, from files of this host', async () => {
  const m = await sums({});
  expect(m.shuffleRecordsWritten).toBe(ROWS);
  expect(m.shuffleRecordsRead).toBe(ROWS);
  expect(m.shuffleLocalBlocks).toBe(MAPS * REDUCES);
  expect(m.shuffleLocalBytes).toBe(m.shuffleBytesWritten);
  expect(m.shuffleBytesWritten).toBeGreaterThan(ROWS * 'key 1000'.length);
  expect(m.shuffleWriteTimeNs).toBeGreaterThan(0);
  expect([m.shuffleRemoteBlocks, m.shuffleRemoteBytes, m.shuffleRemoteBytesToDisk, m.memoryBytesSpilled, m.diskBytesSpilled]).toEqual([
    0, 0, 0, 0, 0,
  ]);
});

it('or fetched from others, what memory can not hold to disk', async () => {
  const m = await sums({ remote: true });
  expect(m.shuffleRemoteBlocks).toBe(MAPS * REDUCES);
  expect(m.shuffleRemoteBytes).toBe(m.shuffleBytesWritten);
  expect([m.shuffleLocalBlocks, m.shuffleLocalBytes, m.shuffleRemoteBytesToDisk]).toEqual([0, 0, 0]);
  sc.close();
  const small = await sums({ remote: true, budgetBytes: 10_000 });
  expect(small.shuffleRemoteBytesToDisk).toBe(small.shuffleBytesWritten);
  expect(small.shuffleRecordsRead).toBe(ROWS);
});

it('spills are counted by what they free and by what they write, and are no shuffle writes', async () => {
  const m = await sums({ budgetBytes: 20_000 });
  const unbounded = m.shuffleBytesWritten;
  expect(m.memoryBytesSpilled).toBeGreaterThan(unbounded);
  expect(m.diskBytesSpilled).toBeGreaterThan(unbounded / 2);
  expect(m.shuffleRecordsWritten).toBe(ROWS);
});

it('what a task has read is told while it runs, a chunk behind', async () => {
  const { shuffleRecordsRead } = await sums({});
  expect(shuffleRecordsRead).toBe(ROWS);
  const told = new Map<number, number>();
  for (const [taskId, records] of sc.progress) {
    expect(records).toBeGreaterThanOrEqual(told.get(taskId) ?? 0);
    told.set(taskId, records);
  }
  const total = [...told.values()].reduce((a, b) => a + b, 0);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThan(ROWS);
});

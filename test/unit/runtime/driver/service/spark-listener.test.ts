import { expect, test } from 'vitest';
import { ListenerQueue, ProgramListeners, type SparkListener } from '../../../../../src/runtime/driver/service/spark-listener.ts';
import { DriverWorld } from '../../../../helpers/driver-world.ts';
import { source } from '../core/dag-harness.ts';

function queueOf(listener: SparkListener, capacity = 10) {
  const log: string[] = [];
  const say = (text: string) => void log.push(text);
  const logger = { debug: say, info: say, warn: say, error: say, named: () => logger };
  const deferred: (() => void)[] = [];
  const options = { capacity, log: logger, nowMs: () => 0, defer: (run: () => void) => void deferred.push(run) };
  const turn = () => {
    while (deferred.length > 0) for (const run of deferred.splice(0)) run(); // a slice at a time
  };
  return { queue: new ListenerQueue(listener, options), options, log, turn };
}

test('a program hears its job by Spark’s names, until it no longer wants to', async () => {
  const heard: string[] = [];
  const listener: SparkListener = {
    onJobStart: ({ jobId, stages }) => heard.push(`job ${jobId} of ${stages.length} stages`),
    onTaskEnd: ({ stageId, task }) => heard.push(`task ${task.index} of ${stageId}: ${task.reason.tag}`),
    onStageCompleted: ({ stage }) => heard.push(`stage ${stage.stageId}`),
    onJobEnd: ({ error }) => heard.push(`end ${error?.message ?? 'well'}`),
  };
  const world = new DriverWorld(1);
  const { options, turn } = queueOf({});
  const listeners = new ProgramListeners(world.bus, options);
  listeners.add(listener);
  listeners.add(listener);
  const done = world.submit(4, source(1));
  world.turn();
  world.succeed(world.take(0));
  await done;
  turn();
  expect(heard).toEqual(['job 4 of 1 stages', 'task 0 of 0: Success', 'stage 0', 'end well']);
  listeners.remove(listener);
  world.bus.post({ tag: 'jobEnd', jobId: 5, atMs: 0, error: undefined });
  world.turn();
  turn();
  expect(heard).toHaveLength(4);
});

test('a queue that is full drops, and says so as Spark does; nobody else’s events are dropped', () => {
  const heard: number[] = [];
  const { queue, log, turn } = queueOf({ onUnpersistRDD: ({ rddId }) => heard.push(rddId) }, 3);
  for (let rddId = 0; rddId < 5; rddId++) queue.on({ tag: 'unpersistRdd', rddId });
  turn();
  expect(heard).toEqual([0, 1, 2]);
  expect(log[0]).toMatch(/^Dropping event from queue shared\. This likely means one of the listeners is too slow/);
  expect(log[1]).toBe('Dropped 1 events from shared so far.');
});

test('errors of a listener, thrown or promised, are logged; what has no method goes to onOtherEvent', async () => {
  const others: string[] = [];
  const { queue, log, turn } = queueOf({
    onUnpersistRDD: () => {
      throw new Error('thrown');
    },
    onJobEnd: async () => {
      throw new Error('promised');
    },
    onOtherEvent: ({ tag }) => others.push(tag),
  });
  queue.on({ tag: 'unpersistRdd', rddId: 1 });
  queue.on({ tag: 'jobEnd', jobId: 1, atMs: 0, error: undefined });
  queue.on({ tag: 'waitingForExecutors', atMs: 0, wanted: 1, reason: 'full' });
  turn();
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(log.join('\n')).toMatch(/onUnpersistRDD threw an exception: Error: thrown[\s\S]*onJobEnd threw an exception: Error: promised/);
  expect(others).toEqual(['waitingForExecutors']);
});

test('at the end all that waits is heard', () => {
  const heard: number[] = [];
  const { queue } = queueOf({ onUnpersistRDD: ({ rddId }) => heard.push(rddId) });
  for (let rddId = 0; rddId < 5; rddId++) queue.on({ tag: 'unpersistRdd', rddId });
  queue.drain();
  expect(heard).toEqual([0, 1, 2, 3, 4]);
});

import { expect, test } from 'vitest';
import { ResourceProfiles } from '../../../../../src/runtime/driver/core/resource-profiles.ts';
import { defaultSize, ExecutorSizes } from '../../../../../src/runtime/driver/service/executor-size.ts';
import { settingsFor } from '../../../../../src/runtime/driver/service/resource-profiles.ts';
import { SparkConf } from '../../../../../src/runtime/driver/service/spark-conf.ts';
import { ExecutorResourceRequests, ResourceProfileBuilder, TaskResourceRequests } from '../../../../../src/runtime/rdd/resource-profile.ts';

const build = (executor: ExecutorResourceRequests, cpus?: number) => {
  const builder = new ResourceProfileBuilder().require(executor);
  return (cpus === undefined ? builder : builder.require(new TaskResourceRequests().cpus(cpus))).build();
};

function sizes(settings: Record<string, string> = {}): ExecutorSizes {
  const conf = new SparkConf();
  for (const [key, value] of Object.entries(settings)) conf.set(key, value);
  return new ExecutorSizes(conf, defaultSize(conf));
}

test('a profile says what differs; the rest is as in the settings', () => {
  const all = sizes({ 'spark.executor.cores': '4', 'spark.executor.memory': '2g', 'spark.task.cpus': '3' });
  const more = build(new ExecutorResourceRequests().memory('8g'), 2);
  all.add(more);
  expect(all.of(0)).toEqual({ cores: 4, memoryMb: 2048, overheadMb: 384 });
  expect(all.of(more.id)).toEqual({ cores: 4, memoryMb: 8192, overheadMb: 819 });
  expect(all.container(more.id)).toEqual({ memoryMb: 9011, vcores: 4 });
  expect([all.slotsOf(0), all.slotsOf(more.id)]).toEqual([1, 2]); // floor(4 / 3), 4 / 2
});

test('overhead that was said counts, and off-heap memory where it is on', () => {
  const asked = build(new ExecutorResourceRequests().cores(2).memoryOverhead('100m').offHeapMemory('1g'));
  const off = sizes();
  off.add(asked);
  expect(off.of(asked.id)).toEqual({ cores: 2, memoryMb: 1024, overheadMb: 100 });
  const on = sizes({ 'spark.memory.offHeap.enabled': 'true', 'spark.memory.offHeap.size': '10m' });
  on.add(asked);
  expect(on.of(asked.id).overheadMb).toBe(1124);
  expect(on.of(0).overheadMb).toBe(394);
});

test("an executor reads its profile's settings", () => {
  const profiles = new ResourceProfiles({ master: 'yarn', dynamic: true, taskCpus: 1, executorCores: 1, mergeConflicts: false });
  const asked = build(new ExecutorResourceRequests().cores(2).memory('3g').offHeapMemory('64m'));
  profiles.add(asked);
  const conf = [
    ['spark.executor.memory', '1g'],
    ['spark.app.name', 'a'],
  ] as const;
  expect(settingsFor(profiles, 0, conf)).toEqual(conf);
  expect(new Map(settingsFor(profiles, asked.id, conf) as [string, string][])).toEqual(
    new Map([
      ['spark.executor.memory', '3072m'],
      ['spark.app.name', 'a'],
      ['spark.executor.cores', '2'],
      ['spark.memory.offHeap.size', '64m'],
    ]),
  );
});

test('requests that make no sense, and resources that no node has, are refused', () => {
  const executor = new ExecutorResourceRequests();
  expect(() => executor.cores(0)).toThrow('expected a whole number of at least 1, got 0');
  expect(() => executor.memory('much')).toThrow('expected a size such as 512m or 2g, got much');
  expect(() => executor.resource('gpu', 1)).toThrow("gpu can't be asked for: nodes offer memory and cores only.");
  expect(() => new TaskResourceRequests().cpus(0.5)).toThrow('got 0.5');
  expect(() => new TaskResourceRequests().resource('gpu', 1)).toThrow('Known are cpus.');
  const built = build(executor.cores(2).memory('1g').cores(3));
  expect(built.executorResources.get('cores')).toEqual({ resourceName: 'cores', amount: 3 });
  expect(String(built)).toMatch(/^Profile: id = \d+, executor resources: cores -> 3,memory -> 1024, task resources: $/);
});

test('countable resources are asked for by the default profile', () => {
  const all = sizes({ 'spark.yarn.executor.resource.yarn.io/gpu.amount': '2' });
  expect(all.container(0)).toEqual({ memoryMb: 1408, vcores: 1, others: { 'yarn.io/gpu': 2 } });
  expect(() => sizes({ 'spark.yarn.executor.resource.yarn.io/gpu.amount': 'some' })).toThrow('spark.yarn.executor.resource');
});

// What a bare number means in a setting of time, held against Spark's own declaration of it (timeConf in its internal.config package;
// TransportConf for spark.shuffle.io.retryWait). A setting of time that is not in this table fails the test: look it up in Spark.
import { expect, test } from 'vitest';
import { parseValue } from '../../../src/common/key.ts';
import { SPARK_KEYS } from '../../../src/common/spark-keys.ts';

const SPARK = {
  'spark.barrier.sync.timeout': 'seconds',
  'spark.cleaner.periodicGC.interval': 'seconds',
  'spark.dynamicAllocation.cachedExecutorIdleTimeout': 'seconds',
  'spark.dynamicAllocation.executorIdleTimeout': 'seconds',
  'spark.dynamicAllocation.schedulerBacklogTimeout': 'seconds',
  'spark.dynamicAllocation.shuffleTracking.timeout': 'ms',
  'spark.dynamicAllocation.sustainedSchedulerBacklogTimeout': 'seconds',
  'spark.excludeOnFailure.timeout': 'ms',
  'spark.executor.decommission.forceKillTimeout': 'seconds',
  'spark.executor.decommission.killInterval': 'seconds',
  'spark.executor.heartbeatInterval': 'ms',
  'spark.locality.wait': 'ms',
  'spark.locality.wait.node': 'ms',
  'spark.locality.wait.process': 'ms',
  'spark.locality.wait.rack': 'ms',
  'spark.network.timeout': 'seconds',
  'spark.scheduler.excludeOnFailure.unschedulableTaskSetTimeout': 'seconds',
  'spark.scheduler.maxRegisteredResourcesWaitingTime': 'ms',
  'spark.shuffle.io.retryWait': 'seconds',
  'spark.shuffle.push.finalize.timeout': 'seconds',
  'spark.shuffle.push.results.timeout': 'seconds',
  'spark.speculation.interval': 'ms',
  'spark.speculation.minTaskRuntime': 'ms',
  'spark.speculation.task.duration.threshold': 'ms',
  'spark.storage.decommission.replicationReattemptInterval': 'ms',
  'spark.task.reaper.killTimeout': 'ms',
  'spark.task.reaper.pollingInterval': 'ms',
  'spark.yarn.am.attemptFailuresValidityInterval': 'ms',
  'spark.yarn.report.interval': 'ms',
} as const;

test('a bare number counts in the unit in which Spark counts it', () => {
  const times = Object.values(SPARK_KEYS).filter(
    ({ name, unit }) => /^(ms|seconds)$/.test(unit) && name.startsWith('spark.') && !name.startsWith('spark.emberloom.'),
  );
  expect(Object.fromEntries(times.map(({ name, unit }) => [name, unit]))).toEqual(SPARK);
});

test('120 is two minutes for spark.network.timeout, and 120 ms for spark.executor.heartbeatInterval', () => {
  expect(parseValue(SPARK_KEYS.networkTimeoutMs, '120', 'test')).toBe(120_000);
  expect(parseValue(SPARK_KEYS.networkTimeoutMs, '500ms', 'test')).toBe(500);
  expect(parseValue(SPARK_KEYS.executorHeartbeatMs, '120', 'test')).toBe(120);
});

import { expect, test } from 'vitest';
import {
  checkShuffleKept,
  decommissionSettings,
  dynamicSettings,
  warnOfInitial,
} from '../../../../../src/runtime/driver/service/allocation-conf.ts';
import { SparkConf } from '../../../../../src/runtime/driver/service/spark-conf.ts';

const DYNAMIC = 'spark.dynamicAllocation.';
const conf = (settings: Record<string, string | number> = {}) =>
  new SparkConf(false)
    .set(`${DYNAMIC}enabled`, true)
    .setAll(Object.entries(settings).map(([name, value]) => [name.replace(/^\./, DYNAMIC), value]));
function told(): { log: { debug(): void; info(t: string): void; warn(t: string): void; error(): void; named(): never }; lines: string[] } {
  const lines: string[] = [];
  const log = {
    debug() {},
    info: (t: string) => void lines.push(t),
    warn: (t: string) => void lines.push(`WARN ${t}`),
    error() {},
    named: () => log as never,
  };
  return { log, lines };
}

test("without a word all is Spark's default, and without the switch there is none", () => {
  expect(dynamicSettings(new SparkConf(false))).toBeUndefined();
  const forever = Number.POSITIVE_INFINITY;
  expect(dynamicSettings(conf())).toEqual({
    minExecutors: 0,
    maxExecutors: forever,
    initialExecutors: 0,
    ratio: 1,
    backlogMs: 1_000,
    sustainedBacklogMs: 1_000,
    idleMs: 60_000,
    cachedIdleMs: forever,
    shuffleMs: forever,
    decommission: false,
  });
});

test('bare times count in seconds where they do in Spark', () => {
  const read = dynamicSettings(
    conf({
      '.schedulerBacklogTimeout': 2,
      '.executorIdleTimeout': '90',
      '.cachedExecutorIdleTimeout': '10min',
      '.shuffleTracking.timeout': 500,
    }),
  );
  expect(read).toMatchObject({ backlogMs: 2_000, sustainedBacklogMs: 2_000, idleMs: 90_000, cachedIdleMs: 600_000, shuffleMs: 500 });
});

test('the initial number is the largest of three, within the maximum', () => {
  const initial = (settings: Record<string, number>) => dynamicSettings(conf(settings))!.initialExecutors;
  expect(initial({ '.minExecutors': 1, '.initialExecutors': 3, 'spark.executor.instances': 2 })).toBe(3);
  expect(initial({ '.minExecutors': 1, 'spark.executor.instances': 5 })).toBe(5);
  expect(initial({ '.minExecutors': 1, 'spark.executor.instances': 0 })).toBe(1);
  expect(initial({ '.maxExecutors': 4, 'spark.executor.instances': 9 })).toBe(4);
});

test.each([
  [{ '.minExecutors': -1 }, 'spark.dynamicAllocation.minExecutors and spark.dynamicAllocation.maxExecutors must be positive!'],
  [{ '.maxExecutors': 0 }, 'spark.dynamicAllocation.maxExecutors cannot be 0!'],
  [
    { '.minExecutors': 3, '.maxExecutors': 2 },
    'spark.dynamicAllocation.minExecutors (3) must be less than or equal to spark.dynamicAllocation.maxExecutors (2)!',
  ],
  [{ '.schedulerBacklogTimeout': 0 }, 'spark.dynamicAllocation.schedulerBacklogTimeout must be > 0!'],
  [{ '.sustainedSchedulerBacklogTimeout': 0 }, 'spark.dynamicAllocation.sustainedSchedulerBacklogTimeout must be > 0!'],
  [{ '.executorIdleTimeout': -5 }, 'spark.dynamicAllocation.executorIdleTimeout must be >= 0!'],
  [{ '.executorAllocationRatio': 1.5 }, 'spark.dynamicAllocation.executorAllocationRatio must be > 0 and <= 1.0'],
])('%j is refused', (settings, sentence) => {
  expect(() => dynamicSettings(conf(settings as Record<string, number>))).toThrow(sentence);
});

test('somebody must keep the shuffle files: the service, tracking, or decommissioning', () => {
  const { log, lines } = told();
  const off = { '.shuffleTracking.enabled': 'false' };
  expect(() => checkShuffleKept(conf(off), false, log)).toThrow(
    'requires one of the following conditions: 1) enabling external shuffle service',
  );
  checkShuffleKept(conf(off), true, log);
  checkShuffleKept(conf(), false, log);
  checkShuffleKept(conf({ ...off, 'spark.decommission.enabled': 'true' }), false, log);
  expect(lines).toEqual([
    'Dynamic allocation is enabled without a shuffle service.',
    'Shuffle data decommission is enabled without a shuffle service.',
  ]);
});

test('numbers below the minimum are named', () => {
  const { log, lines } = told();
  warnOfInitial(conf({ '.minExecutors': 3, '.initialExecutors': 1, 'spark.executor.instances': 2 }), log);
  expect(lines.filter((line) => line.startsWith('WARN'))).toHaveLength(2);
  expect(lines.at(-1)).toMatch(/^Using initial executors = 3, max of /);
});

test('decommissioning is off without its switch, and hands on blocks with both switches of the storage', () => {
  expect(decommissionSettings(conf())).toBeUndefined();
  const on = { 'spark.decommission.enabled': 'true' };
  expect(decommissionSettings(conf(on))).toMatchObject({
    migrate: false,
    shuffles: undefined,
    reattemptMs: 30_000,
    forceKillMs: undefined,
  });
  const all = { ...on, 'spark.storage.decommission.enabled': 'true', 'spark.executor.decommission.forceKillTimeout': 5 };
  expect(decommissionSettings(conf(all))).toEqual({
    ...{ migrate: true, shuffles: { transfersAtOnce: 8, maxFailures: 3 }, fallbackDir: undefined, fallbackCleanUp: false, maxFailures: 3 },
    ...{ reattemptMs: 30_000, forceKillMs: 5_000 },
  });
  expect(decommissionSettings(conf({ ...all, 'spark.storage.decommission.rddBlocks.enabled': 'false' }))?.migrate).toBe(false);
  expect(decommissionSettings(conf({ ...all, 'spark.storage.decommission.shuffleBlocks.enabled': 'false' }))?.shuffles).toBeUndefined();
  const fallback = (path: string) =>
    decommissionSettings(conf({ ...all, 'spark.storage.decommission.fallbackStorage.path': path }))?.fallbackDir;
  expect(['/shared/x', 'file:///shared/x', 'file:/shared/x', ''].map(fallback)).toEqual(['/shared/x', '/shared/x', '/shared/x', undefined]);
  expect(() => fallback('s3a://bucket/')).toThrow('expected the absolute path of a folder that all hosts share');
  expect(() => decommissionSettings(conf({ ...all, 'spark.storage.decommission.shuffleBlocks.maxThreads': '0' }))).toThrow('at least 1');
  expect(() => decommissionSettings(conf({ 'spark.executor.decommission.signal': 'sig pwr' }))).toThrow('expected a name without SIG');
});

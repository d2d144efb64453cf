import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkConf } from '../../../../../src/runtime/driver/service/check-conf.ts';
import { ProgressBar, progressLine } from '../../../../../src/runtime/driver/service/progress-bar.ts';
import { parseMaster } from '../../../../../src/runtime/driver/service/master-url.ts';
import { SparkConf, setSubmittedConf } from '../../../../../src/runtime/driver/service/spark-conf.ts';
import { Log4jLogger } from '../../../../../src/platform/log4j-logger.ts';
import { source, World } from '../core/dag-harness.ts';
import { SPARK_KEYS } from '../../../../../src/common/spark-keys.ts';
import { VERSION } from '../../../../../src/runtime/engine-version.ts';
import { describe as describeError } from '../../../../../src/runtime/plan/task-end.ts';

test("the progress bar is Spark's", () => {
  expect(progressLine([{ stageId: 0, done: 3, running: 2, total: 10 }], 40)).toBe('[Stage 0:=====>            (3 + 2) / 10]');
  expect(
    progressLine(
      [
        { stageId: 1, done: 0, running: 1, total: 1 },
        { stageId: 2, done: 1, running: 0, total: 1 },
      ],
      60,
    ),
  ).toHaveLength(60);
  expect(progressLine([{ stageId: 12345, done: 1, running: 1, total: 3 }], 10)).toBe('[Stage 12345:(1 + 1) / 3]');
});

test('a line of the log is written on a line of its own, also while the bar is shown', () => {
  let screen = '';
  const out = { write: (text: string) => (screen += text), columns: 40 };
  const logger = new Log4jLogger(out, 'Test');
  const w = new World(1);
  w.submit(0, source(4));
  let tick = () => {};
  const timers = {
    after: () => () => {},
    every: (_: number, run: () => void) => {
      tick = run;
      return () => {};
    },
  };
  const bar = new ProgressBar(out, { nowMs: () => 1_000 }, timers, w.core);
  logger.settings.beforeLine = () => bar.hide();
  bar.wake();
  tick();
  expect(screen).toBe('\r[Stage 0:>                  (0 + 1) / 4]\r');
  screen = '';
  logger.warn('short');
  expect(screen).toMatch(/^\r {40}\r\S+ \S+ WARN Test: short\n$/);
  tick();
  expect(screen).toMatch(/\r\[Stage 0:>/);
});

test('master URLs', () => {
  expect(parseMaster('local', 8)).toEqual({ kind: 'local', slots: 1, maxFailures: 1 });
  expect(parseMaster('local[*]', 8)).toEqual({ kind: 'local', slots: 8, maxFailures: 1 });
  expect(parseMaster('local[2,4]', 8)).toEqual({ kind: 'local', slots: 2, maxFailures: 4 });
  expect(parseMaster('local-cluster[2, 1, 512]', 8)).toEqual({ kind: 'local-cluster', executors: 2, cores: 1, memoryMb: 512 });
  expect(parseMaster('yarn', 8)).toEqual({ kind: 'yarn' });
  for (const bad of ['local[0]', 'local[x]', 'local[100000]', 'mesos://h', 'local-cluster[0,1,1]'])
    expect(() => parseMaster(bad, 8)).toThrow();
});

test('settings that no driver can act on are refused with what is expected', () => {
  const check = (name: string, value: string) => () => checkConf(new SparkConf(false).set(name, value));
  for (const name of ['spark.task.maxFailures', 'spark.stage.maxConsecutiveAttempts', 'spark.default.parallelism', 'spark.executor.cores'])
    for (const value of ['0', '-3']) expect(check(name, value)).toThrow(`SparkConf: ${name} is "${value}"; expected at least 1.`);
  expect(check('spark.executor.heartbeatInterval', '0')).toThrow('expected at least 1');
  expect(check('spark.locality.wait', '-1')).toThrow('expected at least 0');
  expect(check('spark.network.timeout', '5s')).toThrow(
    'spark.network.timeout is "5s"; expected more than spark.executor.heartbeatInterval, which is 10000 ms.',
  );
  expect(check('spark.locality.wait', '0')).not.toThrow();
});

test("a program's settings win over spark-submit's; units are read", () => {
  setSubmittedConf([
    ['spark.executor.memory', '2g'],
    ['spark.app.name', 'cli'],
  ]);
  const conf = new SparkConf().setAppName('code');
  expect([conf.get('spark.app.name'), conf.read(SPARK_KEYS.executorMemory)]).toEqual(['code', 2048]);
  expect(() => conf.set('spark.executor.memory', '12x').read(SPARK_KEYS.executorMemory)).toThrow('expected a size');
  expect(() => conf.get('spark.none')).toThrow('spark.none');
  setSubmittedConf([]);
});

test('the version is that of package.json', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

test('whatever a task throws can be told', () => {
  expect(describeError('text').message).toBe('text');
  expect(describeError(undefined).message).toBe('undefined');
  expect(
    describeError({
      get message(): string {
        throw new Error('hostile');
      },
      stack: '',
    }).stack,
  ).toContain('can');
  expect(describeError(new Error('outer', { cause: new TypeError('inner') })).stack).toContain('Caused by: TypeError: inner');
  expect(describeError(new Error('x'.repeat(100_000))).message.length).toBeLessThan(25_000);
});

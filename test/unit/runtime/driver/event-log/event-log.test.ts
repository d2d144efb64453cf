import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../../../../../src/common/errors.ts';
import { BatchReader, BatchWriter } from '../../../../../src/runtime/driver/event-log/batch.ts';
import { claimLog, LogFiles } from '../../../../../src/runtime/driver/event-log/log-files.ts';
import { logSettings, sanitized } from '../../../../../src/runtime/driver/event-log/settings.ts';
import { StagePeaks } from '../../../../../src/runtime/driver/event-log/stage-peaks.ts';
import { SparkConf } from '../../../../../src/runtime/driver/service/spark-conf.ts';
import { taskEndJson, taskStartJson } from '../../../../../src/status/event-json.ts';
import type { RareEvent, StageInfo, TaskEnd, TaskInfo } from '../../../../../src/status/events.ts';
import { noPushFigures, taskMetrics } from '../../../../../src/status/task-metrics.ts';
import { zstdText } from '../../../../helpers/zstd-text.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'emberloom-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const conf = (...pairs: [string, string][]) =>
  new SparkConf(false).setAll([['spark.eventLog.enabled', 'true'], ['spark.eventLog.dir', dir], ...pairs]);
const code = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as AppError).code;
  }
};

const info = (taskId: number): TaskInfo => ({
  taskId,
  index: taskId,
  attempt: 1,
  partition: taskId + 7,
  launchedAtMs: 1_795_872_417_971 + taskId,
  executorId: String(taskId % 3),
  host: `host${taskId % 2}`,
  locality: taskId % 2 === 0 ? 'NODE_LOCAL' : 'ANY',
  speculative: taskId % 5 === 0,
});
const end = (taskId: number): TaskEnd => ({
  ...info(taskId),
  finishedAtMs: 1_795_872_418_000 + taskId,
  gettingResultAtMs: 0,
  taskType: taskId % 2 === 0 ? 'ShuffleMapTask' : 'ResultTask',
  reason: taskId % 10 === 9 ? { tag: 'TaskKilled', reason: 'why not' } : { tag: 'Success' },
  metrics: taskMetrics({
    executorRunTime: taskId,
    shuffleBytesWritten: 2 ** 40 + taskId,
    ...(taskId % 4 === 3 && { push: { ...noPushFigures(), remoteMergedBlocksFetched: taskId } }),
  }),
  accumulables:
    taskId % 10 === 8
      ? [{ id: 1, name: 'n', update: 1, value: taskId, internal: false, countFailedValues: false, metadata: undefined }]
      : [],
});

test('tasks that travel as numbers come out as the lines that they would have been, in order', () => {
  const writer = new BatchWriter(100);
  const reader = new BatchReader();
  const got: string[] = [];
  const expected: string[] = [];
  const send = () => got.push(...reader.lines(writer.take()));
  for (let taskId = 0; taskId < 200; taskId++) {
    writer.started(4, 1, info(taskId));
    if (writer.isFull) send();
    writer.ended(4, 1, end(taskId));
    if (writer.isFull) send();
    if (taskId % 50 === 0) writer.line(`{"Event":"x","i":${taskId}}`);
    if (writer.isFull) send();
    expected.push(taskStartJson(4, 1, info(taskId)), taskEndJson(4, 1, end(taskId)));
    if (taskId % 50 === 0) expected.push(`{"Event":"x","i":${taskId}}`);
  }
  send();
  expect(got).toEqual(expected);
});

test('a rolling log: frames appended, the next file when one is full, a whole log has no .inprogress', () => {
  const place = { dir, name: 'app_1', zstdLevel: 1, maxFileBytes: 60 };
  claimLog(place, false);
  const files = new LogFiles(place);
  files.append('one\n');
  files.append('two\n');
  expect(readdirSync(path.join(dir, 'eventlog_v2_app_1')).sort()).toEqual(['appstatus_app_1.inprogress', 'events_1_app_1.zstd']);
  for (let i = 0; i < 5; i++) files.append(`line ${i}\n`);
  files.finish();
  const names = readdirSync(path.join(dir, 'eventlog_v2_app_1')).sort();
  expect(names[0]).toBe('appstatus_app_1');
  expect(names.length).toBeGreaterThan(2);
  const text = names
    .slice(1)
    .map((name) => zstdText(path.join(dir, 'eventlog_v2_app_1', name)))
    .join('');
  expect(text).toBe('one\ntwo\nline 0\nline 1\nline 2\nline 3\nline 4\n');
  expect(statSync(path.join(dir, 'eventlog_v2_app_1', names[1]!)).mode & 0o777).toBe(0o660);
});

test('one plain file, renamed when it is whole; one that is there is only replaced when asked for', () => {
  const place = { dir, name: 'local-5', zstdLevel: undefined, maxFileBytes: undefined };
  claimLog(place, false);
  const files = new LogFiles(place);
  files.append('{"a":"ü"}\n');
  expect(readFileSync(path.join(dir, 'local-5.inprogress'), 'utf8')).toBe('{"a":"ü"}\n');
  files.finish();
  expect(readFileSync(path.join(dir, 'local-5'), 'utf8')).toBe('{"a":"ü"}\n');
  expect(() => claimLog(place, false)).toThrow(/exists already/);
  claimLog(place, true);
  expect(existsSync(path.join(dir, 'local-5'))).toBe(false);
});

test('what could not be written whole is not in the file', () => {
  const place = { dir, name: 'a', zstdLevel: undefined, maxFileBytes: undefined };
  claimLog(place, false);
  const files = new LogFiles(place);
  files.append('kept\n');
  files.abandon();
  expect(() => files.append('lost\n')).toThrow(/EBADF/);
  expect(readFileSync(path.join(dir, 'a.inprogress'), 'utf8')).toBe('kept\n');
});

test('settings: Spark’s defaults, names and errors', () => {
  expect(logSettings(new SparkConf(false), 'a', undefined)).toBeUndefined();
  expect(logSettings(conf(), 'application_1_0001', '1')).toMatchObject({
    dir,
    name: 'application_1_0001_1',
    zstdLevel: 1,
    maxFileBytes: 128 * 1024 * 1024,
    bufferBytes: 102_400,
    blockUpdates: false,
  });
  expect(logSettings(conf(['spark.eventLog.dir', `file://${dir}`]), 'a', undefined)!.dir).toBe(dir);
  expect(logSettings(conf(['spark.eventLog.dir', `file:${dir}`]), 'a', undefined)!.dir).toBe(dir);
  expect(
    logSettings(conf(['spark.eventLog.compress', 'false'], ['spark.eventLog.rolling.enabled', 'false']), 'a', undefined),
  ).toMatchObject({
    zstdLevel: undefined,
    maxFileBytes: undefined,
  });
  expect(code(() => logSettings(conf(['spark.eventLog.dir', `${dir}/none`]), 'a', undefined))).toBe('EVENT_LOG_MISSING');
  writeFileSync(path.join(dir, 'file'), '');
  expect(code(() => logSettings(conf(['spark.eventLog.dir', `${dir}/file`]), 'a', undefined))).toBe('EVENT_LOG_UNUSABLE');
  expect(code(() => logSettings(conf(['spark.eventLog.dir', 'hdfs://x/y']), 'a', undefined))).toBe('EVENT_LOG_UNUSABLE');
  expect(code(() => logSettings(conf(['spark.eventLog.compression.codec', 'lz4']), 'a', undefined))).toBe('CONFIG_BAD_VALUE');
  expect(code(() => logSettings(conf(['spark.eventLog.rolling.maxFileSize', '1m']), 'a', undefined))).toBe('CONFIG_BAD_VALUE');
});

test('names with odd characters, as Spark makes them harmless', () => {
  expect(sanitized('local-1 My App:v1.0/${x}\'"')).toBe('local-1-my-app-v1_0-__x___');
  mkdirSync(path.join(dir, sanitized('../../x')));
  expect(readdirSync(dir)).toEqual(['__-__-x']);
});

test('peaks of executors while a stage ran, said before the stage is completed', () => {
  const said: RareEvent[] = [];
  const peaks = new StagePeaks((event) => said.push(event));
  const stage = { stageId: 1, attemptId: 0 } as StageInfo;
  peaks.on({ tag: 'executorMetricsUpdate', executorId: '1', metrics: { JVMHeapMemory: 99 } });
  peaks.on({ tag: 'stageSubmitted', stage, properties: [] });
  peaks.on({ tag: 'executorMetricsUpdate', executorId: '1', metrics: { JVMHeapMemory: 5, MinorGCCount: 1 } });
  peaks.on({ tag: 'executorMetricsUpdate', executorId: '1', metrics: { JVMHeapMemory: 3, MinorGCCount: 2 } });
  peaks.on({ tag: 'stageCompleted', stage });
  expect(said).toMatchObject([
    {
      tag: 'stageExecutorMetrics',
      executorId: '1',
      stageId: 1,
      attemptId: 0,
      peaks: { JVMHeapMemory: 5, MinorGCCount: 2, MajorGCCount: 0 },
    },
  ]);
});

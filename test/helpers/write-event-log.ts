// Writes event logs of any size, as Spark 4 would: jobs of stages of tasks whose figures follow from their numbers, so that a test can say
// what an index must answer. Used by tests and by the soak of the history server; run by itself it writes one file:
//
//   node test/helpers/write-event-log.ts <file> [tasks per stage] [stages] [text added to each task's log line, bytes]
import { closeSync, openSync, writeSync } from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { eventJson, taskEndJson, taskStartJson } from '../../src/status/event-json.ts';
import type { AccumulableInfo, RareEvent, StageInfo, TaskEnd, TaskInfo } from '../../src/status/events.ts';
import { noPushFigures, taskMetrics } from '../../src/status/task-metrics.ts';

export type LogShape = {
  readonly applicationId?: string;
  readonly attemptId?: string | undefined;
  readonly name?: string;
  readonly stages?: number;
  readonly tasksPerStage?: number;
  /** Added to each task's end, as a user accumulator's value. */
  readonly paddingBytes?: number;
  /** Without: the application runs still. */
  readonly ended?: boolean;
  readonly executors?: number;
  readonly slots?: number;
};

export const LOG_BEGAN_MS = 1_790_000_000_000;
/** What a task's figures are: known, and different from task to task. */
export const durationOf = (index: number): number => 10 + ((Math.imul(index, 7919) >>> 3) % 5_000);

export function* eventLines(shape: LogShape = {}): Generator<string> {
  const { applicationId = 'app-1', name = 'made', stages = 2, tasksPerStage = 10, paddingBytes = 0, executors = 4, slots = 8 } = shape;
  const rare = (event: RareEvent) => eventJson(event);
  yield rare({ tag: 'logStart', sparkVersion: '4.0.1' });
  for (let e = 1; e <= executors; e++)
    yield rare({
      tag: 'executorAdded',
      executorId: String(e),
      atMs: LOG_BEGAN_MS,
      host: `host${e}`,
      totalCores: slots / executors,
      logUrls: [],
      attributes: [],
      resourceProfileId: 0,
    });
  yield rare({
    tag: 'environmentUpdate',
    runtime: [['Java Version', '24']],
    sparkProperties: [['spark.app.name', name]],
    hadoopProperties: [],
    systemProperties: [],
    metricsProperties: [],
    classpathEntries: [],
  });
  const { attemptId } = shape;
  yield rare({ tag: 'applicationStart', name, applicationId, atMs: LOG_BEGAN_MS, user: 'tester', attemptId, driverLogs: undefined });
  const padding: AccumulableInfo[] =
    paddingBytes === 0
      ? []
      : [
          {
            id: 1,
            name: 'padding',
            update: 'x'.repeat(paddingBytes),
            value: 1,
            internal: false,
            countFailedValues: true,
            metadata: undefined,
          },
        ];
  let atMs = LOG_BEGAN_MS;
  let taskId = 0;
  for (let s = 0; s < stages; s++) {
    const stage = stageInfo(s, tasksPerStage, atMs);
    yield rare({ tag: 'jobStart', jobId: s, atMs, stages: [stage], properties: [] });
    yield rare({ tag: 'stageSubmitted', stage, properties: [] });
    const running: TaskInfo[] = [];
    for (let index = 0; index < tasksPerStage; index++, taskId++) {
      if (running.length === slots) {
        const done = running.shift()!;
        atMs = Math.max(atMs, done.launchedAtMs + 1);
        yield taskEndJson(s, 0, endOf(done, padding));
      }
      const executor = 1 + (index % executors);
      const task: TaskInfo = {
        taskId,
        index,
        attempt: 0,
        partition: index,
        launchedAtMs: atMs,
        executorId: String(executor),
        host: `host${executor}`,
        locality: 'PROCESS_LOCAL',
        speculative: false,
      };
      running.push(task);
      yield taskStartJson(s, 0, task);
    }
    for (const done of running) yield taskEndJson(s, 0, endOf(done, padding));
    atMs += 5_000;
    yield rare({ tag: 'stageCompleted', stage: { ...stage, completedAtMs: atMs } });
    yield rare({ tag: 'jobEnd', jobId: s, atMs, error: undefined });
  }
  if (shape.ended !== false) yield rare({ tag: 'applicationEnd', atMs, exitCode: 0 });
}

function stageInfo(stageId: number, numTasks: number, submittedAtMs: number): StageInfo {
  return {
    stageId,
    attemptId: 0,
    name: `map at made.ts:${stageId + 1}`,
    numTasks,
    rdds: [],
    parentIds: [],
    details: 'made.ts:1',
    submittedAtMs,
    completedAtMs: undefined,
    failureReason: undefined,
    accumulables: [],
    resourceProfileId: 0,
    shuffleMergers: 0,
  };
}

function endOf(task: TaskInfo, accumulables: readonly AccumulableInfo[]): TaskEnd {
  const duration = durationOf(task.index);
  return {
    ...task,
    finishedAtMs: task.launchedAtMs + duration,
    gettingResultAtMs: 0,
    taskType: 'ShuffleMapTask',
    reason: { tag: 'Success' },
    metrics: taskMetrics({
      executorRunTime: duration - 5,
      executorCpuTimeNs: (duration - 6) * 1e6,
      executorDeserializeTime: 3,
      resultSize: 1_200,
      gcTime: task.index % 17,
      inputBytes: task.index * 100,
      inputRecords: task.index,
      shuffleBytesWritten: task.index * 10,
      shuffleRecordsWritten: task.index,
      shuffleWriteTimeNs: 1_000_000,
      peakExecutionMemory: (task.index % 100) * 1_000,
      ...(task.index % 5 === 1 && { push: { ...noPushFigures(), localMergedBlocksFetched: task.index, mergedFetchFallbackCount: 1 } }),
    }),
    accumulables,
  };
}

/** @param zstd one frame for each 4 MB, as our driver writes @returns bytes of text */
export function writeEventLog(file: string, shape: LogShape, zstd = false): number {
  const fd = openSync(file, 'w');
  let buffer: string[] = [];
  let held = 0;
  let bytes = 0;
  const flush = (): void => {
    const text = Buffer.from(buffer.join(''));
    bytes += text.length;
    writeSync(fd, zstd ? zstdCompressSync(text) : text);
    [buffer, held] = [[], 0];
  };
  for (const line of eventLines(shape)) {
    buffer.push(line, '\n');
    held += line.length;
    if (held > 4 << 20) flush();
  }
  flush();
  closeSync(fd);
  return bytes;
}

if (import.meta.main) {
  const [file, tasks = '100000', stages = '1', padding = '0'] = process.argv.slice(2);
  const bytes = writeEventLog(
    file!,
    { tasksPerStage: Number(tasks), stages: Number(stages), paddingBytes: Number(padding) },
    file!.includes('.zstd'),
  );
  process.stdout.write(`${file}: ${bytes} bytes of text\n`);
}

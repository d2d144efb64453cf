// Writes the tasks of a log into its index: a row when a task has ended; those that run are held in memory until then, and are rows too at
// each commit, so that a log in progress shows them. Reading is task-queries.ts.
import type { Database, Statement } from '../../common/ports.ts';
import type { AccumulableInfo, TaskEnd, TaskInfo } from '../../status/events.ts';
import type { TaskOutcome } from '../../status/store/task-table.ts';
import { PUSH_METRICS, type TaskMetrics } from '../../status/task-metrics.ts';
import {
  GET_RESULT,
  HAS_METRICS,
  LOCALITIES,
  LOCALITY_SHIFT,
  PUSH_COLUMNS,
  RUNNING,
  SPECULATIVE,
  STATUSES,
  SUCCESS,
  TASK_COLUMNS,
} from './index-tables.ts';

type Running = TaskInfo & { readonly stageId: number; readonly stageAttemptId: number; fetchStart: number };
export type StageTasks = { readonly stageId: number; readonly stageAttemptId: number; size: number; successes: number; changed: boolean };

const insertOf = (columns: readonly string[]) =>
  `INTO task (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
const INSERT = insertOf(TASK_COLUMNS.slice(0, -PUSH_COLUMNS));
const INSERT_PUSHED = insertOf(TASK_COLUMNS);
const FIGURE_COUNT = 30;
const NO_FIGURES: readonly number[] = new Array(FIGURE_COUNT).fill(0);

export class TaskWriter {
  readonly #db: Database;
  readonly #replace: Statement;
  readonly #add: Statement;
  /** Of tasks that have read merged files. */
  readonly #replacePushed: Statement;
  readonly #addPushed: Statement;
  readonly #addPlace: Statement;
  readonly #running = new Map<number, Running>();
  readonly #places = new Map<string, number>();
  readonly #stages = new Map<string, StageTasks>();

  constructor(db: Database) {
    this.#db = db;
    this.#replace = db.prepare(`INSERT OR REPLACE ${INSERT}`);
    this.#add = db.prepare(`INSERT OR IGNORE ${INSERT}`);
    this.#replacePushed = db.prepare(`INSERT OR REPLACE ${INSERT_PUSHED}`);
    this.#addPushed = db.prepare(`INSERT OR IGNORE ${INSERT_PUSHED}`);
    this.#addPlace = db.prepare('INSERT OR REPLACE INTO place VALUES (?, ?, ?)');
    this.#load();
  }

  /** What an earlier reading of the same log left. */
  #load(): void {
    for (const place of this.#db.prepare('SELECT id, executor, host FROM place').all() as { id: number; executor: string; host: string }[])
      this.#places.set(`${place.executor}\n${place.host}`, place.id);
    for (const stage of this.#db.prepare('SELECT stageId, stageAttemptId, size, successes FROM stage_tasks').all() as StageTasks[])
      this.#stages.set(`${stage.stageId}.${stage.stageAttemptId}`, { ...stage, changed: false });
    const places = new Map([...this.#places].map(([place, id]) => [id, place.split('\n') as [string, string]]));
    for (const row of this.#db.prepare('SELECT * FROM task WHERE status < 2').all() as Record<string, number>[]) {
      const [executorId, host] = places.get(row['place']!) ?? ['', ''];
      this.#running.set(row['taskId']!, {
        taskId: row['taskId']!,
        index: row['idx']!,
        attempt: row['attempt']!,
        partition: row['partition']!,
        launchedAtMs: row['launch']!,
        executorId,
        host,
        locality: LOCALITIES[row['flags']! >> LOCALITY_SHIFT] ?? 'ANY',
        speculative: (row['flags']! & SPECULATIVE) !== 0,
        stageId: row['stageId']!,
        stageAttemptId: row['stageAttemptId']!,
        fetchStart: row['fetchStart']!,
      });
    }
  }

  stage(stageId: number, stageAttemptId: number): StageTasks {
    const key = `${stageId}.${stageAttemptId}`;
    let stage = this.#stages.get(key);
    if (stage === undefined) {
      stage = { stageId, stageAttemptId, size: 0, successes: 0, changed: true };
      this.#stages.set(key, stage);
    }
    return stage;
  }

  started(stage: StageTasks, task: TaskInfo): void {
    const { stageId, stageAttemptId } = stage;
    if (!this.#running.has(task.taskId)) stage.size++;
    stage.changed = true;
    this.#running.set(task.taskId, { ...task, stageId, stageAttemptId, fetchStart: 0 });
  }

  gettingResult(taskId: number, atMs: number): void {
    const task = this.#running.get(taskId);
    if (task !== undefined) task.fetchStart = atMs;
  }

  /** @returns whether it was running */
  ended(stage: StageTasks, task: TaskEnd, outcome: TaskOutcome): boolean {
    const was = this.#running.get(task.taskId);
    if (was !== undefined) this.#running.delete(task.taskId);
    const status = Math.max(SUCCESS, STATUSES.indexOf(outcome.status as (typeof STATUSES)[number]));
    const duration = Math.max(0, task.finishedAtMs - task.launchedAtMs);
    const fetchStart = task.gettingResultAtMs || (was?.fetchStart ?? 0);
    const row = this.#row(stage, task, fetchStart, status, duration, task.metrics, outcome.error, task.accumulables);
    // A second end of a task that has ended changes nothing; one whose start was lost is added.
    const push = task.metrics?.push;
    if (push !== undefined) for (const name of PUSH_METRICS) row.push(push[name]);
    const [add, replace] = push === undefined ? [this.#add, this.#replace] : [this.#addPushed, this.#replacePushed];
    const { changes } = (was === undefined ? add : replace).run(...row) as { changes: number };
    if (changes === 0) return false;
    stage.changed = true;
    if (was === undefined) stage.size++;
    if (status === SUCCESS) stage.successes++;
    return was !== undefined;
  }

  #row(
    stage: StageTasks,
    task: TaskInfo,
    fetchStart: number,
    status: number,
    duration: number,
    metrics: TaskMetrics | undefined,
    error: string | undefined,
    accumulables: readonly AccumulableInfo[],
  ): unknown[] {
    const flags =
      (task.speculative ? SPECULATIVE : 0) |
      (metrics === undefined ? 0 : HAS_METRICS) |
      (Math.max(0, LOCALITIES.indexOf(task.locality)) << LOCALITY_SHIFT);
    const place = this.#placeOf(task.executorId, task.host);
    const list = accumulables.length === 0 ? null : JSON.stringify(accumulables);
    const head = [task.taskId, stage.stageId, stage.stageAttemptId, task.index, task.attempt, task.partition, task.launchedAtMs];
    return [...head, fetchStart, place, status, flags, error ?? null, list, ...figuresOf(task.launchedAtMs, duration, fetchStart, metrics)];
  }

  #placeOf(executorId: string, host: string): number {
    const key = `${executorId}\n${host}`;
    let id = this.#places.get(key);
    if (id === undefined) {
      id = this.#places.size;
      this.#places.set(key, id);
      this.#addPlace.run(id, executorId, host);
    }
    return id;
  }

  drop(stageId: number, stageAttemptId: number): void {
    this.#db.prepare('DELETE FROM task WHERE stageId = ? AND stageAttemptId = ?').run(stageId, stageAttemptId);
    this.#db.prepare('DELETE FROM quantile WHERE stageId = ? AND stageAttemptId = ?').run(stageId, stageAttemptId);
    this.#db.prepare('DELETE FROM stage_tasks WHERE stageId = ? AND stageAttemptId = ?').run(stageId, stageAttemptId);
    this.#stages.delete(`${stageId}.${stageAttemptId}`);
    for (const [id, task] of this.#running)
      if (task.stageId === stageId && task.stageAttemptId === stageAttemptId) this.#running.delete(id);
  }

  /** Before a commit: what runs becomes rows, counts are stored. */
  flush(): void {
    this.#db.prepare('DELETE FROM task WHERE status < 2').run();
    for (const task of this.#running.values()) {
      const stage = this.stage(task.stageId, task.stageAttemptId);
      this.#replace.run(
        ...this.#row(stage, task, task.fetchStart, task.fetchStart > 0 ? GET_RESULT : RUNNING, 0, undefined, undefined, []),
      );
    }
    const save = this.#db.prepare('INSERT OR REPLACE INTO stage_tasks VALUES (?, ?, ?, ?)');
    for (const stage of this.#stages.values()) {
      if (stage.changed) save.run(stage.stageId, stage.stageAttemptId, stage.size, stage.successes);
      stage.changed = false;
    }
  }
}

/** In the order of FIGURES, without those of push-based shuffle. Source of what follows from the metrics: Spark's AppStatusUtils. */
function figuresOf(launchedAtMs: number, duration: number, fetchStart: number, m: TaskMetrics | undefined): readonly number[] {
  if (duration === 0 && m === undefined) return NO_FIGURES;
  const gettingResult = fetchStart > 0 ? Math.max(0, launchedAtMs + duration - fetchStart) : 0;
  if (m === undefined) return [duration, gettingResult, ...NO_FIGURES.slice(2)];
  const busy = m.executorRunTime + m.executorDeserializeTime + m.resultSerializationTime;
  return [
    duration,
    gettingResult,
    Math.max(0, duration - busy - gettingResult),
    m.shuffleLocalBytes + m.shuffleRemoteBytes,
    m.shuffleLocalBlocks + m.shuffleRemoteBlocks,
    m.executorDeserializeTime,
    m.executorDeserializeCpuTimeNs,
    m.executorRunTime,
    m.executorCpuTimeNs,
    m.resultSize,
    m.gcTime,
    m.resultSerializationTime,
    m.memoryBytesSpilled,
    m.diskBytesSpilled,
    m.peakExecutionMemory,
    m.inputBytes,
    m.inputRecords,
    m.outputBytes,
    m.outputRecords,
    m.shuffleRemoteBlocks,
    m.shuffleLocalBlocks,
    m.shuffleFetchWaitTime,
    m.shuffleRemoteBytes,
    m.shuffleRemoteBytesToDisk,
    m.shuffleLocalBytes,
    m.shuffleRecordsRead,
    m.shuffleRemoteRequestsDuration,
    m.shuffleBytesWritten,
    m.shuffleWriteTimeNs,
    m.shuffleRecordsWritten,
  ];
}

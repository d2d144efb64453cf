// Task attempts: the hot part of the reducer, some hundred nanoseconds a task. Sums go to the stage, its executors, the jobs and the executor;
// the rows to the stage's task table. Source: Spark's AppStatusListener (onTaskStart, onTaskEnd).
import type { TaskEnd, TaskEndReason, TaskInfo } from '../events.ts';
import type { LiveStage } from './entities.ts';
import { METRIC_COUNT, metricsInto } from './metric-columns.ts';
import type { StatusState } from './status-state.ts';
import { takeSqlMetrics } from './reduce-sql.ts';
import type { TaskOutcome } from './task-table.ts';

const SUCCEEDED: TaskOutcome = { status: 'SUCCESS', error: undefined };
const figures = new Float64Array(METRIC_COUNT);

export class TaskReducer {
  readonly #state: StatusState;
  #lastStageId = -1;
  #lastAttemptId = -1;
  #last: LiveStage | undefined;

  constructor(state: StatusState) {
    this.#state = state;
  }

  started(stageId: number, attemptId: number, task: TaskInfo): void {
    this.#state.version++;
    const executor = this.#state.executors.get(task.executorId);
    if (executor !== undefined) {
      executor.activeTasks++;
      executor.totalTasks++;
    }
    const stage = this.#stage(stageId, attemptId);
    if (stage === undefined) return;
    stage.tasks.started(task);
    stage.activeTasks++;
    if (stage.firstLaunchMs === undefined || task.launchedAtMs < stage.firstLaunchMs) stage.firstLaunchMs = task.launchedAtMs;
    stage.locality.set(task.locality, (stage.locality.get(task.locality) ?? 0) + 1);
    stage.executor(task.executorId).activeTasks++;
    for (const job of stage.jobs) job.activeTasks++;
    if (task.speculative) {
      stage.speculative ??= { numTasks: 0, active: 0, completed: 0, failed: 0, killed: 0 };
      stage.speculative.numTasks++;
      stage.speculative.active++;
    }
  }

  ended(stageId: number, attemptId: number, task: TaskEnd): void {
    this.#state.version++;
    const outcome = task.reason.tag === 'Success' ? SUCCEEDED : outcomeOf(task.reason);
    const stage = this.#stage(stageId, attemptId);
    // A second end of the same attempt (its output was lost with its executor) changes no row and no sum, only what failed.
    const wasRunning = stage?.tasks.ended(task, outcome) ?? true;
    const { metrics } = task;
    const counted = metrics !== undefined && task.reason.tag !== 'Resubmitted';
    const filled = counted ? metricsInto(figures, metrics) : 0;
    if (stage !== undefined) this.#endInStage(stage, task, outcome, wasRunning, filled);
    this.#endOnExecutor(task, outcome, wasRunning, filled);
  }

  #endInStage(stage: LiveStage, task: TaskEnd, outcome: TaskOutcome, wasRunning: boolean, filled: number): void {
    const { status } = outcome;
    const { taskTotals } = this.#state;
    const summary = stage.executor(task.executorId);
    stage.peaks.touch();
    summary.peaks.touch();
    for (let i = 0; i < filled; i++) {
      const figure = figures[i]!;
      if (figure === 0) continue;
      stage.sums[i]! += figure;
      summary.sums[i]! += figure;
    }
    summary.taskTime += task.finishedAtMs - task.launchedAtMs;
    if (wasRunning) {
      stage.activeTasks--;
      summary.activeTasks--;
    }
    if (status === 'SUCCESS') {
      stage.completedTasks++;
      summary.succeededTasks++;
      taskTotals.completed++;
      stage.completedIndices.add(task.index);
    } else if (status === 'KILLED') {
      stage.killedTasks++;
      summary.killedTasks++;
      taskTotals.killed++;
      bump(stage.killedSummary, outcome.error ?? '');
    } else {
      stage.failedTasks++;
      summary.failedTasks++;
      taskTotals.failed++;
    }
    for (const job of stage.jobs) {
      if (wasRunning) job.activeTasks--;
      if (status === 'SUCCESS') {
        job.completedTasks++;
        job.indicesOf(stage.info.stageId).add(task.index);
      } else if (status === 'KILLED') {
        job.killedTasks++;
        bump(job.killedSummary, outcome.error ?? '');
      } else job.failedTasks++;
    }
    if (task.speculative && stage.speculative !== undefined) {
      if (wasRunning) stage.speculative.active--;
      if (status === 'SUCCESS') stage.speculative.completed++;
      else if (status === 'KILLED') stage.speculative.killed++;
      else stage.speculative.failed++;
    }
    if (task.accumulables.length > 0 && this.#state.sql.size > 0) takeSqlMetrics(this.#state, stage, task);
  }

  #endOnExecutor(task: TaskEnd, outcome: TaskOutcome, wasRunning: boolean, filled: number): void {
    const executor = this.#state.executors.get(task.executorId);
    if (executor === undefined) return;
    if (wasRunning) executor.activeTasks = Math.max(0, executor.activeTasks - 1);
    if (outcome.status === 'SUCCESS') executor.completedTasks++;
    else if (outcome.status === 'FAILED') executor.failedTasks++;
    executor.totalDuration += task.finishedAtMs - task.launchedAtMs;
    executor.peaks.touch();
    if (filled === 0) return;
    for (let i = 0; i < filled; i++) executor.sums[i]! += figures[i]!;
    const metrics = task.metrics!;
    executor.totalGcTime += metrics.gcTime;
    executor.totalInputBytes += metrics.inputBytes;
    executor.totalShuffleRead += metrics.shuffleLocalBytes + metrics.shuffleRemoteBytes;
    executor.totalShuffleWrite += metrics.shuffleBytesWritten;
  }

  /** Tasks come many in a row from one stage. Looked up anew when the stage may have been replaced. */
  #stage(stageId: number, attemptId: number): LiveStage | undefined {
    if (stageId === this.#lastStageId && attemptId === this.#lastAttemptId && this.#last?.status === 'ACTIVE') return this.#last;
    this.#last = this.#state.stage(stageId, attemptId);
    this.#lastStageId = stageId;
    this.#lastAttemptId = attemptId;
    return this.#last;
  }
}

const bump = (counts: Map<string, number>, reason: string): void => void counts.set(reason, (counts.get(reason) ?? 0) + 1);

/** Status and text of an end that is no success. Source: Spark's TaskFailedReason.toErrorString. */
export function outcomeOf(reason: TaskEndReason): TaskOutcome {
  switch (reason.tag) {
    case 'Success':
      return SUCCEEDED;
    case 'TaskKilled':
      return { status: 'KILLED', error: reason.reason };
    case 'TaskCommitDenied':
      return {
        status: 'KILLED',
        error: `TaskCommitDenied (Driver denied task commit) for job: ${reason.jobId}, partition: ${reason.partition}, attemptNumber: ${reason.attempt}`,
      };
    case 'ExceptionFailure': {
      const head = `${reason.className}: ${reason.description}`;
      return {
        status: 'FAILED',
        error: reason.stack === '' || reason.stack.startsWith(head) ? reason.stack || head : `${head}\n${reason.stack}`,
      };
    }
    case 'ExecutorLostFailure':
      return {
        status: 'FAILED',
        error: `ExecutorLostFailure (executor ${reason.executorId} exited ${reason.causedByApp ? 'caused by one of the running tasks' : 'unrelated to the running tasks'}) Reason: ${reason.reason}`,
      };
    case 'FetchFailed':
      return {
        status: 'FAILED',
        error: `FetchFailed(BlockManagerId(${reason.executorId}, ${reason.host}), shuffleId=${reason.shuffleId}, mapIndex=${reason.mapIndex}, mapId=${reason.mapId}, reduceId=${reason.reduceId}, message=\n${reason.message}\n)`,
      };
    case 'Resubmitted':
      return { status: 'FAILED', error: 'Resubmitted (resubmitted due to lost executor)' };
    case 'TaskResultLost':
      return { status: 'FAILED', error: 'TaskResultLost (result lost from block manager)' };
    case 'UnknownReason':
      return { status: 'FAILED', error: 'UnknownReason' };
  }
}

// What rules look at: one stage attempt with the spread of its tasks, or the application. Made from the store once for all rules; a rule only
// compares. Words for sizes and times are here too, so that all alarms say them alike.
import type { StageData } from '../store/api-types.ts';
import { bytesText } from '../../common/bytes-text.ts';
import { durationText } from '../store/sql-metrics.ts';
import type { StatusStore } from '../store/status-store.ts';
import type { TaskColumn } from '../store/task-table.ts';

export type Spread = { readonly median: number; readonly p75: number; readonly max: number; readonly total: number };
export type StageFacts = {
  readonly stage: StageData;
  /** Successful tasks that the spreads are of. */
  readonly measured: number;
  readonly durationMs: Spread;
  readonly runMs: Spread;
  readonly shuffleReadBytes: Spread;
  readonly inputBytes: Spread;
  readonly schedulerDelayMs: Spread;
  /** ms since it was submitted, until it ended or now. */
  readonly elapsedMs: number;
  /** Slots of the executors that are there. */
  readonly slots: number;
  readonly nowMs: number;
  /** Running longest: its task and for how long. undefined: none runs. */
  readonly oldestRunning:
    | { readonly taskId: number; readonly executorId: string; readonly host: string; readonly forMs: number }
    | undefined;
};

const NOTHING: Spread = { median: 0, p75: 0, max: 0, total: 0 };

export function stageFacts(store: StatusStore, stage: StageData, nowMs: number): StageFacts {
  const tasks = store.state.stage(stage.stageId, stage.attemptId)?.tasks;
  const measured = tasks?.successCount() ?? 0;
  const spread = (column: TaskColumn, total: number): Spread => {
    if (tasks === undefined || measured === 0) return NOTHING;
    const [median, p75, max] = tasks.quantiles(column, [0.5, 0.75, 1]) as [number, number, number];
    return { median, p75, max, total };
  };
  const [oldest] =
    stage.numActiveTasks > 0
      ? store.tasks(stage.stageId, stage.attemptId, {
          offset: 0,
          length: 1,
          status: ['RUNNING'],
          sort: { by: 'launchTime', descending: false },
        })
      : [];
  return {
    stage,
    measured,
    durationMs: spread('duration', 0),
    runMs: spread('executorRunTime', stage.executorRunTime),
    shuffleReadBytes: spread('shuffleReadBytes', stage.shuffleReadBytes),
    inputBytes: spread('inputBytes', stage.inputBytes),
    schedulerDelayMs: spread('schedulerDelay', 0),
    elapsedMs: Math.max(0, (stage.completionTimeMs ?? nowMs) - (stage.submissionTimeMs ?? nowMs)),
    slots: store.executors(true).reduce((sum, executor) => sum + executor.maxTasks, 0),
    nowMs,
    oldestRunning: oldest && {
      taskId: oldest.taskId,
      executorId: oldest.executorId,
      host: oldest.host,
      forMs: nowMs - oldest.launchTimeMs,
    },
  };
}

export const bytes = bytesText;
export const ms = (value: number): string => durationText(Math.round(value));
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const times = (factor: number): string => `${factor >= 10 ? Math.round(factor) : factor.toFixed(1)} times`;

// Everything that is known of one application, and how much of it is kept (Spark's spark.ui.retained… limits). The reducer changes it, a view
// reads it; whoever holds the tasks (memory, SQLite) is a parameter.
import type { Application, Environment, LiveExecutor, LiveJob, LiveRdd, LiveSql, LiveStage, ResourceProfiles } from './entities.ts';
import type { TaskTables } from './task-table.ts';

/** Most that is kept of each; Number.POSITIVE_INFINITY keeps all. */
export type Retention = {
  readonly jobs: number;
  readonly stages: number;
  readonly deadExecutors: number;
  readonly sqlExecutions: number;
};
export const SPARK_RETENTION: Retention = { jobs: 1_000, stages: 1_000, deadExecutors: 100, sqlExecutions: 1_000 };

export class StatusState {
  version = 0;
  sparkVersion = '';
  application: Application | undefined;
  environment: Environment | undefined;
  readonly profiles: ResourceProfiles = new Map();
  readonly jobs = new Map<number, LiveJob>();
  /** By stageKey, in order of appearance. */
  readonly stages = new Map<number, LiveStage>();
  readonly executors = new Map<string, LiveExecutor>();
  readonly rdds = new Map<number, LiveRdd>();
  readonly sql = new Map<number, LiveSql>();
  /** Executors that are waited for, in the cluster manager's words. */
  waiting: { sinceMs: number; wanted: number; reason: string } | undefined;
  /** Totals that retention does not lower: for metrics. */
  readonly totals = { jobs: 0, succeededJobs: 0, failedJobs: 0, completedStages: 0, failedStages: 0, skippedStages: 0 };
  readonly taskTotals = { completed: 0, failed: 0, killed: 0, skipped: 0 };
  readonly retention: Retention;
  readonly tables: TaskTables;

  constructor(tables: TaskTables, retention: Retention = SPARK_RETENTION) {
    this.tables = tables;
    this.retention = retention;
  }

  stage(stageId: number, attemptId: number): LiveStage | undefined {
    return this.stages.get(stageKey(stageId, attemptId));
  }

  /** All attempts, the first one first. */
  attempts(stageId: number): LiveStage[] {
    const found: LiveStage[] = [];
    for (const stage of this.stages.values()) if (stage.info.stageId === stageId) found.push(stage);
    return found.sort((a, b) => a.info.attemptId - b.info.attemptId);
  }
}

const MOST_ATTEMPTS = 65_536;
export const stageKey = (stageId: number, attemptId: number): number => stageId * MOST_ATTEMPTS + attemptId;

/**
 * Removes what is over a limit, at least a tenth of it so that this is rare. Source: AppStatusListener.calculateNumberToRemove.
 * @param removable in the order in which they are to go
 */
export function forget<K>(size: number, limit: number, removable: () => readonly K[], remove: (key: K) => void): void {
  if (size <= limit) return;
  const count = Math.max(Math.floor(limit / 10), size - limit);
  for (const key of removable().slice(0, count)) remove(key);
}

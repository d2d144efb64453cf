// sc.statusTracker: what runs at this moment. Source: Spark's SparkStatusTracker.
import { GROUP } from '../core/job-properties.ts';
import type { DagScheduler } from '../core/dag-scheduler.ts';

export type SparkJobInfo = { readonly jobId: number; readonly stageIds: readonly number[]; readonly status: 'RUNNING' };
export type SparkStageInfo = {
  readonly stageId: number;
  readonly currentAttemptId: number;
  readonly name: string;
  readonly numTasks: number;
  readonly numActiveTasks: number;
  readonly numCompletedTasks: number;
};
export type SparkExecutorInfo = { readonly id: string; readonly host: string; readonly slots: number };

export class StatusTracker {
  readonly #core: DagScheduler;
  readonly #executors: () => SparkExecutorInfo[];

  constructor(core: DagScheduler, executors: () => SparkExecutorInfo[]) {
    this.#core = core;
    this.#executors = executors;
  }

  getActiveJobIds(): number[] {
    return [...this.#core.jobs.keys()];
  }

  /** Running jobs of a group; of none: undefined. */
  getJobIdsForGroup(group: string | undefined): number[] {
    return [...this.#core.jobs.values()].filter((job) => job.properties.get(GROUP) === group).map((job) => job.jobId);
  }

  getJobInfo(jobId: number): SparkJobInfo | undefined {
    const job = this.#core.jobs.get(jobId);
    return job && { jobId, stageIds: [...job.stages].map((stage) => stage.id).sort((a, b) => a - b), status: 'RUNNING' };
  }

  getActiveStageIds(): number[] {
    return [...new Set(this.#core.tasks.sets.map((set) => set.spec.stageId))];
  }

  getStageInfo(stageId: number): SparkStageInfo | undefined {
    const set = this.#core.tasks.sets.findLast((s) => s.spec.stageId === stageId);
    const stage = set && this.#core.stageOf(set.spec.key);
    if (set === undefined || stage === undefined) return undefined;
    return {
      stageId,
      currentAttemptId: set.spec.stageAttempt,
      name: stage.rdd.callSite,
      numTasks: stage.partitions.length,
      numActiveTasks: set.runningCount,
      numCompletedTasks: stage.doneCount,
    };
  }

  getExecutorInfos(): SparkExecutorInfo[] {
    return this.#executors();
  }
}

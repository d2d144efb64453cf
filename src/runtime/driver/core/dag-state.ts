// What the files of the DAG scheduler share: jobs, stages, task sets by stage, and the effects that wait to be carried out.
// The rules are dag-scheduler.ts, make-stages.ts, stage-progress.ts, fetch-failures.ts and end-jobs.ts.
import { step } from '../../../common/machine.ts';
import { MapOutputTracker } from './map-output-tracker.ts';
import type { DagEffect, Job, Stage } from './stage.ts';
import { type PushRules, ShuffleMerges } from './shuffle-merges.ts';
import { ResourceProfiles } from './resource-profiles.ts';
import { type StageEvent, stageTable } from './stage-machine.ts';
import { TaskScheduler, type TaskSchedulerSettings } from './task-scheduler.ts';
import type { TaskSet } from './task-set.ts';

export type DagSettings = TaskSchedulerSettings & {
  readonly taskMaxFailures: number;
  readonly stageMaxAttempts: number;
  /** undefined: all stages have the default one. */
  readonly profiles?: ResourceProfiles;
  /** undefined: push-based shuffle is off. */
  readonly push?: PushRules | undefined;
};

export class DagState {
  readonly settings: DagSettings;
  readonly tasks: TaskScheduler;
  readonly profiles: ResourceProfiles;
  readonly outputs = new MapOutputTracker();
  readonly merges: ShuffleMerges | undefined;
  readonly jobs = new Map<number, Job>();
  readonly stages = new Map<number, Stage>();
  /** By the shuffle that it writes. */
  readonly mapStages = new Map<number, Stage>();
  readonly stageOfSet = new Map<number, Stage>();
  nextStageId = 0;
  nextKey = 1;
  effects: DagEffect[] = [];

  constructor(settings: DagSettings) {
    this.settings = settings;
    this.tasks = new TaskScheduler(settings);
    if (settings.push !== undefined) this.merges = new ShuffleMerges(settings.push);
    const { taskCpus } = settings;
    this.profiles =
      settings.profiles ??
      new ResourceProfiles({ master: 'local', dynamic: false, taskCpus, executorCores: taskCpus, mergeConflicts: false });
  }

  endSets(stage: Stage, why: string, interrupt = false): void {
    for (const set of this.tasks.sets.filter((s) => s.spec.stageId === stage.id)) this.endSet(set, why, interrupt);
  }

  endSet(set: TaskSet, why: string, interrupt = false): void {
    set.zombie = true;
    for (const { taskId, slot } of set.running())
      this.effects.push({ tag: 'killTask', slot, taskId, key: set.spec.key, reason: why, interrupt });
    this.tasks.remove(set.spec.key);
    this.stageOfSet.delete(set.spec.key);
    this.effects.push({ tag: 'endTaskSet', key: set.spec.key, why });
  }

  move(stage: Stage, event: StageEvent): void {
    stage.state = step(stageTable, stage.state, event).next;
  }

  log(level: 'info' | 'warn' | 'error', text: string): void {
    this.effects.push({ tag: 'log', level, name: 'DAGScheduler', text });
  }
}

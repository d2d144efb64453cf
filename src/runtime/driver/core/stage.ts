// A stage and a job as the DAG scheduler holds them, and the walk that cuts a lineage at its shuffles. Source: Spark's Stage, ActiveJob.
import type { AppError } from '../../../common/errors.ts';
import type { RddNode, ShuffleDependency } from '../../plan/lineage.ts';
import type { Properties } from './job-properties.ts';
import type { StageProfile } from './resource-profiles.ts';
import type { MergeEffect } from './shuffle-merges.ts';
import type { StageState } from './stage-machine.ts';
import type { TaskSet } from './task-set.ts';

export type Stage = {
  readonly id: number;
  readonly rdd: RddNode;
  /** Map stages: the shuffle they write. Result stages: undefined. */
  readonly dependency: ShuffleDependency | undefined;
  readonly firstJobId: number;
  readonly parents: readonly Stage[];
  /** Stages that read what it writes. */
  readonly children: Set<Stage>;
  /** Jobs that want it; nobody left: it is given up. */
  readonly jobs: Set<number>;
  /** By position: a result stage may be asked for some partitions only. */
  readonly partitions: readonly number[];
  /** Its tasks start together (barrier.ts). */
  readonly barrier: boolean;
  readonly profile: StageProfile;
  readonly done: Uint8Array;
  doneCount: number;
  state: StageState;
  nextAttempt: number;
  /** Services that merge its map outputs, when they have been chosen. */
  mergers: number;
  /** Attempts in a row that ended in a lost block. */
  fetchFailures: number;
  submittedAtMs: number;
};

export type JobSpec = {
  readonly jobId: number;
  readonly root: RddNode;
  readonly partitions: readonly number[];
  readonly callSite: string;
  /** Local properties at the action: group, description, tags, pool, … (job-properties.ts). */
  readonly properties: Properties;
  /** The user's stack at the action, for the pages. */
  readonly details?: string;
};

export type Job = JobSpec & { readonly finalStage: Stage; readonly stages: Set<Stage>; readonly submittedAtMs: number };

/** What the DAG scheduler wants done. */
export type DagEffect =
  /** Capture the stage's functions, then say ready(key) or refused(key). */
  | { readonly tag: 'prepareTaskSet'; readonly key: number; readonly stage: Stage; readonly attempt: number }
  | { readonly tag: 'endTaskSet'; readonly key: number; readonly why: string }
  /** key: of the set, all of whose tasks are to end there; 0: this task alone. */
  | {
      readonly tag: 'killTask';
      readonly slot: number;
      readonly taskId: number;
      readonly key: number;
      readonly reason: string;
      /** spark.job.interruptOnCancel: its thread ends almost at once. */
      readonly interrupt?: boolean;
    }
  | { readonly tag: 'jobEnded'; readonly jobId: number; readonly error: AppError | undefined; readonly atMs: number }
  /** For listeners (service/job-events.ts): a stage attempt begins with so many tasks, and has ended. */
  | { readonly tag: 'jobStarted'; readonly job: Job }
  | { readonly tag: 'stageSubmitted'; readonly stage: Stage; readonly attempt: number; readonly tasks: number; readonly atMs: number }
  | { readonly tag: 'stageEnded'; readonly stage: Stage; readonly failure: string | undefined; readonly atMs: number }
  /** A copy of a slow task waits for a slot. */
  | { readonly tag: 'speculativeTask'; readonly set: TaskSet; readonly index: number }
  /** An executor or host is not used, or is again: for a stage attempt, or (undefined) for the whole application. */
  | {
      readonly tag: 'exclusion';
      readonly kind: 'executor' | 'node';
      readonly id: string;
      readonly failures: number;
      readonly excluded: boolean;
      readonly stage: { readonly stageId: number; readonly attemptId: number } | undefined;
      readonly atMs: number;
    }
  /** The executor is to end, and another to take its place. */
  | { readonly tag: 'replaceExecutor'; readonly executorId: string; readonly reason: string }
  /** Call DagScheduler.review then. */
  | { readonly tag: 'reviewAfter'; readonly afterMs: number }
  | MergeEffect
  | { readonly tag: 'resubmitAfter'; readonly stageId: number; readonly afterMs: number }
  | { readonly tag: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly name: string; readonly text: string };

/** Why the other attempt of a task is killed, in Spark's words. */
export const ANOTHER_SUCCEEDED = 'another attempt succeeded';

/** So long, further lost blocks of the same shuffle are gathered before its map tasks run again, ms. Spark: 200. */
export const RESUBMIT_AFTER_MS = 50;

export const isMap = (stage: Stage): boolean => stage.dependency !== undefined;

/** Spark's names in log lines: `ShuffleMapStage 0 (map at job.ts:4)`. */
export const stageName = (stage: Stage): string =>
  `${isMap(stage) ? 'ShuffleMapStage' : 'ResultStage'} ${stage.id} (${stage.rdd.callSite})`;

/** `List(ShuffleMapStage 0, ShuffleMapStage 1)` */
export const listOf = (parents: readonly Stage[]): string => `List(${parents.map((s) => `ShuffleMapStage ${s.id}`).join(', ')})`;

export const rddName = (rdd: RddNode): string => `${rdd.name === undefined ? '' : `${rdd.name} `}${rdd.kind}[${rdd.id}] at ${rdd.callSite}`;

/** The shuffles that a stage ending in `rdd` reads: those reached through narrow dependencies only. Iterative: lineages of loops are deep. */
export function shufflesOf(rdd: RddNode): ShuffleDependency[] {
  const found = new Map<number, ShuffleDependency>();
  const seen = new Set<RddNode>();
  const open = [rdd];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const dependency of node.dependencies) {
      if (dependency.kind === 'shuffle') found.set(dependency.shuffleId, dependency);
      else open.push(dependency.parent);
    }
  }
  return [...found.values()].sort((a, b) => a.shuffleId - b.shuffleId);
}

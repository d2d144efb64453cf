// Stages and RDDs as events describe them: names, numbers, parents, scopes. What becomes of a stage is job-events.ts.
// Source: Spark's StageInfo.fromStage, RDDInfo.fromRdd.
import type { RddInfo, StageInfo, StorageLevelInfo } from '../../../status/events.ts';
import type { RddNode } from '../../plan/lineage.ts';
import type { Job, Stage } from '../core/stage.ts';

const NO_LEVEL: StorageLevelInfo = { useDisk: false, useMemory: false, useOffHeap: false, deserialized: false, replication: 1 };

const levelOf = ({ storageLevel }: RddNode): StorageLevelInfo => (storageLevel === undefined ? NO_LEVEL : { ...NO_LEVEL, ...storageLevel });

export function rddInfo(rdd: RddNode): RddInfo {
  return {
    rddId: rdd.id,
    name: rdd.name ?? rdd.kind,
    scope: rdd.scope,
    callSite: rdd.callSite,
    parentIds: rdd.dependencies.map(({ parent }) => parent.id),
    storageLevel: levelOf(rdd),
    barrier: false,
    numPartitions: rdd.partitions,
    numCachedPartitions: 0,
    memoryBytes: 0,
    diskBytes: 0,
  };
}

/** The stage's own RDD first, then those that it reaches without a shuffle, newest first. */
export function rddsOf(stage: Stage): RddInfo[] {
  const seen = new Set<RddNode>();
  const open = [stage.rdd];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const { kind, parent } of node.dependencies) if (kind === 'narrow') open.push(parent);
  }
  return [...seen].sort((a, b) => b.id - a.id).map(rddInfo);
}

/** @param job undefined: the one that made the stage is gone */
export function stageInfo(
  stage: Stage,
  job: Pick<Job, 'callSite' | 'details'> | undefined,
  attemptId: number,
  numTasks: number,
): StageInfo {
  const isMap = stage.dependency !== undefined;
  return {
    stageId: stage.id,
    attemptId,
    name: isMap ? stage.rdd.callSite : (job?.callSite ?? stage.rdd.callSite),
    numTasks,
    rdds: rddsOf(stage),
    parentIds: stage.parents.map(({ id }) => id),
    details: isMap ? stage.rdd.callSite : (job?.details ?? ''),
    submittedAtMs: undefined,
    completedAtMs: undefined,
    failureReason: undefined,
    accumulables: [],
    resourceProfileId: stage.profile.id,
    shuffleMergers: stage.mergers,
  };
}

// Stage attempts: wanted by a job, submitted, completed, forgotten when there are too many. Source: Spark's AppStatusListener
// (onStageSubmitted, onStageCompleted, getOrCreateStage, cleanupStages).
import type { RareEvent, StageInfo } from '../events.ts';
import { LiveRdd, LiveStage } from './entities.ts';
import { forget, type StatusState, stageKey } from './status-state.ts';

export function openStage(state: StatusState, info: StageInfo): LiveStage {
  const key = stageKey(info.stageId, info.attemptId);
  let stage = state.stages.get(key);
  // A stage that an earlier job skipped or ran is wanted again: as Spark, a new entity in its place, unless it still runs.
  if (stage !== undefined && (stage.status === 'PENDING' || stage.status === 'ACTIVE')) {
    stage.info = info;
    return stage;
  }
  if (stage !== undefined) {
    state.stages.delete(key);
    state.tables.drop(info.stageId, info.attemptId);
  }
  stage = new LiveStage(info, state.tables.open(info.stageId, info.attemptId));
  state.stages.set(key, stage);
  forgetStages(state);
  return stage;
}

export function submitStage(state: StatusState, event: Extract<RareEvent, { tag: 'stageSubmitted' }>): void {
  const { stage: info, properties } = event;
  const stage = openStage(state, info);
  const property = new Map(properties);
  stage.status = 'ACTIVE';
  stage.schedulingPool = property.get('spark.scheduler.pool') ?? 'default';
  stage.description = property.get('spark.job.description');
  stage.jobs = [...state.jobs.values()].filter((job) => job.status === 'RUNNING' && job.stageIds.includes(info.stageId));
  for (const job of stage.jobs) {
    stage.jobIds.add(job.jobId);
    job.completedStages.delete(info.stageId);
    job.activeStages++;
  }
  for (const rdd of info.rdds) {
    const { useDisk, useMemory, useOffHeap } = rdd.storageLevel;
    if ((useDisk || useMemory || useOffHeap) && !state.rdds.has(rdd.rddId)) state.rdds.set(rdd.rddId, new LiveRdd(rdd));
  }
}

export function completeStage(state: StatusState, info: StageInfo): void {
  const stage = state.stage(info.stageId, info.attemptId);
  if (stage === undefined) return;
  const wasActive = stage.status === 'ACTIVE';
  stage.info = info;
  stage.status = info.failureReason !== undefined ? 'FAILED' : info.submittedAtMs !== undefined ? 'COMPLETE' : 'SKIPPED';
  if (stage.status === 'COMPLETE') state.totals.completedStages++;
  if (stage.status === 'FAILED') state.totals.failedStages++;
  for (const job of stage.jobs) {
    if (stage.status === 'COMPLETE') job.completedStages.add(info.stageId);
    else if (stage.status === 'SKIPPED') {
      job.skippedStages.add(info.stageId);
      job.skippedTasks += info.numTasks;
    } else job.failedStages++;
    if (wasActive) job.activeStages = Math.max(0, job.activeStages - 1);
  }
  for (const executor of state.executors.values()) executor.excludedInStages.delete(info.stageId);
}

/** Skipped ones first, then the oldest. */
function forgetStages(state: StatusState): void {
  forget(
    state.stages.size,
    state.retention.stages,
    () =>
      [...state.stages.entries()]
        .filter(([, stage]) => stage.status !== 'ACTIVE' && stage.status !== 'PENDING')
        .sort(([, a], [, b]) => (a.info.completedAtMs ?? -1) - (b.info.completedAtMs ?? -1))
        .map(([key]) => key),
    (key) => {
      const { info } = state.stages.get(key)!;
      state.stages.delete(key);
      state.tables.drop(info.stageId, info.attemptId);
    },
  );
}

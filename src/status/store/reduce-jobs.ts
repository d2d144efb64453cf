// Jobs: begun, ended, forgotten when there are too many. Source: Spark's AppStatusListener (onJobStart, onJobEnd, cleanupJobs).
import type { RareEvent } from '../events.ts';
import { LiveJob } from './entities.ts';
import { openStage } from './reduce-stages.ts';
import { forget, type StatusState } from './status-state.ts';

type Of<T extends RareEvent['tag']> = Extract<RareEvent, { tag: T }>;

export function startJob(state: StatusState, event: Of<'jobStart'>): void {
  const last = event.stages.reduce<(typeof event.stages)[number] | undefined>(
    (found, stage) => (found === undefined || stage.stageId > found.stageId ? stage : found),
    undefined,
  );
  const job = new LiveJob({
    jobId: event.jobId,
    name: last?.name ?? '',
    submittedAtMs: event.atMs > 0 ? event.atMs : undefined,
    stages: event.stages,
    properties: event.properties,
  });
  state.jobs.set(job.jobId, job);
  state.totals.jobs++;
  for (const info of event.stages) {
    const stage = openStage(state, info);
    stage.jobs.push(job);
    stage.jobIds.add(job.jobId);
  }
  const execution = state.sql.get(Number(job.properties.get('spark.sql.execution.id') ?? Number.NaN));
  if (execution !== undefined) {
    execution.jobs.set(job.jobId, job);
    for (const stageId of job.stageIds) execution.stageIds.add(stageId);
  }
  forget(
    state.jobs.size,
    state.retention.jobs,
    () =>
      [...state.jobs.values()]
        .filter((j) => j.status !== 'RUNNING')
        .sort((a, b) => a.completedAtMs! - b.completedAtMs!)
        .map((j) => j.jobId),
    (jobId) => state.jobs.delete(jobId),
  );
}

export function endJob(state: StatusState, event: Of<'jobEnd'>): void {
  const job = state.jobs.get(event.jobId);
  if (job === undefined || job.status !== 'RUNNING') return;
  // What this job wanted and nobody ran had its output already, or will not be run any more.
  const wanted = new Set(job.stageIds);
  for (const stage of state.stages.values()) {
    if (stage.status !== 'PENDING' || !wanted.has(stage.info.stageId)) continue;
    stage.status = 'SKIPPED';
    job.skippedStages.add(stage.info.stageId);
    job.skippedTasks += stage.info.numTasks;
  }
  job.status = event.error === undefined ? 'SUCCEEDED' : 'FAILED';
  job.error = event.error?.message;
  job.completedAtMs = event.atMs > 0 ? event.atMs : job.submittedAtMs;
  if (event.error === undefined) state.totals.succeededJobs++;
  else state.totals.failedJobs++;
  state.totals.skippedStages += job.skippedStages.size;
  state.taskTotals.skipped += job.skippedTasks;
}

// How stages and jobs end, well or not: their task sets are ended, stages that no other job wants are forgotten.
// Source: Spark's DAGScheduler.abortStage, cleanUpAfterSchedulerStop, cleanupStateForJobAndIndependentStages.
import type { AppError } from '../../../common/errors.ts';
import type { DagState } from './dag-state.ts';
import { INTERRUPT } from './job-properties.ts';
import type { Job, Stage } from './stage.ts';

export function abortStage(dag: DagState, stage: Stage, error: AppError, nowMs: number): void {
  dag.log('info', `Cancelling stage ${stage.id}`);
  dag.endSets(stage, 'Stage cancelled');
  dag.effects.push({ tag: 'stageEnded', stage, failure: error.message, atMs: nowMs });
  dag.move(stage, { tag: 'aborted' });
  for (const jobId of [...stage.jobs]) endJob(dag, dag.jobs.get(jobId)!, error, nowMs);
}

export function endJob(dag: DagState, job: Job, error: AppError | undefined, nowMs: number): void {
  const seconds = ((nowMs - job.submittedAtMs) / 1000).toFixed(6);
  dag.log('info', `Job ${job.jobId} ${error === undefined ? 'finished' : 'failed'}: ${job.callSite}, took ${seconds} s`);
  dag.jobs.delete(job.jobId);
  for (const stage of job.stages) {
    stage.jobs.delete(job.jobId);
    if (stage.jobs.size > 0) continue;
    const why = error === undefined ? 'Stage finished' : `Job ${job.jobId} ${error.code === 'JOB_CANCELLED' ? 'cancelled' : 'failed'}`;
    dag.endSets(stage, why, error?.code === 'JOB_CANCELLED' && job.properties.get(INTERRUPT) === 'true');
    const begun = stage.state.tag === 'RUNNING' || stage.state.tag === 'RESUBMITTING';
    if (begun) dag.effects.push({ tag: 'stageEnded', stage, failure: error?.message, atMs: nowMs });
    dag.stages.delete(stage.id);
    for (const parent of stage.parents) parent.children.delete(stage);
    if (stage.dependency !== undefined) dag.mapStages.delete(stage.dependency.shuffleId);
  }
  dag.effects.push({ tag: 'jobEnded', jobId: job.jobId, error, atMs: nowMs });
}

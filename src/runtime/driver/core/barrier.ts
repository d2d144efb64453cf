// Barrier stages: all tasks start together, and one failure means that all run again. Which stages they are, what they may not be, and what a
// failure does. The launch is in task-scheduler.ts, the tasks' meetings are service/barrier-coordinator.ts. Source: Spark's DAGScheduler
// (checkBarrierStageWithRDDChainPattern, checkBarrierStageWithNumSlots, the barrier case of handleTaskCompletion).
import { AppError } from '../../../common/errors.ts';
import type { RddNode } from '../../plan/lineage.ts';
import type { DagState } from './dag-state.ts';
import { abortStage } from './end-jobs.ts';
import { syncWithOutputs } from './make-stages.ts';
import { pipelineOf } from './pipeline.ts';
import { RESUBMIT_AFTER_MS, type Stage, stageName } from './stage.ts';
import { causeOf, type TaskError } from './task-error.ts';
import type { TaskSet } from './task-set.ts';

/** @param slots that the application has, or will have; undefined: dynamic allocation says how many. @returns why the stage can't run; undefined: it can */
export function barrierFault(rdd: RddNode, tasks: number, slots: number | undefined): string | undefined {
  const pipeline = pipelineOf(rdd);
  const odd = pipeline.some((node) => node.partitions !== rdd.partitions) || tasks !== rdd.partitions;
  const joined = pipeline.some((node) => node.dependencies.filter(({ kind }) => kind === 'narrow').length > 1);
  if (odd || joined)
    return (
      '[SPARK-24820][SPARK-24821]: Barrier execution mode does not allow the following pattern of RDD chain within a barrier stage:\n' +
      '1. Ancestor RDDs that have different number of partitions from the resulting RDD (e.g. union()/coalesce()/first()/take()). ' +
      'A workaround for first()/take() can be barrierRdd.collect().head.\n' +
      '2. An RDD that depends on multiple barrier RDDs (e.g. barrierRdd1.zip(barrierRdd2)).'
    );
  if (slots === undefined)
    return (
      '[SPARK-24942]: Barrier execution mode does not support dynamic resource allocation for now. ' +
      'You can disable dynamic resource allocation by setting Spark conf "spark.dynamicAllocation.enabled" to "false".'
    );
  if (tasks <= slots) return undefined;
  return (
    '[SPARK-24819]: Barrier execution mode does not allow run a barrier stage that requires more slots than the total number of slots in the ' +
    `cluster currently. Please init a new cluster with more resources (e.g. CPU) or repartition the input RDD(s) to reduce the number of slots ` +
    `required to run this barrier stage. It needs ${tasks} slots, there are ${slots}.`
  );
}

/** One task of the stage did not succeed: the others end, and all run again. @param text the line of the log */
export function barrierFailed(dag: DagState, stage: Stage, set: TaskSet, error: TaskError, text: string, nowMs: number): void {
  if (set.zombie || stage.state.tag !== 'RUNNING' || stage.state.key !== set.spec.key) return;
  dag.log('info', `Marking ${stageName(stage)} as failed due to a barrier task failed.`);
  const why = `Stage failed because a barrier task finished unsuccessfully.\n${text}`;
  dag.endSet(set, `Another task of barrier stage ${set.name} failed`);
  dag.effects.push({ tag: 'stageEnded', stage, failure: why, atMs: nowMs });
  if (++stage.fetchFailures >= dag.settings.stageMaxAttempts) {
    const reason = `${stageName(stage)} has failed the maximum allowable number of times: ${dag.settings.stageMaxAttempts}. Most recent failure reason:\n${why}`;
    abortStage(dag, stage, new AppError('JOB_ABORTED', { reason }, { cause: causeOf(error) }), nowMs);
    return;
  }
  dag.move(stage, { tag: 'fetchFailed' });
  if (stage.dependency !== undefined) {
    for (const partition of stage.partitions) dag.outputs.lost(stage.dependency.shuffleId, partition, Number.POSITIVE_INFINITY);
    syncWithOutputs(dag, stage);
  }
  dag.effects.push({ tag: 'resubmitAfter', stageId: stage.id, afterMs: RESUBMIT_AFTER_MS });
}

// A task could not read a block of a shuffle: which map outputs are given up, and when its stage is tried again. The timer's answer is
// DagScheduler.resubmit. Source: Spark's DAGScheduler.handleTaskCompletion, case FetchFailed.
import { AppError, sentence } from '../../../common/errors.ts';
import type { DagState } from './dag-state.ts';
import { noteFetchFailure } from './exclusion.ts';
import { abortStage } from './end-jobs.ts';
import { syncWithOutputs } from './make-stages.ts';
import { RESUBMIT_AFTER_MS, type Stage, shufflesOf, stageName } from './stage.ts';
import { causeOf, type TaskError } from './task-error.ts';
import type { TaskSet } from './task-set.ts';

/**
 * The first report in a row costs one map output, the second all that its executor wrote for this stage, the third all that the stage reads:
 * one an attempt would use up the stage's attempts where a disk has failed. (Spark gives up the executor's outputs at once.)
 */
function giveUpOutputs(dag: DagState, stage: Stage, p: { shuffleId: number; mapIndex: number; executorId: string; epoch: number }): void {
  if (!dag.outputs.lost(p.shuffleId, p.mapIndex, p.epoch)) return;
  const hit = new Set([p.shuffleId]);
  if (stage.fetchFailures > 0)
    for (const { shuffleId } of shufflesOf(stage.rdd))
      if (dag.outputs.lostBeside(shuffleId, stage.fetchFailures === 1 ? p.executorId : undefined, p.epoch)) hit.add(shuffleId);
  for (const shuffleId of hit) {
    const mapStage = dag.mapStages.get(shuffleId);
    if (mapStage !== undefined) syncWithOutputs(dag, mapStage);
  }
}

export function fetchFailed(
  dag: DagState,
  stage: Stage,
  set: TaskSet,
  { index, taskId }: { index: number; taskId: number },
  error: TaskError,
  where: string,
  nowMs: number,
): void {
  const p = error.params as { shuffleId: number; mapIndex: number; executorId: string; epoch: number };
  const text = `Lost task ${index}.${set.attemptNumber(index, taskId)} in stage ${set.name} (TID ${taskId}) (${where}): ${sentence('FETCH_FAILED', error.params as never)}`;
  dag.effects.push({ tag: 'log', level: 'warn', name: 'TaskSetManager', text });
  set.again(index, taskId);
  const mapStage = dag.mapStages.get(p.shuffleId);
  // It lies elsewhere by now (a decommissioned executor's, or a map task's that ran again): nobody's fault, and the next attempt finds it.
  const oldNews = dag.outputs.changedSince(p.shuffleId, p.mapIndex, p.epoch);
  if (!oldNews) {
    giveUpOutputs(dag, stage, p);
    noteFetchFailure(dag, p.executorId, nowMs);
  }
  // A set that is a zombie already, or was given up, adds its finding and nothing more.
  if (set.zombie || stage.state.tag !== 'RUNNING' || stage.state.key !== set.spec.key) return;
  set.zombie = true;
  if (stage.barrier) dag.endSet(set, `Another task of barrier stage ${set.name} failed`);
  if (!oldNews) stage.fetchFailures++;
  dag.log(
    'info',
    `Marking ${stageName(stage)} as failed due to a fetch failure from ${mapStage === undefined ? `shuffle ${p.shuffleId}` : stageName(mapStage)}`,
  );
  if (stage.fetchFailures >= dag.settings.stageMaxAttempts) {
    const reason = `${stageName(stage)} has failed the maximum allowable number of times: ${dag.settings.stageMaxAttempts}. Most recent failure reason:\n${text}`;
    abortStage(dag, stage, new AppError('JOB_ABORTED', { reason }, { cause: causeOf(error) }), nowMs);
    return;
  }
  dag.effects.push({ tag: 'stageEnded', stage, failure: sentence('FETCH_FAILED', error.params as never), atMs: nowMs });
  dag.move(stage, { tag: 'fetchFailed' });
  dag.effects.push({ tag: 'resubmitAfter', stageId: stage.id, afterMs: RESUBMIT_AFTER_MS });
}

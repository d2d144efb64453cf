// What the DAG scheduler does about merges of push-based shuffle: which services a shuffle's blocks go to, and how its map stage goes on when the merge is
// over. When it is over is shuffle-merges.ts. Every function does nothing where push-based shuffle is off. Source: Spark's DAGScheduler.handleShuffleMergeFinalized.
import type { MergedPartition } from '../../plan/stage-install.ts';
import type { DagState } from './dag-state.ts';
import { mergeOver } from './stage-progress.ts';

/** @returns none: they are not pushed. Barrier stages never are, as in Spark */
export function mergersOf(dag: DagState, shuffleId: number): readonly string[] {
  const stage = dag.mapStages.get(shuffleId);
  if (dag.merges === undefined || stage === undefined || stage.barrier) return [];
  const mergers = dag.merges.mergersFor(shuffleId, stage.dependency!.reducePartitions);
  stage.mergers = Math.max(stage.mergers, mergers.length);
  return mergers;
}

/** What the services merged; their readers need not ask for those map outputs one by one. */
export function mergeFinalized(dag: DagState, shuffleId: number, merged: readonly MergedPartition[], nowMs: number): void {
  if (dag.merges?.finalized(shuffleId) !== true) return;
  dag.outputs.registerMerged(shuffleId, merged);
  const stage = dag.mapStages.get(shuffleId);
  const blocks = merged.reduce((sum, partition) => sum + partition.blocks, 0);
  dag.log('info', `Merge of shuffle ${shuffleId} is finalized: ${blocks} blocks in files of ${merged.length} reduce partitions`);
  if (stage !== undefined) mergeOver(dag, stage, nowMs);
}

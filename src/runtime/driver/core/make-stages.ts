// A lineage → stages, cut at its shuffles, each made once, and which jobs want them. When they run is stage-progress.ts.
// Source: Spark's DAGScheduler.getOrCreateParentStages, createShuffleMapStage.
import type { ShuffleDependency } from '../../plan/lineage.ts';
import { isBarrier } from './pipeline.ts';
import type { DagState } from './dag-state.ts';
import { type Job, type Stage, shufflesOf } from './stage.ts';

/** Stages of the shuffles, made once each, deepest first. No recursion: the lineage of a loop is thousands of shuffles deep. */
export function parentStages(dag: DagState, dependencies: readonly ShuffleDependency[], jobId: number): Stage[] {
  const open = dependencies.toReversed();
  for (let dependency = open.at(-1); dependency !== undefined; dependency = open.at(-1)) {
    const before = dag.mapStages.has(dependency.shuffleId) ? [] : shufflesOf(dependency.parent);
    const missing = before.filter(({ shuffleId }) => !dag.mapStages.has(shuffleId));
    open.push(...missing.reverse());
    if (missing.length > 0) continue;
    open.pop();
    if (!dag.mapStages.has(dependency.shuffleId)) newMapStage(dag, dependency, before, jobId);
  }
  return dependencies.map(({ shuffleId }) => dag.mapStages.get(shuffleId)!);
}

function newMapStage(dag: DagState, dependency: ShuffleDependency, before: readonly ShuffleDependency[], jobId: number): void {
  const partitions = Array.from({ length: dependency.parent.partitions }, (_, p) => p);
  dag.outputs.registerShuffle(dependency.shuffleId, partitions.length);
  const parents = before.map(({ shuffleId }) => dag.mapStages.get(shuffleId)!);
  const stage = newStage(dag, { rdd: dependency.parent, dependency, parents, partitions, jobId });
  dag.mapStages.set(dependency.shuffleId, stage);
  syncWithOutputs(dag, stage); // one whose outputs are all there is skipped: an earlier job made them
}

export function newStage(
  dag: DagState,
  of: {
    rdd: Stage['rdd'];
    dependency: ShuffleDependency | undefined;
    parents: Stage[];
    partitions: readonly number[];
    jobId: number;
  },
): Stage {
  const stage: Stage = {
    id: dag.nextStageId++,
    rdd: of.rdd,
    dependency: of.dependency,
    firstJobId: of.jobId,
    parents: of.parents,
    children: new Set(),
    jobs: new Set(),
    partitions: of.partitions,
    barrier: isBarrier(of.rdd),
    profile: dag.profiles.ofStage(of.rdd),
    done: new Uint8Array(of.partitions.length),
    doneCount: 0,
    state: { tag: 'WAITING' },
    nextAttempt: 0,
    mergers: 0,
    fetchFailures: 0,
    submittedAtMs: 0,
  };
  dag.stages.set(stage.id, stage);
  for (const parent of of.parents) parent.children.add(stage);
  return stage;
}

export function joinStages(dag: DagState, stage: Stage, job: Job): void {
  const open = [stage];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (job.stages.has(next)) continue;
    job.stages.add(next);
    next.jobs.add(job.jobId);
    open.push(...next.parents);
  }
}

/** `done` of a map stage says what the tracker says. */
export function syncWithOutputs(dag: DagState, stage: Stage): void {
  const { shuffleId } = stage.dependency!;
  stage.doneCount = 0;
  for (let p = 0; p < stage.done.length; p++) {
    stage.done[p] = dag.outputs.has(shuffleId, p) ? 1 : 0;
    stage.doneCount += stage.done[p]!;
  }
  if (stage.doneCount === stage.done.length) {
    if (stage.state.tag === 'WAITING') dag.move(stage, { tag: 'completed' });
  } else dag.move(stage, { tag: 'outputsLost' });
}

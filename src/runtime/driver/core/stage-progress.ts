// Stages on their way: submitted when their parents are done, completed when every partition is, submitted again when outputs were lost
// meanwhile. What a failed task means is dag-scheduler.ts, what a lost block means fetch-failures.ts. Source: Spark's DAGScheduler.
import { invariant } from '../../../common/invariant.ts';
import type { MapOutput } from '../../plan/stage-install.ts';
import type { DagState } from './dag-state.ts';
import { endJob } from './end-jobs.ts';
import { poolIn } from './job-properties.ts';
import { isMap, rddName, type Stage, stageName } from './stage.ts';
import { NEVER, SetExclusion } from './set-exclusion.ts';
import { ProcessRates } from './process-rates.ts';
import { RunTimes } from './speculation.ts';
import { TaskSet } from './task-set.ts';

/** @param seen stages of this walk: a parent may be reached on exponentially many ways */
export function submitStage(dag: DagState, stage: Stage, nowMs: number, seen: Set<Stage>): void {
  const open = [stage];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.state.tag !== 'WAITING' || seen.has(next)) continue;
    seen.add(next);
    const missing = next.parents.filter((parent) => parent.state.tag !== 'DONE');
    if (missing.length === 0) submitTasks(dag, next, nowMs);
    else open.push(...missing.reverse());
  }
}

function submitTasks(dag: DagState, stage: Stage, nowMs: number): void {
  const positions: number[] = [];
  for (let i = 0; i < stage.done.length; i++) if (stage.done[i] === 0 || stage.barrier) positions.push(i);
  if (positions.length === 0 || stage.doneCount === stage.partitions.length) {
    stageCompleted(dag, stage, nowMs);
    return;
  }
  const key = dag.nextKey++;
  const attempt = stage.nextAttempt++;
  dag.move(stage, { tag: 'submitted', key, attempt });
  stage.submittedAtMs = nowMs;
  const partitions = positions.map((p) => stage.partitions[p]!);
  const jobId = Math.min(...stage.jobs);
  const spec = {
    key,
    stageId: stage.id,
    stageAttempt: attempt,
    jobId,
    pool: poolIn(dag.jobs.get(jobId)!.properties),
    profileId: stage.profile.id,
    cpus: stage.profile.cpus,
    executorProfileId: stage.profile.executorProfileId,
    barrier: stage.barrier,
    positions,
    partitions,
    baseTaskId: dag.tasks.reserveTaskIds(positions.length),
  };
  const set = new TaskSet(spec, nowMs);
  if (dag.settings.speculation !== undefined && !stage.barrier) {
    set.runTimes = new RunTimes();
    if (dag.settings.speculation.efficiency !== undefined) set.rates = new ProcessRates();
  }
  const rules = dag.settings.exclusion;
  if (rules !== undefined) set.exclusion = new SetExclusion(rules.inSet ?? NEVER);
  dag.tasks.add(set);
  dag.stageOfSet.set(key, stage);
  dag.log(
    'info',
    `Submitting ${isMap(stage) ? 'ShuffleMapStage' : 'ResultStage'} ${stage.id} (${rddName(stage.rdd)}), which has no missing parents`,
  );
  dag.log(
    'info',
    `Submitting ${set.size} missing tasks from ${stageName(stage)} (first 15 tasks are for partitions Vector(${partitions.slice(0, 15).join(', ')}))`,
  );
  dag.effects.push({ tag: 'stageSubmitted', stage, attempt, tasks: set.size, atMs: nowMs });
  dag.effects.push({ tag: 'prepareTaskSet', key, stage, attempt });
}

export function submitWaiting(dag: DagState, nowMs: number): void {
  const seen = new Set<Stage>();
  for (const [, job] of dag.jobs) submitStage(dag, job.finalStage, nowMs, seen);
}

export function partitionDone(dag: DagState, stage: Stage, position: number, output: MapOutput | undefined): void {
  stage.done[position] = 1;
  stage.doneCount++;
  if (stage.dependency === undefined) return;
  invariant(output, `a map task of stage ${stage.id} ended without its output`);
  dag.outputs.register(stage.dependency.shuffleId, output);
}

/** What an abandoned attempt still brought need not be made again by the attempt that followed it. */
export function shareWithOthers(dag: DagState, stage: Stage, from: TaskSet, position: number, nowMs: number): void {
  for (const other of dag.tasks.sets.filter((s) => s !== from && s.spec.stageId === stage.id)) {
    const index = other.spec.positions.indexOf(position);
    if (index >= 0) other.skip(index);
    if (other.doneCount === other.size) setExhausted(dag, stage, other, nowMs);
  }
  if (from.doneCount === from.size) dag.endSet(from, '');
}

export function stageCompleted(dag: DagState, stage: Stage, nowMs: number): void {
  if (stage.state.tag === 'DONE' || stage.state.tag === 'ABORTED') return;
  if (dag.merges !== undefined && waitsForMerge(dag, stage)) return;
  dag.log('info', `${stageName(stage)} finished in ${Math.round(nowMs - stage.submittedAtMs)} ms`);
  stage.fetchFailures = 0;
  dag.endSets(stage, 'Stage finished');
  dag.effects.push({ tag: 'stageEnded', stage, failure: undefined, atMs: nowMs });
  dag.move(stage, { tag: 'completed' });
  if (isMap(stage)) {
    for (const child of [...stage.children]) submitStage(dag, child, nowMs, new Set());
    return;
  }
  for (const jobId of [...stage.jobs]) endJob(dag, dag.jobs.get(jobId)!, undefined, nowMs);
}

/** Its tasks have ended; it runs on until its shuffle is merged (merge-endings.ts). */
function waitsForMerge(dag: DagState, stage: Stage): boolean {
  if (stage.dependency === undefined) return false;
  const { shuffleId } = stage.dependency;
  if (!dag.merges!.hold(shuffleId, stage.partitions.length, dag.outputs.bytes(shuffleId), dag.effects)) return false;
  dag.endSets(stage, 'Stage finished');
  return true;
}

/** The stage's merge is over. Map outputs may have been lost meanwhile: then their tasks run again, and push no more. */
export function mergeOver(dag: DagState, stage: Stage, nowMs: number): void {
  if (stage.doneCount === stage.partitions.length) {
    stageCompleted(dag, stage, nowMs);
    return;
  }
  if (stage.state.tag !== 'RUNNING' || dag.tasks.set(stage.state.key) !== undefined) return;
  dag.effects.push({ tag: 'stageEnded', stage, failure: undefined, atMs: nowMs });
  dag.move(stage, { tag: 'incomplete' });
  submitStage(dag, stage, nowMs, new Set());
}

/** All tasks of a set are done, but the stage is not: outputs were lost meanwhile, or other attempts hold the rest. */
export function setExhausted(dag: DagState, stage: Stage, set: TaskSet, nowMs: number): void {
  dag.endSet(set, '');
  if (stage.state.tag !== 'RUNNING' || stage.state.key !== set.spec.key) return;
  dag.effects.push({ tag: 'stageEnded', stage, failure: undefined, atMs: nowMs });
  dag.move(stage, { tag: 'incomplete' });
  submitStage(dag, stage, nowMs, new Set());
}

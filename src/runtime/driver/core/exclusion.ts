// Exclusion of executors and hosts where tasks fail, put together: failures in, what is excluded and what is allowed again out as effects, and
// the end of a set that no executor may run any more. The rules are set-exclusion.ts and health-tracker.ts. Source: the calls of
// TaskSetManager.handleFailedTask, TaskSchedulerImpl.resourceOffers and TaskSetManager.abortIfCompletelyExcluded.
import { AppError } from '../../../common/errors.ts';
import type { DagState } from './dag-state.ts';
import { abortStage } from './end-jobs.ts';
import type { Excluded } from './set-exclusion.ts';
import type { Slot } from './task-scheduler.ts';
import { PENDING, type TaskSet } from './task-set.ts';

/** A failure that counts towards spark.task.maxFailures. @param text the line of the log */
export function noteFailure(dag: DagState, set: TaskSet, index: number, at: Slot | undefined, text: string, nowMs: number): void {
  if (set.exclusion === undefined || at === undefined) return;
  const { stageId, stageAttempt: attemptId } = set.spec;
  const found = set.exclusion.failed(index, at.executorId, at.host, text);
  dag.effects.push({ tag: 'reviewAfter', afterMs: 0 }); // when the slot has been told to be idle
  for (const what of found) {
    tell(
      dag,
      `Excluding ${nameOf(what)} for stage ${set.name}: ${what.failures} ${what.kind === 'executor' ? 'tasks' : 'executors'} failed there`,
    );
    dag.effects.push({ tag: 'exclusion', ...what, excluded: true, stage: { stageId, attemptId }, atMs: nowMs });
  }
}

/** Every task of the set has succeeded, though some failed before: that was the executor's fault. */
export function noteSuccess(dag: DagState, set: TaskSet, nowMs: number): void {
  const { health } = dag.tasks;
  if (health === undefined || set.exclusion === undefined || set.exclusion.isEmpty) return;
  excluded(dag, health.setSucceeded(set.spec, set.exclusion, nowMs), nowMs);
}

export function noteFetchFailure(dag: DagState, executorId: string, nowMs: number): void {
  const { health, settings } = dag.tasks;
  const { exclusion } = settings;
  if (health === undefined || exclusion === undefined || exclusion.fetchFailure === 'off') return;
  const host = [...dag.tasks.slots.values()].find((slot) => slot.executorId === executorId)?.host;
  excluded(dag, health.fetchFailed(executorId, host, exclusion.fetchFailure === 'node', nowMs), nowMs);
}

/** Exclusions that are over end; sets that no executor may run are given another executor or end. */
export function reviewExclusions(dag: DagState, nowMs: number): void {
  if (dag.settings.exclusion === undefined) return;
  for (const what of dag.tasks.health?.expire(nowMs) ?? []) {
    tell(dag, `Removing ${nameOf(what)} from the exclude list because its time is over`);
    dag.effects.push({ tag: 'exclusion', ...what, excluded: false, stage: undefined, atMs: nowMs });
  }
  if (dag.tasks.slots.size === 0) return;
  for (const set of [...dag.tasks.sets]) if (!set.zombie && set.ready) review(dag, set, nowMs);
}

function excluded(dag: DagState, found: readonly Excluded[], nowMs: number): void {
  const { exclusion } = dag.settings;
  for (const what of found) {
    tell(dag, `Excluding ${nameOf(what)} for the application for ${exclusion!.timeoutMs} ms`);
    dag.effects.push({ tag: 'exclusion', ...what, excluded: true, stage: undefined, atMs: nowMs });
    if (!exclusion!.killExcluded) continue;
    const gone = new Set(
      [...dag.tasks.slots.values()].filter((s) => (what.kind === 'node' ? s.host : s.executorId) === what.id).map((s) => s.executorId),
    );
    for (const executorId of gone)
      dag.effects.push({
        tag: 'replaceExecutor',
        executorId,
        reason: 'it is excluded, and spark.excludeOnFailure.killExcludedExecutors is set',
      });
  }
  if (found.length > 0) dag.effects.push({ tag: 'reviewAfter', afterMs: exclusion!.timeoutMs });
}

function review(dag: DagState, set: TaskSet, nowMs: number): void {
  const index = stuckTask(dag, set);
  if (index < 0) {
    set.stuckUntilMs = undefined;
    return;
  }
  if (set.stuckUntilMs === undefined) {
    const idle = idleExecutor(dag, set);
    if (idle !== undefined || dag.tasks.slots.size < dag.tasks.expectedSlots) {
      const { unschedulableMs } = dag.settings.exclusion!;
      set.stuckUntilMs = nowMs + unschedulableMs;
      const why = `task ${index} of stage ${set.name} can run on no executor, because of failures`;
      if (idle !== undefined) dag.effects.push({ tag: 'replaceExecutor', executorId: idle, reason: why });
      dag.effects.push({ tag: 'reviewAfter', afterMs: unschedulableMs });
      return;
    }
  } else if (nowMs < set.stuckUntilMs) return;
  const reason =
    `Aborting TaskSet ${set.name} because task ${index} (partition ${set.spec.partitions[index]})\n` +
    `cannot run anywhere due to node and executor excludeOnFailure.\nMost recent failure:\n${set.exclusion?.latest ?? ''}\n\n` +
    'ExcludeOnFailure behavior can be configured via spark.excludeOnFailure.*.\n';
  abortStage(dag, dag.stageOfSet.get(set.spec.key)!, new AppError('JOB_ABORTED', { reason }), nowMs);
}

/** A pending task that may run on none of the slots. @returns -1: none */
function stuckTask(dag: DagState, set: TaskSet): number {
  if (set.pendingCount === 0 || (set.exclusion?.isEmpty !== false && dag.tasks.health?.isEmpty !== false)) return -1;
  const open = dag.tasks.usable(set);
  if (open.length === 0) return someSlot(dag, set) ? set.state.indexOf(PENDING) : -1;
  for (let index = 0; index < set.size; index++) {
    if (set.state[index] !== PENDING || set.failures[index] === 0) continue;
    if (!open.some(({ executorId, host }) => set.exclusion?.barsTask(index, executorId, host) !== true)) return index;
  }
  return -1;
}

/** Whether its profile has executors: those that are on their way may run it. */
const someSlot = (dag: DagState, set: TaskSet): boolean =>
  dag.tasks.slots.values().some(({ profileId }) => profileId === set.executorProfileId);

function idleExecutor(dag: DagState, set: TaskSet): string | undefined {
  const idle = new Map<string, boolean>();
  for (const [, { executorId, inFlight, profileId }] of dag.tasks.slots)
    if (profileId === set.executorProfileId) idle.set(executorId, inFlight === 0 && idle.get(executorId) !== false);
  for (const [executorId, isIdle] of idle) if (isIdle) return executorId;
  return undefined;
}

const nameOf = ({ kind, id }: Excluded): string => `${kind} ${id}`;
const tell = (dag: DagState, text: string) => dag.effects.push({ tag: 'log', level: 'warn', name: 'HealthTracker', text });

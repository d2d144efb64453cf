// Executors and their block managers: added, removed, excluded, their memory figures. Source: Spark's AppStatusListener.
import type { RareEvent } from '../events.ts';
import { LiveExecutor } from './entities.ts';
import { removeExecutorBlocks } from './reduce-storage.ts';
import { forget, type StatusState } from './status-state.ts';

type ExecutorEvent = Extract<
  RareEvent,
  {
    tag:
      | 'executorAdded'
      | 'executorRemoved'
      | 'executorExcluded'
      | 'executorUnexcluded'
      | 'nodeExcluded'
      | 'nodeUnexcluded'
      | 'blockManagerAdded'
      | 'blockManagerRemoved'
      | 'executorMetricsUpdate'
      | 'stageExecutorMetrics';
  }
>;

export function reduceExecutors(state: StatusState, event: ExecutorEvent): void {
  switch (event.tag) {
    case 'executorAdded': {
      const executor = open(state, event.executorId, event.atMs);
      executor.host = event.host;
      executor.hostPort ??= event.hostPort;
      executor.isActive = true;
      executor.totalCores = event.totalCores;
      executor.maxTasks = Math.max(0, Math.floor(event.totalCores / cpusPerTask(state, event.resourceProfileId)));
      executor.logUrls = event.logUrls;
      executor.attributes = event.attributes;
      executor.resourceProfileId = event.resourceProfileId;
      return;
    }
    case 'executorRemoved': {
      const executor = state.executors.get(event.executorId);
      if (executor === undefined || !executor.isActive) return;
      executor.isActive = false;
      executor.removedAtMs = event.atMs;
      executor.removeReason = event.reason;
      executor.activeTasks = 0;
      removeExecutorBlocks(state, executor);
      return forgetDead(state);
    }
    case 'executorExcluded':
    case 'executorUnexcluded': {
      const executor = state.executors.get(event.executorId);
      if (executor !== undefined) exclude(state, [executor], event.tag === 'executorExcluded', event.stage);
      return;
    }
    case 'nodeExcluded':
    case 'nodeUnexcluded': {
      const there = [...state.executors.values()].filter((e) => e.host === event.host && e.isActive);
      return exclude(state, there, event.tag === 'nodeExcluded', event.stage);
    }
    case 'blockManagerAdded': {
      const executor = open(state, event.id.executorId, event.atMs);
      executor.host ||= event.id.host;
      executor.hostPort = `${event.id.host}:${event.id.port}`;
      executor.totalOnHeap = event.maxOnHeapBytes;
      executor.totalOffHeap = event.maxOffHeapBytes;
      // Blocks are reported again after this: what was counted would count twice.
      executor.usedOnHeap = 0;
      executor.usedOffHeap = 0;
      executor.maxMemory = event.maxMemoryBytes;
      return;
    }
    case 'blockManagerRemoved':
      return; // executorRemoved says it
    case 'executorMetricsUpdate': {
      const executor = state.executors.get(event.executorId);
      if (executor === undefined) return;
      executor.current = event.metrics;
      executor.peaks.take(event.metrics);
      for (const stage of state.stages.values()) {
        const summary = stage.status === 'ACTIVE' ? stage.executors.get(event.executorId) : undefined;
        if (summary === undefined) continue;
        summary.peaks.take(event.metrics);
        stage.peaks.take(event.metrics);
      }
      return;
    }
    case 'stageExecutorMetrics': {
      state.executors.get(event.executorId)?.peaks.take(event.peaks);
      const stage = state.stage(event.stageId, event.attemptId);
      stage?.peaks.take(event.peaks);
      stage?.executor(event.executorId).peaks.take(event.peaks);
    }
  }
}

/** The driver is one too, and may never be added. */
function open(state: StatusState, executorId: string, atMs: number): LiveExecutor {
  let executor = state.executors.get(executorId);
  if (executor === undefined || (!executor.isActive && executorId !== 'driver')) {
    executor = new LiveExecutor(executorId, atMs);
    state.executors.set(executorId, executor);
  }
  return executor;
}

function cpusPerTask(state: StatusState, profileId: number): number {
  const asked = state.profiles.get(profileId)?.taskResources.find(([name]) => name === 'cpus')?.[1];
  const fallback = Number(state.environment?.sparkProperties.find(([name]) => name === 'spark.task.cpus')?.[1] ?? 1);
  return Math.max(1, Math.trunc(asked ?? fallback) || 1);
}

function exclude(
  state: StatusState,
  executors: readonly LiveExecutor[],
  excluded: boolean,
  stage: { stageId: number; attemptId: number } | undefined,
): void {
  for (const executor of executors) {
    if (stage === undefined) executor.isExcluded = excluded;
    else {
      if (excluded) executor.excludedInStages.add(stage.stageId);
      else executor.excludedInStages.delete(stage.stageId);
      const summary = state.stage(stage.stageId, stage.attemptId)?.executor(executor.id);
      if (summary !== undefined) summary.isExcluded = excluded;
    }
  }
}

function forgetDead(state: StatusState): void {
  const dead = [...state.executors.values()].filter((e) => !e.isActive);
  forget(
    dead.length,
    state.retention.deadExecutors,
    () => dead.map((e) => e.id),
    (id) => state.executors.delete(id),
  );
}

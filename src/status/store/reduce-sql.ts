// SQL executions: their plans, jobs, and metrics from tasks and driver. Source: Spark's SQLAppStatusListener.
import type { RareEvent, SqlPlanInfo, TaskEnd } from '../events.ts';
import { LiveSql, type LiveStage } from './entities.ts';
import { forget, type StatusState } from './status-state.ts';

type SqlEvent = Extract<
  RareEvent,
  { tag: 'sqlExecutionStart' | 'sqlAdaptiveUpdate' | 'sqlAdaptiveMetrics' | 'sqlDriverAccumUpdates' | 'sqlExecutionEnd' }
>;

export function reduceSql(state: StatusState, event: SqlEvent): void {
  if (event.tag === 'sqlExecutionStart') {
    const execution = new LiveSql(event);
    learnTypes(execution, event.plan);
    state.sql.set(event.executionId, execution);
    return forget(
      state.sql.size,
      state.retention.sqlExecutions,
      () =>
        [...state.sql.values()]
          .filter((e) => e.completedAtMs !== undefined)
          .sort((a, b) => a.completedAtMs! - b.completedAtMs!)
          .map((e) => e.executionId),
      (id) => state.sql.delete(id),
    );
  }
  const execution = state.sql.get(event.executionId);
  if (execution === undefined) return;
  switch (event.tag) {
    case 'sqlAdaptiveUpdate':
      execution.plan = event.plan;
      execution.planDescription = event.physicalPlanDescription;
      return learnTypes(execution, event.plan);
    case 'sqlAdaptiveMetrics':
      for (const { accumulatorId, metricType } of event.metrics) execution.metricTypes.set(accumulatorId, metricType);
      return;
    case 'sqlDriverAccumUpdates':
      for (const [id, value] of event.updates) execution.driverValues.set(id, value);
      return;
    case 'sqlExecutionEnd':
      execution.completedAtMs = event.atMs;
      execution.errorMessage = event.errorMessage || undefined;
  }
}

function learnTypes(execution: LiveSql, plan: SqlPlanInfo): void {
  for (const { accumulatorId, metricType } of plan.metrics) execution.metricTypes.set(accumulatorId, metricType);
  for (const child of plan.children) learnTypes(execution, child);
}

/** A task's SQL metrics; those of failed tasks do not count. */
export function takeSqlMetrics(state: StatusState, stage: LiveStage, task: TaskEnd): void {
  if (task.reason.tag !== 'Success') return;
  for (const execution of state.sql.values()) {
    if (!execution.stageIds.has(stage.info.stageId)) continue;
    for (const { id, update } of task.accumulables) {
      if (!execution.metricTypes.has(id)) continue;
      const value = Number(update);
      if (!Number.isFinite(value)) continue;
      const values = execution.values.get(id);
      if (values === undefined) execution.values.set(id, [value]);
      else values.push(value);
      if (value > (execution.largest.get(id)?.value ?? Number.NEGATIVE_INFINITY))
        execution.largest.set(id, { value, stageId: stage.info.stageId, attemptId: stage.info.attemptId, taskId: task.taskId });
    }
  }
}

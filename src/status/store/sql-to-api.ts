// An SQL execution as the REST API's object: status, jobs, plan graph with the metrics' texts. Source: Spark's SqlResource.
import type { SqlExecutionData, SqlNode } from './api-types.ts';
import type { LiveSql } from './entities.ts';
import { planGraph } from './sql-graph.ts';
import { sqlMetricText } from './sql-metrics.ts';

export function sqlExecutionData(sql: LiveSql, nowMs: number): SqlExecutionData {
  const { nodes, edges } = planGraph(sql.plan);
  const jobs = [...sql.jobs.values()];
  const withStatus = (status: string) => jobs.filter((job) => job.status === status).map((job) => job.jobId);
  const failed = withStatus('FAILED');
  const running = withStatus('RUNNING');
  return {
    id: sql.executionId,
    status:
      sql.completedAtMs === undefined || running.length > 0 ? 'RUNNING' : failed.length > 0 || sql.errorMessage ? 'FAILED' : 'COMPLETED',
    description: sql.description,
    planDescription: sql.planDescription,
    submissionTimeMs: sql.submittedAtMs,
    duration: (sql.completedAtMs ?? nowMs) - sql.submittedAtMs,
    runningJobIds: running,
    successJobIds: withStatus('SUCCEEDED'),
    failedJobIds: failed,
    nodes: nodes
      .map(
        (node): SqlNode => ({
          nodeId: node.nodeId,
          nodeName: node.nodeName,
          ...(node.wholeStageCodegenId !== undefined && { wholeStageCodegenId: node.wholeStageCodegenId }),
          metrics: node.metrics.flatMap(({ name, accumulatorId, metricType }) => {
            const value = valueOf(sql, accumulatorId, metricType);
            return value === undefined ? [] : [{ name, value }];
          }),
        }),
      )
      .reverse(),
    edges,
  };
}

function valueOf(sql: LiveSql, accumulatorId: number, metricType: string): string | undefined {
  const driver = sql.driverValues.get(accumulatorId);
  const values = [...(sql.values.get(accumulatorId) ?? []), ...(driver === undefined ? [] : [driver])];
  return values.length === 0 ? undefined : sqlMetricText(metricType, values, sql.largest.get(accumulatorId));
}

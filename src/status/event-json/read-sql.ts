// SQL events of a parsed line; for read.ts, which has the rest. Source: Spark's SQLListener.scala.
import type { RareEvent, SqlPlanInfo } from '../events.ts';
import { type Json, list, maybeNumber, maybeText, number, object, objects, pairs, text } from './fields.ts';

export type Reader = (json: Json) => RareEvent | readonly RareEvent[];

const readMetric = (metric: Json): SqlPlanInfo['metrics'][number] => ({
  name: text(metric, 'name'),
  accumulatorId: number(metric, 'accumulatorId'),
  metricType: text(metric, 'metricType', 'sum'),
});

const readPlan = (json: Json): SqlPlanInfo => ({
  nodeName: text(json, 'nodeName'),
  simpleString: text(json, 'simpleString', ''),
  children: objects(json, 'children').map(readPlan),
  metadata: Object.fromEntries(pairs(json, 'metadata')),
  metrics: objects(json, 'metrics').map(readMetric),
});

export const SQL_READERS: Readonly<Record<string, Reader>> = {
  SparkListenerSQLExecutionStart: (json) => ({
    tag: 'sqlExecutionStart',
    executionId: number(json, 'executionId'),
    rootExecutionId: maybeNumber(json, 'rootExecutionId'),
    description: text(json, 'description', ''),
    details: text(json, 'details', ''),
    physicalPlanDescription: text(json, 'physicalPlanDescription', ''),
    plan: readPlan(object(json, 'sparkPlanInfo')),
    atMs: number(json, 'time', 0),
    modifiedConfigs: pairs(json, 'modifiedConfigs'),
    jobTags: list(json, 'jobTags') as readonly string[],
  }),
  SparkListenerSQLAdaptiveExecutionUpdate: (json) => ({
    tag: 'sqlAdaptiveUpdate',
    executionId: number(json, 'executionId'),
    physicalPlanDescription: text(json, 'physicalPlanDescription', ''),
    plan: readPlan(object(json, 'sparkPlanInfo')),
  }),
  SparkListenerSQLAdaptiveSQLMetricUpdates: (json) => ({
    tag: 'sqlAdaptiveMetrics',
    executionId: number(json, 'executionId'),
    metrics: objects(json, 'sqlPlanMetrics').map(readMetric),
  }),
  SparkListenerDriverAccumUpdates: (json) => ({
    tag: 'sqlDriverAccumUpdates',
    executionId: number(json, 'executionId'),
    updates: list(json, 'accumUpdates') as readonly (readonly [number, number])[],
  }),
  SparkListenerSQLExecutionEnd: (json) => ({
    tag: 'sqlExecutionEnd',
    executionId: number(json, 'executionId'),
    atMs: number(json, 'time', 0),
    errorMessage: maybeText(json, 'errorMessage') || undefined,
  }),
};

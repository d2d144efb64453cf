// The driver's listener bus as the SQL engine sees it (sql/engine/sql-executions.ts): events, ids of metrics, and the user's line.
import { userFrames } from '../common/user-frames.ts';
import type { SparkContext } from './driver/service/spark-context.ts';
import type { SqlEvents } from './sql/engine/sql-executions.ts';

export function sqlEvents(context: SparkContext, engineDir: string): SqlEvents {
  return {
    active: () => context.hasListeners,
    post: (event) => context.postEvent(event),
    newAccumulatorId: () => context.newAccumulatorId(),
    newMetric: (name) => context.accumulator('sql', name),
    newList: () => context.collectionAccumulator(),
    callSite: (method) => ({ short: context.callSite(method), long: userFrames(new Error(), engineDir).replace(/^\s+/gm, '') }),
    jobTags: () => [...context.getJobTags()],
  };
}

// Peaks of each executor's memory and garbage collection while a stage ran, out of its heartbeats (spark.eventLog.logStageExecutorMetrics).
// Source: Spark's EventLoggingListener.liveStageExecutorMetrics.
import type { RareEvent } from '../../../status/events.ts';
import { EXECUTOR_METRICS, type ExecutorMetricName } from '../../../status/executor-metrics.ts';

type Peaks = Map<string, Partial<Record<ExecutorMetricName, number>>>;

export class StagePeaks {
  readonly #put: (event: RareEvent) => void;
  readonly #stages = new Map<string, { readonly stageId: number; readonly attemptId: number; readonly executors: Peaks }>();

  constructor(put: (event: RareEvent) => void) {
    this.#put = put;
  }

  on(event: RareEvent): void {
    if (event.tag === 'stageSubmitted') {
      const { stageId, attemptId } = event.stage;
      this.#stages.set(`${stageId}.${attemptId}`, { stageId, attemptId, executors: new Map() });
    } else if (event.tag === 'executorMetricsUpdate') {
      for (const [, { executors }] of this.#stages) {
        const peaks = executors.get(event.executorId) ?? {};
        for (const name of EXECUTOR_METRICS) peaks[name] = Math.max(peaks[name] ?? 0, event.metrics[name] ?? 0);
        executors.set(event.executorId, peaks);
      }
    } else if (event.tag === 'stageCompleted') {
      const { stageId, attemptId } = event.stage;
      const stage = this.#stages.get(`${stageId}.${attemptId}`);
      this.#stages.delete(`${stageId}.${attemptId}`);
      for (const [executorId, peaks] of stage?.executors ?? [])
        this.#put({ tag: 'stageExecutorMetrics', executorId, stageId, attemptId, peaks });
    }
  }
}

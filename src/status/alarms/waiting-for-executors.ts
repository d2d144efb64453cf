// Waiting for executors: the cluster manager has not granted what was asked for, and says why.
import type { Alarm } from '../store/status-view.ts';
import { ms } from './facts.ts';

const PATIENCE_MS = 2_000;

export type Waiting = { readonly sinceMs: number; readonly wanted: number; readonly reason: string };

/** @param running executors that are there */
export function waitingForExecutors(waiting: Waiting | undefined, running: number, nowMs: number): Alarm | undefined {
  if (waiting === undefined || nowMs - waiting.sinceMs < PATIENCE_MS) return undefined;
  return {
    kind: 'waitingForExecutors',
    severity: running === 0 ? 'serious' : 'warning',
    stageId: undefined,
    attemptId: undefined,
    message: `${waiting.wanted} executor${waiting.wanted === 1 ? '' : 's'} asked for ${ms(nowMs - waiting.sinceMs)} ago and not granted: ${waiting.reason}`,
    advice:
      running === 0
        ? 'Nothing can run until then. Ask for less (spark.executor.memory, spark.executor.cores, spark.executor.instances), use another queue (spark.yarn.queue), or see `emberloom queue list` and `emberloom application list` for who has the space.'
        : `It works with ${running} so far. Ask for fewer (spark.executor.instances), or let the number follow the work: spark.dynamicAllocation.enabled=true.`,
  };
}

// A query that ends with its job group, its tags or all jobs: in the kernel of this process by a signal, in stages also between two of them, when there is
// no job to be cancelled. Source: SparkContext.cancelJobGroup, and OPERATION_CANCELED of Spark 4.2.
import type { SqlCluster } from '../../rdd/sql-fragment.ts';
import { SparkRuntimeException } from '../errors/spark-error.ts';
import type { SqlPorts } from './sql-ports.ts';

/** @param run is given the signal, whose reason is the error to end with */
export async function* whileNotCancelled<T>({ beginWork }: SqlPorts, run: (signal: AbortSignal) => AsyncGenerator<T>): AsyncGenerator<T> {
  const cancelled = new AbortController();
  const end = beginWork?.((reason) => cancelled.abort(operationCancelled(reason)));
  try {
    yield* run(cancelled.signal);
  } finally {
    end?.();
  }
}

/** The executors for a query none of whose stages begins when it is cancelled. */
export const untilCancelled = (cluster: SqlCluster, signal: AbortSignal | undefined): SqlCluster =>
  signal === undefined
    ? cluster
    : {
        ...cluster,
        slots: cluster.slots,
        async exchange(...args) {
          signal.throwIfAborted();
          return cluster.exchange(...args);
        },
        async collect(...args) {
          signal.throwIfAborted();
          return cluster.collect(...args);
        },
      };

function operationCancelled(reason: string): SparkRuntimeException {
  const made = new SparkRuntimeException('OPERATION_CANCELED');
  made.cause = new Error(reason);
  return made;
}

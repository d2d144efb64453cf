// The kernel's words for what failed on a value → Spark's condition. Kernels of functions raise Spark's sentence themselves (`error('[…] …')`);
// what DuckDB finds on its own (overflow, casts) is told apart here.
import { SparkRuntimeException } from '../errors/spark-error.ts';

export function asSqlError(error: Error): Error {
  const raised = /\[([A-Z_]+(?:\.[A-Z_]+)?)\]/.exec(error.message);
  if (raised !== null) return new SparkRuntimeException(raised[1]!, {}, undefined, error.message.slice(raised.index));
  return error;
}

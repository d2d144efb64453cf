// Why a task attempt ended, from our errors to Spark's TaskEndReason. Source: Spark's TaskEndReason.scala.
import { sentence } from '../../../common/errors.ts';
import type { TaskEndReason } from '../../../status/events.ts';
import type { TaskError } from '../core/task-error.ts';

type Thrown = { name: string; message: string; stack: string };
type Lost = { shuffleId: number; mapIndex: number; mapTaskId: number; reduceId: number; executorId: string };

/** The user's frames: lines of the stack behind its message. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');

/** @param hostOf of an executor; `` when it is not known */
export function reasonOf({ code, params }: TaskError, hostOf: (executorId: string) => string): TaskEndReason {
  switch (code) {
    case 'TASK_FAILED': {
      const { name, message, stack } = params as Thrown;
      return { tag: 'ExceptionFailure', className: name, description: message, stack: framesOf(stack) };
    }
    case 'FETCH_FAILED': {
      const { shuffleId, mapIndex, mapTaskId, reduceId, executorId } = params as Lost;
      const message = sentence(code, params as never);
      return { tag: 'FetchFailed', shuffleId, mapId: mapTaskId, mapIndex, reduceId, executorId, host: hostOf(executorId), message };
    }
    case 'TASK_KILLED':
      return { tag: 'TaskKilled', reason: (params as { reason: string }).reason };
    case 'TASK_RESULT_LOST':
      return { tag: 'TaskResultLost' };
    default:
      return { tag: 'ExceptionFailure', className: code, description: sentence(code, params as never), stack: '' };
  }
}

/** Of tasks on a slot that is gone. @param blame whether what ran there can have caused it */
export function lossOf(error: TaskError, executorId: string, blame: boolean): TaskEndReason {
  if (error.code !== 'EXECUTOR_LOST') return reasonOf(error, () => '');
  return { tag: 'ExecutorLostFailure', executorId, causedByApp: blame, reason: (error.params as { reason: string }).reason };
}

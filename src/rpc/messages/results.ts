// Results of tasks that are too large to be told directly, on the way to the driver: it reads them from the block server of the executor
// that keeps them, piece by piece. The executor's side is runtime/executor/result-blocks.ts, the driver's driver/service/result-fetcher.ts.
import { bytes, object, whole } from '../../common/shape.ts';
import { definePush, defineRpc } from '../define-rpc.ts';

export const resultRead = defineRpc({
  version: 1,
  name: 'result.read',
  from: 'driver',
  to: 'executor',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'A piece of the result of a task. An error, or an executor that is gone, means that the result is lost: the task runs again (TaskResultLost).',
  request: object({ taskId: whole, index: whole }),
  reply: object({ data: bytes }),
  errors: ['BLOCK_CORRUPT'],
});

export const resultRemove = definePush({
  version: 1,
  name: 'result.remove',
  from: 'driver',
  to: 'executor',
  doc: 'Nobody wants this result any more: it was fetched, or its job has ended. One that is lost stays until the executor ends.',
  body: object({ taskId: whole }),
});

export const resultMessages = [resultRead, resultRemove] as const;

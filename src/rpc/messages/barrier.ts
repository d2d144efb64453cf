// A slot ↔ driver: the meetings of the tasks of a barrier stage (runtime/driver/service/barrier-coordinator.ts).
import { list, object, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

export const barrierJoin = defineRpc({
  version: 1,
  name: 'barrier.join',
  from: 'slot',
  to: 'driver',
  timeoutMs: 60_000,
  safeToRepeat: true,
  doc: 'A task of a barrier stage begins. The reply names the hosts of all its tasks, in the order of their partitions.',
  request: object({ stageKey: whole }),
  reply: object({ hosts: list(text) }),
  errors: ['BARRIER_FAILED'],
});

export const barrierSync = defineRpc({
  version: 1,
  name: 'barrier.sync',
  from: 'slot',
  to: 'driver',
  timeoutMs: 0x7fffffff,
  safeToRepeat: false,
  doc: 'A task of a barrier stage has come to its meeting number so-and-so (barrier() or allGather()). Answered when all have, with what each said.',
  request: object({ stageKey: whole, taskId: whole, meeting: whole, kind: text, message: text }),
  reply: object({ messages: list(text) }),
  errors: ['BARRIER_FAILED'],
});

export const barrierMessages = [barrierJoin, barrierSync] as const;

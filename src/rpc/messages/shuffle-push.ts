// Push-based shuffle: executors push the small blocks of their map outputs to shuffle services, which put those of one reduce partition behind one
// another; the driver ends it and hears what was merged. Reading merged files is block.fetch (shuffle.ts). Who proves what is as there.
// Source: Spark's PushBlockStream, FinalizeShuffleMerge, MergeStatuses, ShufflePushCompletion.
import { bytes, list, object, text, whole } from '../../common/shape.ts';
import { definePush, defineRpc } from '../define-rpc.ts';

/** The most bytes and blocks of one push. */
export const PUSH_BYTES = 16 * 1024 * 1024;
export const PUSH_BLOCKS = 10_000;

/** attempt: of the application; shuffle ids begin anew with each. */
const merge = { shuffleId: whole, attempt: whole };

export const shufflePush = defineRpc({
  version: 1,
  name: 'shuffle.push',
  from: 'executor',
  to: 'shuffle service',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'Blocks of one map task for several reduce partitions, one behind another in data. Each is merged once, whichever attempt of the task brings it. The reply counts what became of them: merged (now or before), late (the merge is finalized, or a newer attempt of the application has begun: push no more), failed (not written).',
  request: object({
    ...merge,
    mapIndex: whole,
    blocks: list(object({ reduceId: whole, lengthBytes: whole, checksum: whole }), PUSH_BLOCKS),
    data: bytes,
  }),
  reply: object({ merged: whole, late: whole, failed: whole }),
  errors: ['BAD_MESSAGE'],
});

export const shuffleFinalize = defineRpc({
  version: 1,
  name: 'shuffle.finalize',
  from: 'driver',
  to: 'shuffle service',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'The map stage has ended: nothing more is merged. The reply names each reduce partition that has a merged file, the bytes and index records of it that count, and (bit mapIndex) which map tasks are in it.',
  request: object(merge),
  reply: object({ partitions: list(object({ reduceId: whole, file: text, lengthBytes: whole, blocks: whole, maps: bytes }), 1_000_000) }),
  errors: [],
});

export const shuffleMergers = defineRpc({
  version: 1,
  name: 'shuffle.mergers',
  from: 'executor',
  to: 'driver',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'Where the blocks of a shuffle are pushed: addresses of shuffle services, the reduce partitions dealt out among them in order. None: too few services are known yet, or the merge has ended.',
  request: object({ shuffleId: whole }),
  reply: object({ mergers: list(text, 100_000), attempt: whole }),
  errors: [],
});

export const shufflePushed = definePush({
  version: 1,
  name: 'shuffle.pushed',
  from: 'executor',
  to: 'driver',
  doc: 'The blocks of a map task have all been pushed, or given up. Lost: the driver finalizes when spark.shuffle.push.finalize.timeout is over.',
  body: object({ shuffleId: whole, mapIndex: whole }),
});

export const shufflePushMessages = [shufflePush, shuffleFinalize, shuffleMergers, shufflePushed] as const;

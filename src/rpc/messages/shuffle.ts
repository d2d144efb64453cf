// The block protocol: who has shuffle files serves ranges of them by file name. Served by each executor (runtime/executor/block-server.ts) and,
// for executors that are gone, by the shuffle service of the NodeManager (nodemanager/service/shuffle-service.ts). Readers prove themselves as
// `block:<applicationId>/<executorId>` with the application's secret. Source: Spark's BlockTransferService and ExternalBlockHandler.
import { bytes, list, object, optional, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

/** The most that one reply may hold. */
export const FETCH_BYTES = 1024 * 1024;
/** Ranges of one batch. */
export const FETCH_RANGES = 2048;

const range = object({ file: text, offset: whole, lengthBytes: whole });

export const blockFetch = defineRpc({
  version: 1,
  name: 'block.fetch',
  from: 'executor',
  to: 'executor, shuffle service',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'A range of a shuffle data file of this application. At most 1 MiB a reply; larger blocks are asked for in pieces, a bounded number in flight.',
  request: range,
  reply: object({ data: bytes }),
  errors: ['BLOCK_CORRUPT'],
});

export const blockFetchBatch = defineRpc({
  version: 1,
  name: 'block.fetchBatch',
  from: 'executor',
  to: 'executor, shuffle service',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'Many small ranges at once, at most 1 MiB together. Each has its bytes or its fault: one lost file does not fail the others.',
  request: object({ ranges: list(range, FETCH_RANGES) }),
  reply: object({ parts: list(object({ data: optional(bytes), fault: optional(text) }), FETCH_RANGES) }),
  errors: ['BAD_MESSAGE'],
});

export const blockDiagnose = defineRpc({
  version: 1,
  name: 'block.diagnose',
  from: 'executor',
  to: 'executor, shuffle service',
  timeoutMs: 60_000,
  safeToRepeat: true,
  doc: "A reader got a block whose checksum is wrong: what is the writer's (4 bytes at checksumOffset of <file>.index), and what does the file give now? When they differ the disk is to blame, when they agree the network.",
  request: object({ file: text, offset: whole, lengthBytes: whole, checksumOffset: whole }),
  reply: object({ written: whole, now: whole }),
  errors: ['BLOCK_CORRUPT'],
});

export const shuffleRegister = defineRpc({
  version: 1,
  name: 'shuffle.register',
  from: 'executor',
  to: 'shuffle service',
  timeoutMs: 5_000,
  safeToRepeat: true,
  doc: 'An executor with spark.shuffle.service.enabled says where its shuffle files will lie: from then on the service reads them too, also when the executor is gone and after a restart of the NodeManager.',
  request: object({ shuffleDirs: list(text, 64) }),
  reply: object({}),
  errors: ['BAD_ARGUMENT'],
});

export const shuffleRemove = defineRpc({
  version: 1,
  name: 'shuffle.remove',
  from: 'driver',
  to: 'shuffle service',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'The files of shuffles that nobody can read any more. The reply says how many files went.',
  request: object({ shuffleIds: list(whole, 10_000) }),
  reply: object({ files: whole }),
  errors: [],
});

export const shuffleMessages = [blockFetch, blockFetchBatch, blockDiagnose, shuffleRegister, shuffleRemove] as const;

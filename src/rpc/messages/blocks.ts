// Cached partitions on the wire: what executors tell the driver of their blocks and ask it, and how blocks go from executor to executor. In the
// executor all of this is its main thread's (runtime/executor/block-service.ts), which runs no user code, so it always answers.
import { bool, bytes, list, object, optional, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

const block = { rddId: whole, partition: whole };
const level = object({ useDisk: bool, useMemory: bool, useOffHeap: bool, deserialized: bool, replication: whole });
const executors = object({ executors: list(object({ executorId: text, host: text, blockAddress: text })) });

export const blockReport = defineRpc({
  version: 1,
  name: 'block.report',
  from: 'executor',
  to: 'driver',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'What this executor holds of these blocks now, as bytes; no bytes: nothing any more. Answered before the task that made a block ends, so the next job goes where its blocks are.',
  request: object({ updates: list(object({ ...block, memoryBytes: whole, diskBytes: whole })) }),
  reply: object({}),
  errors: [],
});

export const blockLocate = defineRpc({
  version: 1,
  name: 'block.locate',
  from: 'executor',
  to: 'driver',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'Other executors that hold the block as bytes.',
  request: object(block),
  reply: executors,
  errors: [],
});

export const blockPeers = defineRpc({
  version: 1,
  name: 'block.peers',
  from: 'executor',
  to: 'driver',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'Executors that may take copies of blocks, those of other hosts first.',
  request: object({}),
  reply: executors,
  errors: [],
});

export const blockDrop = defineRpc({
  version: 1,
  name: 'block.drop',
  from: 'driver',
  to: 'executor',
  timeoutMs: 120_000,
  safeToRepeat: true,
  doc: "Forget an RDD's blocks, in memory and on disk. The reply says how many there were.",
  request: object({ rddId: whole }),
  reply: object({ blocks: whole }),
  errors: [],
});

export const shuffleRemove = defineRpc({
  version: 1,
  name: 'shuffle.remove',
  from: 'driver',
  to: 'executor',
  timeoutMs: 120_000,
  safeToRepeat: true,
  doc: 'Delete the files of a shuffle that nobody can read any more, from the folders that this executor writes to. The reply says how many there were.',
  request: object({ shuffleId: whole }),
  reply: object({ files: whole }),
  errors: [],
});

export const cachedOpen = defineRpc({
  version: 1,
  name: 'cached.open',
  from: 'executor',
  to: 'executor',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'Whether a block is there, in how many pieces, and the path of its file for readers on the same host. No pieces and no path: not there.',
  request: object(block),
  reply: object({ found: bool, pieces: whole, path: optional(text) }),
  errors: ['BLOCK_CORRUPT'],
});

export const cachedRead = defineRpc({
  version: 1,
  name: 'cached.read',
  from: 'executor',
  to: 'executor',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'A piece of a block, about 1 MiB of rows.',
  request: object({ ...block, index: whole }),
  reply: object({ data: bytes, rows: whole }),
  errors: ['BLOCK_CORRUPT'],
});

export const cachedPut = defineRpc({
  version: 1,
  name: 'cached.put',
  from: 'executor',
  to: 'executor',
  timeoutMs: 30_000,
  safeToRepeat: false,
  doc: 'The next piece of a copy. taken: false when there is no room for it; what came before is forgotten then.',
  request: object({ ...block, level, index: whole, data: bytes, rows: whole }),
  reply: object({ taken: bool }),
  errors: ['LOCAL_DISK'],
});

export const cachedCommit = defineRpc({
  version: 1,
  name: 'cached.commit',
  from: 'executor',
  to: 'executor',
  timeoutMs: 30_000,
  safeToRepeat: false,
  doc: 'The copy is whole: it is kept, and the driver is told. A connection that closes before gives it up.',
  request: object({ ...block, level }),
  reply: object({}),
  errors: ['LOCAL_DISK'],
});

export const blockMessages = [
  blockReport,
  blockLocate,
  blockPeers,
  blockDrop,
  shuffleRemove,
  cachedOpen,
  cachedRead,
  cachedPut,
  cachedCommit,
] as const;

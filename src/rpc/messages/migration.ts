// Map outputs that move: the driver tells an executor to take one over (runtime/executor/shuffle-taking.ts), and a slot whose blocks are not where
// it was told asks where they lie now (runtime/driver/service/output-places.ts).
import { bytes, object, optional, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

export const shuffleTake = defineRpc({
  version: 1,
  name: 'shuffle.take',
  from: 'driver',
  to: 'executor',
  timeoutMs: 3_600_000,
  safeToRepeat: true,
  doc: `Take over a map output of an executor or node that leaves: read data file and index (of so many reduce partitions) where they lie, on this host or by block.fetch
at blockAddress, compare all checksums, and keep them beside one's own shuffle files, or below the folder \`into\`. The reply is the path of the copy.
LOCAL_DISK: no room here, ask another. BLOCK_CORRUPT: the source can't be read, or is damaged.`,
  request: object({ file: text, host: text, blockAddress: text, partitions: whole, into: optional(text) }),
  reply: object({ file: text }),
  errors: ['LOCAL_DISK', 'BLOCK_CORRUPT', 'CONNECT_FAILED', 'CONNECTION_LOST', 'RPC_TIMEOUT'],
});

export const shuffleLocate = defineRpc({
  version: 1,
  name: 'shuffle.locate',
  from: 'slot',
  to: 'driver',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'A block was not where the stage was told: where do the outputs of the shuffle lie now? outputs are plan/stage-install.ts, encoded; absent when some are missing.',
  request: object({ shuffleId: whole }),
  reply: object({ outputs: optional(bytes) }),
  errors: [],
});

export const migrationMessages = [shuffleTake, shuffleLocate] as const;

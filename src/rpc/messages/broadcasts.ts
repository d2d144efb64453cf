// Broadcast variables on the wire: an executor asks the driver what a broadcast consists of and who has a piece of it, and other executors for
// pieces. All of it is between main threads (runtime/executor/broadcast-store.ts, runtime/driver/service/broadcasts.ts).
import { bool, bytes, list, object, optional, text, whole } from '../../common/shape.ts';
import { definePush, defineRpc } from '../define-rpc.ts';

export const broadcastOpen = defineRpc({
  version: 1,
  name: 'broadcast.open',
  from: 'executor',
  to: 'driver',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'What a broadcast variable consists of: its pieces and their CRC-32 (none: spark.broadcast.checksum is false), its size before and after compression. One that is a single piece comes with it.',
  request: object({ broadcastId: whole }),
  reply: object({ pieces: whole, sizeBytes: whole, storedBytes: whole, compressed: bool, checksums: list(whole), data: optional(bytes) }),
  errors: ['BROADCAST_MISSING'],
});

export const broadcastPiece = defineRpc({
  version: 1,
  name: 'broadcast.piece',
  from: 'executor',
  to: 'driver',
  timeoutMs: 30_000,
  safeToRepeat: true,
  doc: 'Who has a piece, best first, other than those that failed the asker; when nobody has, the piece itself. `have`: pieces that the asker has now and had not told of. keeps: others may be sent to the asker for this one.',
  request: object({ broadcastId: whole, index: whole, have: list(whole), failed: list(text), keeps: bool }),
  reply: object({ data: optional(bytes), holders: list(object({ executorId: text, host: text, blockAddress: text })) }),
  errors: ['BROADCAST_MISSING'],
});

export const broadcastHave = definePush({
  version: 1,
  name: 'broadcast.have',
  from: 'executor',
  to: 'driver',
  doc: 'Pieces that this executor has now and can serve: the last ones, of which no further broadcast.piece can tell.',
  body: object({ broadcastId: whole, have: list(whole) }),
});

export const broadcastDrop = defineRpc({
  version: 1,
  name: 'broadcast.drop',
  from: 'driver',
  to: 'executor',
  timeoutMs: 120_000,
  safeToRepeat: true,
  doc: 'Forget the pieces of a broadcast variable.',
  request: object({ broadcastId: whole }),
  reply: object({}),
  errors: [],
});

export const broadcastRead = defineRpc({
  version: 1,
  name: 'broadcast.read',
  from: 'executor',
  to: 'executor',
  timeoutMs: 10_000,
  safeToRepeat: true,
  doc: 'A piece of a broadcast variable, from the block server of an executor that has it or is just being sent it by the driver.',
  request: object({ broadcastId: whole, index: whole }),
  reply: object({ data: bytes }),
  errors: ['BROADCAST_MISSING'],
});

export const broadcastMessages = [broadcastOpen, broadcastPiece, broadcastHave, broadcastDrop, broadcastRead] as const;

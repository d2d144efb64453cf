// What a slot's thread is answered over its port: values, and errors with their code.
import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { BlockPortClient, serveSlotBlocks, type SlotBlocks } from '../../../../src/runtime/storage/block-port.ts';
import { cutBroadcast, joinBroadcast, missingPiece } from '../../../../src/runtime/storage/broadcast-pieces.ts';

const { port1, port2 } = new MessageChannel();
afterEach(() => port1.close());

it('pieces of a broadcast come over whole, a missing one as its error', async () => {
  const value = Buffer.from('0123456789'.repeat(500));
  const cut = cutBroadcast(value, { blockBytes: 1024, compress: false, checksum: true });
  const broadcast = async (id: number) => {
    if (id !== 1) throw missingPiece(id, 0);
    return cut;
  };
  serveSlotBlocks(port1, { broadcast } as unknown as SlotBlocks, () => {});
  const slot = new BlockPortClient(port2);
  const [got, again] = await Promise.all([slot.broadcast(1), slot.broadcast(1)]);
  expect(got.pieces).toHaveLength(5);
  expect(Buffer.from(joinBroadcast(got)).equals(value)).toBe(true);
  expect(Buffer.from(joinBroadcast(again)).equals(value)).toBe(true);
  const message = 'Failed to get broadcast_2_piece0 of broadcast_2';
  await expect(slot.broadcast(2)).rejects.toMatchObject({ code: 'BROADCAST_MISSING', message });
});

// The driver's copies of broadcast values, as bytes, and the door through which slots fetch them. Source: Spark's TorrentBroadcast, without
// the torrent: pieces come from the driver.
import { AppError } from '../../../common/errors.ts';
import { broadcastFetch } from '../../../rpc/messages/executor.ts';
import type { Peer } from '../../../rpc/peer.ts';

const PIECE_BYTES = 4 * 1024 * 1024;

export class Broadcasts {
  readonly #values = new Map<number, Uint8Array>();
  #nextId = 0;

  nextId(): number {
    return this.#nextId++;
  }

  put(id: number, bytes: Uint8Array): void {
    this.#values.set(id, bytes);
  }

  remove(id: number): void {
    this.#values.delete(id);
  }

  serve(slot: Peer): void {
    slot.serve(broadcastFetch, ({ broadcastId, offset }) => {
      const bytes = this.#values.get(broadcastId);
      if (bytes === undefined)
        throw new AppError('BAD_ARGUMENT', { method: 'broadcast', reason: `Broadcast(${broadcastId}) was destroyed` });
      return { data: bytes.subarray(offset, offset + PIECE_BYTES), sizeBytes: bytes.length };
    });
  }
}

// The driver's copies of broadcast variables, as pieces, and the door through which executors ask for them. It sends them to each other as soon
// as one of them has a piece (core/piece-holders.ts). The other end is executor/broadcast-store.ts. Source: Spark's TorrentBroadcast.
import { broadcastDrop, broadcastHave, broadcastOpen, broadcastPiece } from '../../../rpc/messages/broadcasts.ts';
import type { Peer } from '../../../rpc/peer.ts';
import { type BroadcastBytes, type CutBroadcast, missingPiece } from '../../storage/broadcast-pieces.ts';
import { PieceHolders } from '../core/piece-holders.ts';

type Kept = { readonly cut: CutBroadcast; readonly holders: PieceHolders; servedBytes: number };
type Executor = { readonly peer: Peer; readonly host: string; readonly blockAddress: string };
/** Named at once: the asker tries one after another before it asks again. */
const MOST_NAMED = 3;

export class Broadcasts {
  readonly #kept = new Map<number, Kept>();
  readonly #executors = new Map<string, Executor>();
  #nextId = 0;

  nextId(): number {
    return this.#nextId++;
  }

  put(id: number, cut: CutBroadcast): void {
    this.#kept.set(id, { cut, holders: new PieceHolders(), servedBytes: 0 });
  }

  /** @returns undefined when it is not there; how large it was, and how much of it left the driver for executors */
  remove(id: number): { storedBytes: number; pieces: number; servedBytes: number } | undefined {
    const kept = this.#kept.get(id);
    if (kept === undefined) return undefined;
    this.#kept.delete(id);
    const { storedBytes, pieces } = kept.cut;
    return { storedBytes, pieces: pieces.length, servedBytes: kept.servedBytes };
  }

  /** Resolves when executors have dropped their pieces; one that can't be told loses them with its end. */
  async dropEverywhere(id: number): Promise<void> {
    this.#kept.get(id)?.holders.clear();
    await Promise.all([...this.#executors.values()].map(({ peer }) => peer.call(broadcastDrop, { broadcastId: id }).catch(() => {})));
  }

  /** All of it, for slots in the driver's own process. @throws AppError BROADCAST_MISSING */
  whole(id: number): BroadcastBytes {
    return this.#at(id, 0).cut;
  }

  /** An executor has registered. */
  serve(peer: Peer, executorId: string, host: string, blockAddress: string): void {
    this.#executors.set(executorId, { peer, host, blockAddress });
    peer.serve(broadcastOpen, ({ broadcastId }) => {
      const kept = this.#at(broadcastId, 0);
      const { pieces, sizeBytes, storedBytes, compressed, checksums } = kept.cut;
      const head = { pieces: pieces.length, sizeBytes, storedBytes, compressed, checksums: [...checksums] };
      return pieces.length === 1 ? { ...head, data: this.#give(kept, 0) } : head;
    });
    peer.serve(broadcastPiece, ({ broadcastId, index, have, failed, keeps }) => {
      const kept = this.#at(broadcastId, index);
      kept.holders.have(executorId, have);
      const named = kept.holders.holders(executorId, index, failed, (other) => this.#executors.get(other)?.host === host);
      if (named.length > 0) return { holders: named.slice(0, MOST_NAMED).map((other) => this.#addressOf(other)) };
      // It is named from now on: whoever asks it before the piece has come is let wait for it there.
      if (keeps) kept.holders.have(executorId, [index]);
      return { data: this.#give(kept, index), holders: [] };
    });
    peer.on(broadcastHave, ({ broadcastId, have }) => this.#kept.get(broadcastId)?.holders.have(executorId, have));
    const closed = peer.onClose;
    peer.onClose = (reason) => {
      this.#executors.delete(executorId);
      for (const { holders } of this.#kept.values()) holders.executorLost(executorId);
      closed(reason);
    };
  }

  #give(kept: Kept, index: number): Uint8Array {
    const piece = kept.cut.pieces[index]!;
    kept.servedBytes += piece.length;
    return piece;
  }

  #at(id: number, index: number): Kept {
    const kept = this.#kept.get(id);
    if (kept === undefined || index >= kept.cut.pieces.length) throw missingPiece(id, index);
    return kept;
  }

  #addressOf(executorId: string): { executorId: string; host: string; blockAddress: string } {
    const { host, blockAddress } = this.#executors.get(executorId)!;
    return { executorId, host, blockAddress };
  }
}

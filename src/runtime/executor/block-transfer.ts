// Blocks on their way between executors: this one asks others (PeerBlocks), and answers them (serveCached). One connection per executor, kept
// while it lives. What is moved and why is storage/block-manager.ts. The messages are rpc/messages/blocks.ts.
import { AppError } from '../../common/errors.ts';
import { connectPeer, type Identity } from '../../rpc/connect.ts';
import { cachedCommit, cachedOpen, cachedPut, cachedRead } from '../../rpc/messages/blocks.ts';
import { broadcastRead } from '../../rpc/messages/broadcasts.ts';
import type { ReplyOf, RequestOf } from '../../rpc/define-rpc.ts';
import { shufflePush } from '../../rpc/messages/shuffle-push.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Transport } from '../../rpc/transport.ts';
import type { StorageLevel } from '../plan/lineage.ts';
import type { BlockManager } from '../storage/block-manager.ts';
import { type BlockId, blockName, type Piece } from '../storage/block-pieces.ts';
import type { BlockPeer, BlockTransfer } from '../storage/shared-blocks.ts';

export class PeerBlocks implements BlockTransfer {
  readonly #transport: Transport;
  readonly #me: Identity;
  readonly #peers = new Map<string, Promise<Peer>>();

  constructor(transport: Transport, me: Identity) {
    this.#transport = transport;
    this.#me = me;
  }

  async open(at: BlockPeer, block: BlockId): Promise<{ pieces: number; path: string | undefined } | undefined> {
    const { found, pieces, path } = await (await this.#peer(at)).call(cachedOpen, block);
    return found ? { pieces, path } : undefined;
  }

  async read(at: BlockPeer, block: BlockId, index: number): Promise<Piece> {
    const { data, rows } = await (await this.#peer(at)).call(cachedRead, { ...block, index });
    return { bytes: data, rows };
  }

  async put(at: BlockPeer, block: BlockId, level: StorageLevel, index: number, { bytes, rows }: Piece): Promise<boolean> {
    const { taken } = await (await this.#peer(at)).call(cachedPut, { ...block, level, index, data: bytes, rows });
    return taken;
  }

  async commit(at: BlockPeer, block: BlockId, level: StorageLevel): Promise<void> {
    await (await this.#peer(at)).call(cachedCommit, { ...block, level });
  }

  async broadcastPiece(at: BlockPeer, broadcastId: number, index: number): Promise<Uint8Array> {
    return (await (await this.#peer(at)).call(broadcastRead, { broadcastId, index })).data;
  }

  /** @throws AppError CONNECT_FAILED, CONNECTION_LOST, RPC_TIMEOUT, … */
  async pushBlocks(address: string, push: RequestOf<typeof shufflePush>): Promise<ReplyOf<typeof shufflePush>> {
    return await (await this.#at(address, `the shuffle service at ${address}`)).call(shufflePush, push);
  }

  #peer({ executorId, blockAddress }: BlockPeer): Promise<Peer> {
    return this.#at(blockAddress, `the blocks of executor ${executorId}`);
  }

  #at(blockAddress: string, who: string): Promise<Peer> {
    const known = this.#peers.get(blockAddress);
    if (known !== undefined) return known;
    const connecting = connectPeer(this.#transport, blockAddress, who, this.#me).then((peer) => {
      peer.onClose = () => this.#peers.delete(blockAddress);
      return peer;
    });
    connecting.catch(() => this.#peers.delete(blockAddress));
    this.#peers.set(blockAddress, connecting);
    return connecting;
  }
}

/** @param from whose connection it is: what he began to copy is given up when it closes */
export function serveCached(peer: Peer, from: string, manager: () => BlockManager | undefined): void {
  const corrupt = (block: BlockId, error: unknown) =>
    new AppError('BLOCK_CORRUPT', { path: blockName(block), detail: (error as Error).message });
  const copies = new Map<string, number>();
  peer.serve(cachedOpen, ({ rddId, partition }) => {
    try {
      const there = manager()?.serveOpen({ rddId, partition });
      return { found: there !== undefined, pieces: there?.pieces ?? 0, ...(there?.path !== undefined && { path: there.path }) };
    } catch (error) {
      throw corrupt({ rddId, partition }, error);
    }
  });
  peer.serve(cachedRead, ({ rddId, partition, index }) => {
    try {
      const { bytes, rows } = manager()!.serveRead({ rddId, partition }, index);
      return { data: bytes, rows };
    } catch (error) {
      throw corrupt({ rddId, partition }, error);
    }
  });
  peer.serve(cachedPut, ({ rddId, partition, level, index, data, rows }) => {
    const block = { rddId, partition };
    const next = copies.get(blockName(block)) ?? 0;
    const here = manager();
    // A piece that is not the next one: the copy was refused or given up before.
    if (here === undefined || index !== next) return { taken: false };
    const taken = here.servePut(from, block, level, { bytes: alone(data), rows });
    if (taken) copies.set(blockName(block), index + 1);
    else {
      copies.delete(blockName(block));
      here.bytes.abandon(from, block);
    }
    return { taken };
  });
  peer.serve(cachedCommit, async ({ rddId, partition, level }) => {
    copies.delete(blockName({ rddId, partition }));
    await manager()?.serveCommit(from, { rddId, partition }, level);
    return {};
  });
  const closed = peer.onClose;
  peer.onClose = (reason) => {
    manager()?.slotEnded(from);
    closed(reason);
  };
}

/** What is kept must not keep the frame that it came in. */
function alone(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

// The driver's side of cached blocks: executors report here what they hold as bytes and ask who else does; RDDs that nobody wants are dropped
// everywhere. The list itself is core/cached-partitions.ts; the executor's side is executor/block-service.ts. Source: Spark's BlockManagerMaster.
import type { Logger } from '../../../common/ports.ts';
import { blockDrop, blockLocate, blockPeers, blockReport, shuffleRemove } from '../../../rpc/messages/blocks.ts';
import type { Peer } from '../../../rpc/peer.ts';
import type { BroadcastBytes } from '../../storage/broadcast-pieces.ts';
import type { CachedPartitions } from '../core/cached-partitions.ts';

type BlockPeer = { readonly executorId: string; readonly host: string; readonly blockAddress: string };
type Update = { readonly rddId: number; readonly partition: number; readonly memoryBytes: number; readonly diskBytes: number };
/** An executor's own blocks, over the wire or in this process. */
type Blocks = { removeRdd(rddId: number): Promise<number>; removeShuffle?(shuffleId: number): Promise<number> };
type Known = BlockPeer & { readonly blocks: Blocks };
/** Results of tasks that a local master keeps in this process. */
export type LocalResults = { read(taskId: number, index: number): Uint8Array; remove(taskId: number): void };

/** What a local master's own block manager is given: the same answers without a wire. */
export interface LocalBlocks {
  report(updates: readonly Update[]): Promise<void>;
  locate(block: { rddId: number; partition: number }): Promise<readonly BlockPeer[]>;
  peers(): Promise<readonly BlockPeer[]>;
  /** @throws AppError BROADCAST_MISSING */
  broadcast(id: number): Promise<BroadcastBytes>;
  /** The other direction. */
  attach(blocks: Blocks & { readonly results: LocalResults }): void;
}

export class BlockMaster {
  /** Executors that are being taken out of service: no copies go there. */
  readonly retiring = new Set<string>();
  /** An executor's connection has closed. */
  onGone: (executorId: string) => void = () => {};
  readonly #cached: CachedPartitions;
  #local: { readonly executorId: string; readonly results: LocalResults } | undefined;
  readonly #log: Logger;
  readonly #executors = new Map<string, Known>();

  constructor(cached: CachedPartitions, log: Logger) {
    this.#cached = cached;
    this.#log = log;
  }

  /** An executor has registered. Its blocks are lost with its connection: it ends itself then. */
  serve(peer: Peer, executorId: string, host: string, blockAddress: string): void {
    const removeRdd = async (rddId: number) => (await peer.call(blockDrop, { rddId })).blocks;
    const removeShuffle = async (shuffleId: number) => (await peer.call(shuffleRemove, { shuffleId })).files;
    this.#executors.set(executorId, { executorId, host, blockAddress, blocks: { removeRdd, removeShuffle } });
    peer.serve(blockReport, ({ updates }) => {
      this.#report(executorId, updates);
      return {};
    });
    peer.serve(blockLocate, (block) => ({ executors: this.#locate(executorId, block) }));
    peer.serve(blockPeers, () => ({ executors: this.#peers(executorId, host) }));
    const closed = peer.onClose;
    peer.onClose = (reason) => {
      this.#executors.delete(executorId);
      this.#cached.executorLost(executorId);
      this.onGone(executorId);
      closed(reason);
    };
  }

  local(executorId: string, host: string): Omit<LocalBlocks, 'broadcast'> {
    return {
      report: async (updates) => this.#report(executorId, updates),
      locate: async () => [],
      peers: async () => [],
      attach: (blocks) => {
        this.#executors.set(executorId, { executorId, host, blockAddress: '', blocks });
        this.#local = { executorId, results: blocks.results };
      },
    };
  }

  /** undefined: it is another process. */
  localResults(executorId: string): LocalResults | undefined {
    return this.#local?.executorId === executorId ? this.#local.results : undefined;
  }

  /** Of its block server; undefined: it is gone. */
  addressOf(executorId: string): string | undefined {
    return this.#executors.get(executorId)?.blockAddress;
  }

  /** Resolves when every executor has dropped it; one that can't be told loses it with its end. */
  async removeRdd(rddId: number): Promise<void> {
    await Promise.all([...this.#executors.values()].map((executor) => this.#removeAt(executor, rddId)));
  }

  /** A local master's files are the driver's own to delete. */
  async removeShuffle(shuffleId: number): Promise<void> {
    await Promise.all([...this.#executors.values()].map(({ blocks }) => blocks.removeShuffle?.(shuffleId).catch(() => 0)));
  }

  async #removeAt({ executorId, blocks }: Known, rddId: number): Promise<void> {
    await blocks.removeRdd(rddId).catch((error: Error) => {
      if (this.#executors.has(executorId)) this.#log.warn(`Executor ${executorId} could not drop RDD ${rddId}: ${error.message}`);
    });
  }

  #report(executorId: string, updates: readonly Update[]): void {
    for (const { rddId, partition, memoryBytes, diskBytes } of updates) {
      const wanted = this.#cached.executorHolds(executorId, rddId, partition, memoryBytes, diskBytes);
      const executor = this.#executors.get(executorId);
      if (!wanted && memoryBytes + diskBytes > 0 && executor !== undefined) void this.#removeAt(executor, rddId); // made while it was unpersisted
    }
  }

  #locate(asker: string, { rddId, partition }: { rddId: number; partition: number }): BlockPeer[] {
    const found: BlockPeer[] = [];
    for (const { executorId, slot } of this.#cached.holders(rddId, partition)) {
      const executor = slot === undefined && executorId !== asker ? this.#executors.get(executorId) : undefined;
      if (executor !== undefined) found.push(addressOf(executor));
    }
    return found;
  }

  /** Those of other hosts first; from the asker's number on, so that copies are spread. */
  #peers(asker: string, host: string): BlockPeer[] {
    const others = [...this.#executors.values()].filter(({ executorId }) => executorId !== asker && !this.retiring.has(executorId));
    const from = others.findIndex(({ executorId }) => Number(executorId) > Number(asker));
    const inTurn = from < 0 ? others : [...others.slice(from), ...others.slice(0, from)];
    return inTurn.sort((a, b) => Number(a.host === host) - Number(b.host === host)).map(addressOf);
  }
}

const addressOf = ({ executorId, host, blockAddress }: Known): BlockPeer => ({ executorId, host, blockAddress });

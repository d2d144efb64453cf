// What a task slot may ask of its executor's blocks: those that are bytes, in memory or in files, which every slot of the executor can read.
// Answered by block-manager.ts in the executor's main thread, through block-port.ts. Objects of one thread are partition-store.ts.
import path from 'node:path';
import type { StorageLevel } from '../plan/lineage.ts';
import { hashString } from '../rdd/portable-hash.ts';
import { type BlockId, blockName, type Piece } from './block-pieces.ts';

/** A block that can be read: a file on this host, or pieces under a lease that must be closed. */
export type OpenBlock =
  | { readonly tag: 'file'; readonly path: string; readonly own: boolean }
  | { readonly tag: 'pieces'; readonly lease: number; readonly pieces: number };

export interface SharedBlocks {
  /** From this executor, else from another that has it. @returns undefined: nobody has it, compute it */
  open(block: BlockId): Promise<OpenBlock | undefined>;
  piece(lease: number, index: number): Promise<Piece>;
  close(lease: number): void;

  /** The next piece of a block that this slot makes; the first begins it. @returns false when there is no room for it: take back what there is */
  put(block: BlockId, level: StorageLevel, piece: Piece): Promise<boolean>;
  /** All pieces are there. Resolves when the driver knows and the replicas are made. */
  commit(block: BlockId, level: StorageLevel): Promise<void>;
  /** The pieces that were put, to be read under a lease; the block is not kept. @returns undefined when nothing was put */
  takeBack(block: BlockId): Promise<OpenBlock | undefined>;
  /**
   * Pieces of a block that this slot keeps itself, for the copies on other executors; undefined: that was the last.
   * @returns copies made, with the last
   */
  relay(block: BlockId, level: StorageLevel, piece: Piece | undefined): Promise<number>;
  /** Whether an executor that is not on its way out has it as bytes. */
  staysElsewhere(block: BlockId): Promise<boolean>;

  /** This slot has written the block's file (blockPath). Resolves when the driver knows and the replicas are made. */
  wroteFile(block: BlockId, level: StorageLevel, bytes: number, isNew: boolean): Promise<void>;
  /** A file of this executor could not be read: it is deleted and no longer told of. */
  damaged(block: BlockId, detail: string): Promise<void>;
}

/** Where a block's file lies. @param dirs the executor's own, one a disk */
export function blockPath(dirs: readonly string[], block: BlockId): string {
  const name = blockName(block);
  return path.join(dirs[(hashString(name) >>> 0) % dirs.length]!, name);
}

/** What of a block an executor holds; neither: it is gone from there. */
export type BlockUpdate = BlockId & { readonly memoryBytes: number; readonly diskBytes: number };
/** Another executor, and how to reach its blocks. */
export type BlockPeer = { readonly executorId: string; readonly host: string; readonly blockAddress: string };

/** The executor's way to the driver's list of blocks (driver/service/block-master.ts). */
export interface BlockMasterLink {
  /** Resolves when the driver knows: a job that starts later goes where its blocks are. */
  report(updates: readonly BlockUpdate[]): Promise<void>;
  /** Other executors that hold the block. */
  locate(block: BlockId): Promise<readonly BlockPeer[]>;
  /** Executors that may take copies, best first. */
  peers(): Promise<readonly BlockPeer[]>;
}

/** Blocks on their way between executors (block-transfer.ts). */
export interface BlockTransfer {
  /** @returns undefined when the peer does not have it any more */
  open(peer: BlockPeer, block: BlockId): Promise<{ readonly pieces: number; readonly path: string | undefined } | undefined>;
  read(peer: BlockPeer, block: BlockId, index: number): Promise<Piece>;
  /** @returns false when the peer can't keep it */
  put(peer: BlockPeer, block: BlockId, level: StorageLevel, index: number, piece: Piece): Promise<boolean>;
  commit(peer: BlockPeer, block: BlockId, level: StorageLevel): Promise<void>;
}

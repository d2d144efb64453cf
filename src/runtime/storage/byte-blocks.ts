// The blocks of one executor that are bytes: in memory, within a pool of their own, and in files. Least recently used blocks of other RDDs leave
// memory first; a level with disk goes to its file then. It answers at once and knows no other process; block-manager.ts tells the driver.
// Source: Spark's MemoryStore (putIteratorAsBytes) and DiskStore.
import { rmSync } from 'node:fs';
import type { Logger } from '../../common/ports.ts';
import type { StorageLevel } from '../plan/lineage.ts';
import { BlockFile, BlockFileWriter } from './block-file.ts';
import { type BlockId, blockName, type Piece, TASK_RESULTS } from './block-pieces.ts';
import type { MemoryPool } from './memory-pool.ts';
import { blockPath, type BlockUpdate } from './shared-blocks.ts';

type Entry = {
  readonly block: BlockId;
  readonly level: StorageLevel;
  /** In memory; undefined: not, or no longer. */
  pieces: Piece[] | undefined;
  memoryBytes: number;
  diskBytes: number;
};
/** A block that is being made: in memory while there is room, then, if its level says so, in a file. */
type Making = Entry & {
  writer: BlockFileWriter | undefined;
  /** Its RDD was unpersisted meanwhile: whoever makes it goes on, and nothing is kept. */
  dropped: boolean;
};

export type ByteBlocksOptions = {
  readonly dirs: readonly string[];
  readonly pool: MemoryPool;
  readonly offHeapPool: MemoryPool;
  readonly compressed: boolean;
  readonly log: Logger;
  /** Something left memory, or came to disk, without being asked. */
  readonly onChange: (update: BlockUpdate) => void;
};

export class ByteBlocks {
  readonly #options: ByteBlocksOptions;
  /** In order of use, the least recent first. */
  readonly #entries = new Map<string, Entry>();
  readonly #making = new Map<string, Making>();

  constructor(options: ByteBlocksOptions) {
    this.#options = options;
    options.pool.evict = (bytes, forRdd) => this.#evict(bytes, forRdd, false);
    options.offHeapPool.evict = (bytes, forRdd) => this.#evict(bytes, forRdd, true);
  }

  pathOf(block: BlockId): string {
    return blockPath(this.#options.dirs, block);
  }

  /** @returns pieces when it is in memory, its path when it is in a file */
  find(block: BlockId): { pieces: readonly Piece[] } | { path: string } | undefined {
    const name = blockName(block);
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.pieces ? { pieces: entry.pieces } : { path: this.pathOf(block) };
  }

  has(block: BlockId): boolean {
    return this.#entries.has(blockName(block));
  }

  levelOf(block: BlockId): StorageLevel | undefined {
    return this.#entries.get(blockName(block))?.level;
  }

  /** Those of RDDs: results of tasks are the driver's to fetch, nobody else wants them. */
  blocks(): BlockId[] {
    return [...this.#entries.values()].flatMap(({ block }) => (block.rddId === TASK_RESULTS ? [] : [block]));
  }

  /**
   * @param maker of whom two may make the same block at once
   * @returns false: no room, also for what comes; abandon() gives back all pieces, this one too. @throws AppError LOCAL_DISK
   */
  put(maker: string, block: BlockId, level: StorageLevel, piece: Piece): boolean {
    const making = this.#makingOf(maker, block, level);
    if (making.dropped) return true;
    if (making.pieces && this.#poolOf(level).acquireStorage(piece.bytes.length, block.rddId === TASK_RESULTS ? undefined : block.rddId)) {
      making.pieces.push(piece);
      making.memoryBytes += piece.bytes.length;
      return true;
    }
    if (!level.useDisk) {
      making.pieces!.push(piece);
      return false;
    }
    making.writer ??= new BlockFileWriter(this.pathOf(block), maker, this.#options.compressed);
    for (const held of making.pieces ?? []) making.writer.add(held);
    this.#leaveMemory(making);
    making.writer.add(piece);
    return true;
  }

  /** @returns what is held now */
  commit(maker: string, block: BlockId, level: StorageLevel): BlockUpdate {
    const made = this.#makingOf(maker, block, level);
    this.#making.delete(`${maker} ${blockName(block)}`);
    const known = this.#entries.get(blockName(block));
    if (known || made.dropped) {
      // Two tasks made it: the first one's is as good.
      this.#leaveMemory(made);
      made.writer?.discard();
      return known ? this.#update(known) : { ...block, memoryBytes: 0, diskBytes: 0 };
    }
    if (level.useDisk && !made.pieces) made.writer ??= new BlockFileWriter(this.pathOf(block), maker, this.#options.compressed);
    if (made.writer) made.diskBytes = made.writer.commit();
    const { pieces, memoryBytes, diskBytes } = made;
    const entry: Entry = { block, level, pieces, memoryBytes, diskBytes };
    this.#entries.set(blockName(block), entry);
    return this.#update(entry);
  }

  /** The pieces put so far; the block will not be kept. */
  abandon(maker: string, block: BlockId): readonly Piece[] {
    const key = `${maker} ${blockName(block)}`;
    const making = this.#making.get(key);
    if (making === undefined) return [];
    this.#making.delete(key);
    const pieces = making.pieces ?? [];
    this.#leaveMemory(making);
    making.writer?.discard();
    return pieces;
  }

  #makingOf(maker: string, block: BlockId, level: StorageLevel): Making {
    const key = `${maker} ${blockName(block)}`;
    let making = this.#making.get(key);
    if (making === undefined) {
      const pieces = level.useMemory ? [] : undefined;
      making = { block, level, pieces, memoryBytes: 0, diskBytes: 0, writer: undefined, dropped: false };
      this.#making.set(key, making);
    }
    return making;
  }

  /** What somebody was making when he ended. */
  abandonAll(maker: string): void {
    for (const [key, { block }] of [...this.#making]) if (key.startsWith(`${maker} `)) this.abandon(maker, block);
  }

  /** Another thread has written the file. */
  fileWritten(block: BlockId, level: StorageLevel, diskBytes: number): BlockUpdate {
    const known = this.#entries.get(blockName(block));
    const entry: Entry = known ?? { block, level, pieces: undefined, memoryBytes: 0, diskBytes };
    entry.diskBytes = diskBytes;
    this.#entries.set(blockName(block), entry);
    return this.#update(entry);
  }

  /** @returns the update to tell, undefined when it was not there */
  remove(block: BlockId): BlockUpdate | undefined {
    const entry = this.#entries.get(blockName(block));
    if (entry === undefined) return undefined;
    this.#entries.delete(blockName(block));
    this.#leaveMemory(entry);
    if (entry.diskBytes > 0) rmSync(this.pathOf(block), { force: true });
    return { ...block, memoryBytes: 0, diskBytes: 0 };
  }

  /** All of an RDD, also what is just being made. */
  removeRdd(rddId: number): number {
    for (const [, making] of this.#making) if (making.block.rddId === rddId) this.#drop(making);
    const blocks = this.blocks().filter((block) => block.rddId === rddId);
    for (const block of blocks) this.remove(block);
    return blocks.length;
  }

  /** A piece of a file, for another host. @throws Error when it is damaged */
  filePieces(block: BlockId): BlockFile {
    return new BlockFile(this.pathOf(block));
  }

  #poolOf(level: StorageLevel): MemoryPool {
    return level.useOffHeap ? this.#options.offHeapPool : this.#options.pool;
  }

  #evict(bytes: number, forRdd: number | undefined, offHeap: boolean): number {
    const leaving: Entry[] = [];
    let freed = 0;
    for (const [, entry] of this.#entries) {
      if (freed >= bytes) break;
      if (entry.memoryBytes === 0 || entry.level.useOffHeap !== offHeap || entry.block.rddId === forRdd) continue;
      leaving.push(entry);
      freed += entry.memoryBytes;
    }
    if (freed < bytes) return 0;
    for (const entry of leaving) this.#evictOne(entry);
    return freed;
  }

  #evictOne(entry: Entry): void {
    if (entry.level.useDisk && entry.diskBytes === 0) {
      try {
        const writer = new BlockFileWriter(this.pathOf(entry.block), 'evicted', this.#options.compressed);
        for (const piece of entry.pieces!) writer.add(piece);
        entry.diskBytes = writer.commit();
      } catch (error) {
        this.#options.log.warn(
          `${blockName(entry.block)} must leave memory and can't go to disk, it is dropped: ${(error as Error).message}`,
        );
      }
    }
    this.#leaveMemory(entry);
    entry.pieces = undefined;
    if (entry.diskBytes === 0) this.#entries.delete(blockName(entry.block));
    this.#options.onChange(this.#update(entry));
  }

  #drop(making: Making): void {
    making.dropped = true;
    making.writer?.discard();
    making.writer = undefined;
    const { pieces } = making; // one that had no room is about to take them back
    this.#leaveMemory(making);
    making.pieces = pieces;
  }

  /** Whoever reads the pieces keeps them alive until he is done. */
  #leaveMemory(entry: Entry): void {
    this.#poolOf(entry.level).releaseStorage(entry.memoryBytes);
    entry.memoryBytes = 0;
    entry.pieces = undefined;
  }

  #update({ block, memoryBytes, diskBytes }: Entry): BlockUpdate {
    return { ...block, memoryBytes, diskBytes };
  }
}

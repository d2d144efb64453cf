// A persisted partition at any level but plain MEMORY_ONLY (that is cached-rows.ts): from wherever it is kept, else computed and kept on the way.
// Objects stay in this thread's store; bytes go to the executor's (storage/block-manager.ts) or to a file that this thread writes.
// Source: Spark's RDD.getOrCompute, BlockManager.doPutIterator.
import { existsSync } from 'node:fs';
import { AppError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/ports.ts';
import type { StorageLevel } from '../../plan/lineage.ts';
import { BlockFileWriter } from '../../storage/block-file.ts';
import { type BlockId, blockName, PieceEncoder } from '../../storage/block-pieces.ts';
import type { PartitionStore } from '../../storage/partition-store.ts';
import { blockPath, type SharedBlocks } from '../../storage/shared-blocks.ts';
import { sampledBytes } from './cached-rows.ts';
import { ArrayRows, CHUNK, ConcatRows, END, Rows } from './rows.ts';
import type { Task } from './running-task.ts';
import { leaseRows, openStored } from './stored-source.ts';

/** What a slot knows of its executor's blocks. */
export type StoredBlocks = {
  readonly shared: SharedBlocks;
  /** Folders of this executor's block files. */
  readonly dirs: readonly string[];
  /** Whether executors that leave hand on their objects: then a MEMORY_ONLY partition may be on another one, too. */
  readonly handsOn?: boolean;
  /** spark.rdd.compress */
  readonly compressed: boolean;
  readonly log: Logger;
};

export type StoredPlace = {
  readonly block: BlockId;
  readonly level: StorageLevel;
  readonly env: { readonly blocks: PartitionStore; readonly stored: StoredBlocks; readonly task: Task };
  readonly compute: () => Rows;
};

export class StoredRows extends Rows {
  readonly #place: StoredPlace;
  #from: Rows | undefined;

  constructor(place: StoredPlace) {
    super();
    this.#place = place;
  }

  override next(): number | Promise<number> {
    if (this.#from === undefined) {
      const { block, level, env } = this.#place;
      const known = level.deserialized ? env.blocks.get(block.rddId, block.partition) : undefined;
      if (known === undefined) return this.#begin();
      this.#from = new ArrayRows(known.rows, env.task.check);
    }
    const n = this.#from.next();
    if (typeof n !== 'number') return n.then((m) => this.#handed(m));
    return this.#handed(n);
  }

  #handed(n: number): number {
    this.rows = this.#from!.rows;
    return n;
  }

  async #begin(): Promise<number> {
    const { block, level, env, compute } = this.#place;
    const asObjects = level.deserialized && level.useMemory;
    const stored = await openStored(block, env.stored, env.task);
    if (stored) this.#from = asObjects ? await this.#keepObjects(stored, true) : stored;
    else if (asObjects) this.#from = await this.#keepObjects(compute(), false);
    else this.#from = level.useMemory ? await this.#keepBytes(compute()) : await this.#keepFile([], compute());
    env.task.begin(); // others may have run between
    return await this.next();
  }

  /** @param isStored it came from a file or another executor: it need not be written again */
  async #keepObjects(source: Rows, isStored: boolean): Promise<Rows> {
    const { block, level, env } = this.#place;
    const gathered: unknown[] = [];
    let bytes = 0;
    for (let n = await source.next(); n !== END; n = await pull(source)) {
      for (let i = 0; i < n; i++) gathered.push(source.rows[i]);
      if (n > 0) bytes += sampledBytes(source.rows, n);
      if (env.blocks.couldHold(bytes, block.rddId)) continue;
      if (level.useDisk && !isStored) return await this.#keepFile(gathered, source);
      return inTurn(new ArrayRows(gathered, env.task.check), source);
    }
    const kept = env.blocks.put({ ...block, rows: gathered, bytes, level });
    if (!kept && level.useDisk && !isStored) return await this.#keepFile(gathered, undefined);
    if (kept && !isStored && level.replication > 1) await relayRows(gathered, block, level, env.stored);
    return new ArrayRows(gathered, env.task.check);
  }

  async #keepBytes(source: Rows): Promise<Rows> {
    const { block, level, env } = this.#place;
    const { shared, compressed } = env.stored;
    const encoder = new PieceEncoder(compressed);
    let put = 0;
    for (let n = await source.next(); ; n = await pull(source)) {
      const piece = n === END ? encoder.finish() : encoder.add(source.rows, n);
      if (piece) {
        put++;
        if (!(await shared.put(block, level, piece))) {
          const back = await shared.takeBack(block);
          if (back?.tag !== 'pieces' || back.pieces !== put) throw lost(block, `${put} pieces were put, not all came back`);
          return inTurn(leaseRows(back, env.stored, env.task), n === END ? undefined : source);
        }
      }
      if (n === END) break;
    }
    await shared.commit(block, level);
    return await this.#again();
  }

  /** Writes what was gathered and the rest to this executor's file of the block, and reads it from there. */
  async #keepFile(gathered: readonly unknown[], rest: Rows | undefined): Promise<Rows> {
    const { block, level, env } = this.#place;
    const { shared, dirs, compressed } = env.stored;
    const writer = new BlockFileWriter(blockPath(dirs, block), `${env.task.taskId}-${env.task.attempt}`, compressed);
    try {
      const encoder = new PieceEncoder(compressed);
      const add = (rows: readonly unknown[], n: number) => {
        const piece = encoder.add(rows, n);
        if (piece) writer.add(piece);
      };
      for (const chunk of chunksOf(gathered)) add(chunk, chunk.length);
      if (rest) for (let n = await rest.next(); n !== END; n = await pull(rest)) add(rest.rows, n);
      const last = encoder.finish();
      if (last) writer.add(last);
      await shared.wroteFile(block, level, writer.commit(), true);
    } catch (error) {
      writer.discard();
      throw error;
    }
    return await this.#again();
  }

  /** What was just kept. */
  async #again(): Promise<Rows> {
    const { block, env, compute } = this.#place;
    const rows = await openStored(block, env.stored, env.task);
    return rows ?? compute(); // unpersisted, or evicted, in the same moment
  }
}

/** For the store of objects: a partition that must leave goes to this executor's file of it. */
export function partitionToDisk(stored: StoredBlocks): PartitionStore['writeToDisk'] {
  return ({ rddId, partition, rows, level }) => {
    const block = { rddId, partition };
    const path = blockPath(stored.dirs, block);
    if (existsSync(path)) return; // it was read from there
    try {
      const writer = new BlockFileWriter(path, 'evicted', stored.compressed);
      const encoder = new PieceEncoder(stored.compressed);
      for (const chunk of chunksOf(rows)) {
        const piece = encoder.add(chunk, chunk.length);
        if (piece) writer.add(piece);
      }
      const last = encoder.finish();
      if (last) writer.add(last);
      void stored.shared.wroteFile(block, level, writer.commit(), false);
    } catch (error) {
      stored.log.warn(`${blockName(block)} must leave memory and can't go to disk, it is dropped: ${(error as Error).message}`);
    }
  };
}

const pull = (source: Rows): number | Promise<number> => source.next();

/** Objects of this thread as copies on `level.replication - 1` other executors. @returns copies made. @throws Error for rows that can't be bytes */
export async function relayRows(
  rows: readonly unknown[],
  block: BlockId,
  level: StorageLevel,
  { shared, compressed }: StoredBlocks,
): Promise<number> {
  const encoder = new PieceEncoder(compressed);
  for (const chunk of chunksOf(rows)) {
    const piece = encoder.add(chunk, chunk.length);
    if (piece) await shared.relay(block, level, piece);
  }
  const last = encoder.finish();
  if (last) await shared.relay(block, level, last);
  return await shared.relay(block, level, undefined);
}

function* chunksOf(rows: readonly unknown[]): Generator<readonly unknown[]> {
  for (let at = 0; at < rows.length; at += CHUNK) yield rows.slice(at, at + CHUNK);
}

const inTurn = (first: Rows, rest: Rows | undefined): Rows => (rest ? new ConcatRows([() => first, () => rest]) : first);

const lost = (block: BlockId, detail: string) => new AppError('BLOCK_CORRUPT', { path: blockName(block), detail });

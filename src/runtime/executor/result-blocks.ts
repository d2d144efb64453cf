// What tasks brought that is too large to be told directly (spark.task.maxDirectResultSize): kept as blocks `taskresult_<task id>` in the
// executor's main thread, in memory and then on disk, until the driver has fetched them or wants them no more. What is kept is a status body
// (plan/task-end.ts), in pieces. The driver's side is driver/service/result-fetcher.ts. Source: Executor.TaskRunner, TaskResultGetter.
import { AppError } from '../../common/errors.ts';
import { resultRead, resultRemove } from '../../rpc/messages/results.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { StorageLevel } from '../plan/lineage.ts';
import type { BlockFile } from '../storage/block-file.ts';
import { blockName, PIECE_BYTES, TASK_RESULTS } from '../storage/block-pieces.ts';
import type { ByteBlocks } from '../storage/byte-blocks.ts';

/** Spark's MEMORY_AND_DISK_SER. */
const LEVEL: StorageLevel = { useDisk: true, useMemory: true, useOffHeap: false, deserialized: false, replication: 1 };
const MAKER = 'results';

export class ResultBlocks {
  readonly #bytes: ByteBlocks;
  /** Those that lie on disk and are being fetched: looked at once, not with every piece. */
  readonly #files = new Map<number, BlockFile>();

  constructor(bytes: ByteBlocks) {
    this.#bytes = bytes;
  }

  /** @throws AppError LOCAL_DISK: there was no room in memory, and none on disk; nothing is kept then */
  keep(taskId: number, parts: readonly Uint8Array[]): void {
    const block = blockOf(taskId);
    try {
      for (const part of parts)
        for (let at = 0; at < part.length; at += PIECE_BYTES)
          this.#bytes.put(MAKER, block, LEVEL, { bytes: part.subarray(at, at + PIECE_BYTES), rows: 0 });
      this.#bytes.commit(MAKER, block, LEVEL);
    } catch (error) {
      this.#bytes.abandon(MAKER, block);
      throw error;
    }
  }

  /** @throws AppError BLOCK_CORRUPT: it is not here any more, or its file was changed */
  read(taskId: number, index: number): Uint8Array {
    const block = blockOf(taskId);
    try {
      const found = this.#bytes.find(block);
      if (found === undefined) throw new Error('it is not here any more');
      if ('pieces' in found) return found.pieces[index]!.bytes;
      let file = this.#files.get(taskId);
      if (file === undefined) this.#files.set(taskId, (file = this.#bytes.filePieces(block)));
      return file.piece(index).bytes;
    } catch (error) {
      throw new AppError('BLOCK_CORRUPT', { path: blockName(block), detail: (error as Error).message }, { cause: error });
    }
  }

  remove(taskId: number): void {
    this.#files.delete(taskId);
    this.#bytes.remove(blockOf(taskId));
  }
}

const blockOf = (taskId: number) => ({ rddId: TASK_RESULTS, partition: taskId });

/** For the driver, on the block server. */
export function serveResults(peer: Peer, results: () => ResultBlocks | undefined): void {
  peer.serve(resultRead, ({ taskId, index }) => {
    const here = results();
    if (here === undefined)
      throw new AppError('BLOCK_CORRUPT', { path: blockName(blockOf(taskId)), detail: 'this executor keeps no blocks yet' });
    return { data: here.read(taskId, index) };
  });
  peer.on(resultRemove, ({ taskId }) => results()?.remove(taskId));
}

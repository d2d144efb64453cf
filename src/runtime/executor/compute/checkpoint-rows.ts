// A partition's checkpoint file: written by the result task of a checkpoint's job, read in place of the lineage afterwards. The driver's half is
// driver/service/checkpoints.ts. Source: Spark's ReliableCheckpointRDD.
import { join } from 'node:path';
import { AppError } from '../../../common/errors.ts';
import { partName } from '../../rdd/checkpoint.ts';
import { BlockFile, BlockFileWriter } from '../../storage/block-file.ts';
import { blockName, PieceEncoder } from '../../storage/block-pieces.ts';
import { after, drain, type Rows } from './rows.ts';
import type { Task } from './running-task.ts';
import { FileRows } from './stored-source.ts';

/** @returns rows written. An attempt that fails leaves nothing; two that write the same partition replace each other whole. */
export function saveCheckpoint(source: Rows, action: unknown, _: readonly unknown[], task: Task): number | Promise<number> {
  const { folder, compress } = action as { folder: string; compress: boolean };
  const writer = new BlockFileWriter(join(folder, partName(task.partition)), `attempt-${task.taskId}`, compress);
  task.cleanUp.push(() => writer.discard());
  const encoder = new PieceEncoder(compress);
  const drained = drain(source, (rows, n) => {
    const piece = encoder.add(rows, n);
    if (piece) writer.add(piece);
  });
  return after(drained, () => {
    const last = encoder.finish();
    if (last) writer.add(last);
    task.metrics.outputBytes += writer.commit();
    task.metrics.outputRecords += writer.rows;
    return writer.rows;
  });
}

/** @throws AppError BLOCK_CORRUPT: there is no lineage to compute it from any more */
export function checkpointRows(folder: string, partition: number, task: Task): Rows {
  const path = join(folder, partName(partition));
  try {
    return new FileRows(new BlockFile(path), task.check);
  } catch (error) {
    throw new AppError('BLOCK_CORRUPT', { path, detail: `the checkpoint can't be read: ${(error as Error).message}` }, { cause: error });
  }
}

/** A partition of a local checkpoint that nobody has any more. @throws AppError CHECKPOINT_BLOCK_LOST */
export function lostCheckpoint(rddId: number, partition: number): never {
  throw new AppError('CHECKPOINT_BLOCK_LOST', { block: blockName({ rddId, partition }) });
}

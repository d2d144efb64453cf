// The blocks that one reduce task reads: its partition of every map output. Blocks on this host come from disk, one at a time; others were fetched
// before the task runs (remote-blocks.ts). A block that fails its checksum is read once more, then it is FETCH_FAILED, as data.
// Source: Spark's ShuffleBlockFetcherIterator.
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import type { MapOutput, ShuffleOutputs } from '../plan/stage-install.ts';
import { type BucketIndex, decodeIndex } from './bucket-format.ts';
import { ON_THIS_DISK } from './diagnosis.ts';
import { PIECE_BYTES, readPieces, readRange } from './segments.ts';

export type BlockTally = {
  /** A block is begun. */
  readonly block: (remote: boolean) => void;
  readonly add: (bytes: number, remote: boolean) => void;
};
/** The pieces of a remote block, fetched before; undefined: it lies on this host. */
export type FetchedBlocks = (output: MapOutput, partition: number) => Iterable<Buffer> | undefined;

/**
 * @param check whether checksums are compared
 * @param merged blocks that were read from merged files, and counted then
 * @throws AppError FETCH_FAILED
 */
export function* readBlocks(
  shuffle: ShuffleOutputs,
  partition: number,
  tally: BlockTally,
  fetched: FetchedBlocks,
  check: boolean,
  merged?: ((mapIndex: number) => Iterable<Buffer> | undefined) | undefined,
): Generator<Buffer> {
  for (const output of shuffle.outputs) {
    if (output.bytes[partition] === 0) continue;
    const block = merged?.(output.mapIndex);
    if (block !== undefined) {
      yield* block;
      continue;
    }
    const remote = fetched(output, partition);
    tally.block(remote !== undefined);
    if (remote === undefined) yield* localBlock(shuffle, output, partition, tally, check);
    else {
      for (const piece of remote) {
        tally.add(piece.length, true);
        yield piece;
      }
    }
  }
}

/** Larger blocks are read twice, once for their checksum and then piece by piece, so that they need not fit into memory. */
const WHOLE_BYTES = 8 * PIECE_BYTES;

function* localBlock(shuffle: ShuffleOutputs, output: MapOutput, partition: number, tally: BlockTally, check: boolean): Generator<Buffer> {
  const { file } = output;
  let fault = '';
  for (let attempt = 0; attempt < 2; attempt++) {
    let begun = false;
    try {
      const index = readIndex(file);
      const [from, to] = [index.offsets[partition]!, index.offsets[partition + 1]!];
      const whole = to - from <= WHOLE_BYTES ? readRange(file, from, to) : undefined;
      if (!check || (whole ? crc32(whole) : checksumOf(file, from, to)) === index.checksums[partition]) {
        for (const piece of whole ? [whole] : readPieces(file, from, to)) {
          begun = true;
          tally.add(piece.length, false);
          yield piece;
        }
        return;
      }
      fault = `the checksum of partition ${partition} in ${file} is wrong; ${ON_THIS_DISK}`;
    } catch (error) {
      fault = (error as Error).message;
    }
    if (begun) break; // rows of it are on their way already
  }
  throw fetchFailed(shuffle, output, partition, fault);
}

function checksumOf(file: string, from: number, to: number): number {
  let checksum = 0;
  for (let at = from; at < to; at += PIECE_BYTES) checksum = crc32(readRange(file, at, Math.min(to, at + PIECE_BYTES)), checksum);
  return checksum;
}

/** @throws Error when the index is missing or damaged */
function readIndex(file: string): BucketIndex {
  const index = decodeIndex(readFileSync(`${file}.index`));
  if (!index) throw new Error(`${file}.index is damaged; ${ON_THIS_DISK}`);
  return index;
}

export function fetchFailed(shuffle: ShuffleOutputs, output: MapOutput, partition: number, detail: string): AppError<'FETCH_FAILED'> {
  const { mapIndex, mapTaskId, executorId } = output;
  return new AppError('FETCH_FAILED', {
    shuffleId: shuffle.shuffleId,
    mapIndex,
    mapTaskId,
    reduceId: partition,
    executorId,
    epoch: shuffle.epoch,
    detail,
  });
}

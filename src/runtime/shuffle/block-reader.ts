// The blocks that one reduce task reads: its partition of every map output. Blocks on this host come from disk, one at a time; others were fetched
// before the task runs (remote-blocks.ts). A block that fails its checksum is read once more, then it is FETCH_FAILED, as data.
// Source: Spark's ShuffleBlockFetcherIterator.
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import type { MapOutput, ShuffleOutputs } from '../plan/stage-install.ts';
import { type BucketIndex, decodeIndex } from './bucket-format.ts';
import { readRange } from './segments.ts';

export type BlockTally = { readonly add: (bytes: number, remote: boolean) => void };
/** Bytes of a remote block, fetched before; undefined: it lies on this host. */
export type FetchedBlocks = (output: MapOutput, partition: number) => Buffer | undefined;

/** @throws AppError FETCH_FAILED */
export function* readBlocks(shuffle: ShuffleOutputs, partition: number, tally: BlockTally, fetched: FetchedBlocks): Generator<Buffer> {
  for (const output of shuffle.outputs) {
    if (output.bytes[partition] === 0) continue;
    const remote = fetched(output, partition);
    const block = remote ?? localBlock(shuffle, output, partition);
    tally.add(block.length, remote !== undefined);
    yield block;
  }
}

function localBlock(shuffle: ShuffleOutputs, output: MapOutput, partition: number): Buffer {
  let fault = '';
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const index = readIndex(output.file);
      const block = readRange(output.file, index.offsets[partition]!, index.offsets[partition + 1]!);
      if (crc32(block) === index.checksums[partition]) return block;
      fault = `checksum of partition ${partition} in ${output.file} is wrong`;
    } catch (error) {
      fault = (error as Error).message;
    }
  }
  throw fetchFailed(shuffle, output, partition, fault);
}

/** @throws Error when the index is missing or damaged */
function readIndex(file: string): BucketIndex {
  const index = decodeIndex(readFileSync(`${file}.index`));
  if (!index) throw new Error(`${file}.index is damaged`);
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

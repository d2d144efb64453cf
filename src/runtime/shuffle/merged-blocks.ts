// Push-based shuffle, the reader's half: the blocks of a reduce partition that a shuffle service has merged, read in large chunks before the task runs.
// A chunk that is damaged, and all that can't be read, is left out: its blocks are then read from the map outputs, as if they had not been merged.
// Blocks are handed out one by one, so that a task reads them in the order of map tasks, whatever the order in which they were pushed: what a task computes
// does not depend on it. What is read from disk on this host is checked too, because a task that has begun can't fall back any more.
// Source: Spark's PushBasedFetchHelper and ShuffleBlockFetcherIterator.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import { decodeMergedBlocks, type MergedBlock, RECORD_BYTES } from '../../rpc/merged-index.ts';
import { FETCH_BYTES } from '../../rpc/messages/shuffle.ts';
import { noPushFigures } from '../../status/task-metrics.ts';
import type { TaskFigures } from '../plan/status-metrics.ts';
import type { MergedPartition } from '../plan/stage-install.ts';
import { runBounded } from './fetch-lanes.ts';
import { NewFile } from './local-file.ts';
import { fetchRange, type RemotePlace } from './remote-blocks.ts';
import { readPieces, readRange } from './segments.ts';

export type MergedPlace = Omit<RemotePlace, 'metrics'> & { readonly metrics: TaskFigures };

type Kept = Buffer | { readonly file: string; readonly from: number; readonly to: number };
type Block = MergedBlock & { readonly offset: number };
type Chunk = { readonly address: string; readonly offset: number; readonly bytes: number; readonly blocks: readonly Block[] };

export class MergedBlocks {
  readonly #blocks = new Map<string, Kept>();
  readonly #files: string[] = [];
  heldBytes = 0;

  /** @param local its file lies on this host. @throws AppError LOCAL_DISK: of the files that hold what memory does not */
  async fetch(shuffleId: number, partition: MergedPartition, local: boolean, place: MergedPlace): Promise<void> {
    const { metrics, settings } = place;
    const push = (metrics.push ??= noPushFigures());
    const began = performance.now();
    const chunks = await this.#chunks(partition, local, place);
    if (chunks === undefined) push.mergedFetchFallbackCount++;
    // When one can't be had, the others of the same service most likely can't either.
    let unreachable = false;
    const run = async (chunk: Chunk): Promise<void> => {
      const asked = performance.now();
      const data = unreachable ? undefined : await readFrom(partition, local, chunk.offset, chunk.bytes, place);
      if (!local) push.remoteMergedReqsDuration += Math.round(performance.now() - asked);
      unreachable ||= data === undefined;
      const isGood = ({ offset, bytes, checksum }: Block) =>
        crc32(data!.subarray(offset - chunk.offset, offset - chunk.offset + bytes)) === checksum;
      const damaged = data !== undefined && settings.checksum && !chunk.blocks.every(isGood);
      if (damaged) push.corruptMergedBlockChunks++;
      if (data === undefined || damaged) push.mergedFetchFallbackCount++;
      else {
        this.#keep(shuffleId, partition, local, chunk, data, place);
        count(metrics, push, local, chunk);
      }
    };
    await runBounded(chunks ?? [], { ...settings, blocksPerAddress: Number.POSITIVE_INFINITY }, ({ bytes }) => bytes, run);
    if (!local) metrics.shuffleFetchWaitTime += Math.round(performance.now() - began);
  }

  /** The map task's batches; undefined: they are not among what was merged and could be read. */
  get(shuffleId: number, reduceId: number, mapIndex: number): Iterable<Buffer> | undefined {
    const block = this.#blocks.get(keyOf(shuffleId, reduceId, mapIndex));
    if (block === undefined || Buffer.isBuffer(block)) return block && [block];
    return readPieces(block.file, block.from, block.to);
  }

  has(shuffleId: number, reduceId: number, mapIndex: number): boolean {
    return this.#blocks.has(keyOf(shuffleId, reduceId, mapIndex));
  }

  discard(): void {
    for (const file of this.#files) rmSync(file, { force: true });
    this.#blocks.clear();
  }

  /** @returns undefined: the index can't be read, or says something else than the service said */
  async #chunks(partition: MergedPartition, local: boolean, place: MergedPlace): Promise<Chunk[] | undefined> {
    const index = await readFrom({ ...partition, file: `${partition.file}.index` }, local, 0, partition.blocks * RECORD_BYTES, place);
    const records = index === undefined ? [] : decodeMergedBlocks(index);
    if (records.length !== partition.blocks || records.some(({ mapIndex }) => !isIn(partition.maps, mapIndex))) return undefined;
    const chunks: Chunk[] = [];
    let offset = 0;
    let open: Block[] = [];
    for (const [i, record] of records.entries()) {
      open.push({ ...record, offset });
      offset += record.bytes;
      if (!record.endsChunk && i < records.length - 1) continue;
      const begins = open[0]!.offset;
      chunks.push({ address: partition.address, offset: begins, bytes: offset - begins, blocks: open });
      open = [];
    }
    return offset === partition.bytes ? chunks : undefined;
  }

  #keep(shuffleId: number, partition: MergedPartition, local: boolean, chunk: Chunk, data: Buffer, place: MergedPlace): void {
    const put = (of: (from: number, to: number) => Kept) => {
      for (const { mapIndex, offset, bytes } of chunk.blocks)
        this.#blocks.set(keyOf(shuffleId, partition.reduceId, mapIndex), of(offset - chunk.offset, offset - chunk.offset + bytes));
    };
    if (this.heldBytes + data.length <= place.memoryBytes) {
      this.heldBytes += data.length;
      put((from, to) => data.subarray(from, to));
    } else if (local) put((from, to) => ({ file: partition.file, from: chunk.offset + from, to: chunk.offset + to }));
    else {
      const file = place.dirs.writing((dir) => {
        const made = new NewFile(path.join(dir, place.newName()), 'merged');
        made.write([data]);
        made.commit();
        return made.path;
      });
      this.#files.push(file);
      place.metrics.shuffleRemoteBytesToDisk += data.length;
      put((from, to) => ({ file, from, to }));
    }
  }
}

const keyOf = (shuffleId: number, reduceId: number, mapIndex: number) => `${shuffleId} ${reduceId} ${mapIndex}`;
const isIn = (maps: Uint8Array, mapIndex: number) => (maps[mapIndex >> 3]! & (1 << (mapIndex & 7))) !== 0;

/** A chunk counts as one block, as in Spark. */
function count(metrics: TaskFigures, push: NonNullable<TaskFigures['push']>, local: boolean, { bytes, blocks }: Chunk): void {
  if (local) {
    metrics.shuffleLocalBlocks++;
    metrics.shuffleLocalBytes += bytes;
    push.localMergedChunksFetched++;
    push.localMergedBlocksFetched += blocks.length;
    push.localMergedBytesRead += bytes;
  } else {
    metrics.shuffleRemoteBlocks++;
    metrics.shuffleRemoteBytes += bytes;
    push.remoteMergedChunksFetched++;
    push.remoteMergedBlocksFetched += blocks.length;
    push.remoteMergedBytesRead += bytes;
  }
}

/** @returns undefined when it can't be had, for whatever reason: there are the map outputs */
async function readFrom(
  { file, address }: Pick<MergedPartition, 'file' | 'address'>,
  local: boolean,
  offset: number,
  bytes: number,
  { client }: MergedPlace,
): Promise<Buffer | undefined> {
  try {
    if (local) return readRange(file, offset, offset + bytes);
    const whole = Buffer.allocUnsafeSlow(bytes);
    const starts = Array.from({ length: Math.ceil(bytes / FETCH_BYTES) }, (_, i) => i * FETCH_BYTES);
    await Promise.all(
      starts.map(async (at) => {
        const lengthBytes = Math.min(FETCH_BYTES, bytes - at);
        whole.set(await fetchRange(client, address, { file, offset: offset + at, lengthBytes }, false), at);
      }),
    );
    return whole;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

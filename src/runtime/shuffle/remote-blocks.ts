// Fetches the blocks of one reduce partition that lie on other hosts, before the task runs (the run itself is synchronous): in pieces, with a
// bound on bytes in flight, to memory while they are small and to local disk beyond. Verified here: index and checksum come over the wire too.
import { rmSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import type { MapOutput, ShuffleOutputs } from '../plan/stage-install.ts';
import { fetchFailed } from './block-reader.ts';
import { type BucketIndex, decodeIndex } from './bucket-format.ts';
import { NewFile } from './local-file.ts';
import { readRange } from './segments.ts';

/** Largest reply of block.fetch. */
const PIECE_BYTES = 1024 * 1024;

export type FetchBlock = (
  at: { readonly blockAddress: string; readonly file: string },
  offset: number,
  length: number,
) => Promise<Uint8Array>;

export type RemotePlace = {
  readonly fetchBlock: FetchBlock;
  /** Bytes that may be asked for at once (spark.reducer.maxSizeInFlight). */
  readonly inFlightBytes: number;
  /** Fetched bytes kept in memory; more go to files. */
  readonly memoryBytes: number;
  readonly newSpillPath: () => string;
};

export class RemoteBlocks {
  readonly #blocks = new Map<string, Buffer | { readonly file: string; readonly size: number }>();
  #heldBytes = 0;

  /** @throws AppError FETCH_FAILED after a second failure of the same block, LOCAL_DISK */
  async fetch(shuffle: ShuffleOutputs, partition: number, outputs: readonly MapOutput[], place: RemotePlace): Promise<void> {
    const waiting = outputs.filter((output) => output.bytes[partition] !== 0);
    let inFlight = 0;
    const running = new Set<Promise<void>>();
    for (const output of waiting) {
      const size = output.bytes[partition]!;
      while (running.size > 0 && inFlight + size > place.inFlightBytes) await Promise.race(running);
      inFlight += size;
      const one: Promise<void> = this.#fetchOne(shuffle, partition, output, place).finally(() => {
        inFlight -= size;
        running.delete(one);
      });
      one.catch(() => {}); // it is awaited below; without this a failure while others are awaited counts as unhandled
      running.add(one);
    }
    await Promise.all(running);
  }

  async #fetchOne(shuffle: ShuffleOutputs, partition: number, output: MapOutput, place: RemotePlace): Promise<void> {
    let fault = '';
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        const block = await fetchVerified(partition, output, place);
        if (block) return this.#keep(keyOf(output, partition), block, place);
        fault = `checksum of partition ${partition} in ${output.file} is wrong`;
      } catch (error) {
        if (error instanceof AppError && error.code === 'LOCAL_DISK') throw error;
        fault = (error as Error).message;
      }
    }
    throw fetchFailed(shuffle, output, partition, fault);
  }

  #keep(key: string, block: Buffer, place: RemotePlace): void {
    if (this.#heldBytes + block.length <= place.memoryBytes) {
      this.#heldBytes += block.length;
      this.#blocks.set(key, block);
      return;
    }
    const file = new NewFile(place.newSpillPath(), 'fetched');
    file.write([block]);
    file.commit();
    this.#blocks.set(key, { file: file.path, size: block.length });
  }

  get(output: MapOutput, partition: number): Buffer | undefined {
    const block = this.#blocks.get(keyOf(output, partition));
    return block === undefined || Buffer.isBuffer(block) ? block : readRange(block.file, 0, block.size);
  }

  discard(): void {
    for (const block of this.#blocks.values()) if (!Buffer.isBuffer(block)) rmSync(block.file, { force: true });
    this.#blocks.clear();
  }
}

const keyOf = (output: MapOutput, partition: number) => `${output.file} ${partition}`;

/** @returns undefined when the checksum is wrong */
async function fetchVerified(partition: number, output: MapOutput, place: RemotePlace): Promise<Buffer | undefined> {
  const index = await fetchIndex(output, place.fetchBlock);
  const [from, to] = [index.offsets[partition]!, index.offsets[partition + 1]!];
  const block = await fetchRange({ blockAddress: output.blockAddress, file: output.file }, from, to - from, place.fetchBlock);
  return crc32(block) === index.checksums[partition] ? block : undefined;
}

async function fetchIndex(output: MapOutput, fetchBlock: FetchBlock): Promise<BucketIndex> {
  const partitions = output.bytes.length;
  const length = 8 + (partitions + 1) * 8 + partitions * 12 + 4;
  const index = decodeIndex(await fetchRange({ blockAddress: output.blockAddress, file: `${output.file}.index` }, 0, length, fetchBlock));
  if (!index) throw new Error(`${output.file}.index is damaged`);
  return index;
}

async function fetchRange(
  at: { blockAddress: string; file: string },
  offset: number,
  length: number,
  fetchBlock: FetchBlock,
): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length; ) {
    const piece = await fetchBlock(at, offset + done, Math.min(PIECE_BYTES, length - done));
    if (piece.length === 0) throw new Error(`${at.file} ends at ${offset + done}, ${offset + length} expected`);
    whole.set(piece.subarray(0, length - done), done);
    done += piece.length;
  }
  return whole;
}

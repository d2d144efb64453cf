// Fetches the blocks of one reduce partition that others must serve, before the task runs (the run itself is synchronous): small blocks in batches,
// large ones in pieces, within bounds (fetch-lanes.ts), to memory as long as the task's share holds them and to local disk beyond. Verified here: a
// wrong checksum is fetched once more, then the server is asked what is wrong. Connections and their repetitions are executor/remote-blocks.ts.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import { FETCH_BYTES, FETCH_RANGES } from '../../rpc/messages/shuffle.ts';
import type { MapOutput, ShuffleOutputs } from '../plan/stage-install.ts';
import { fetchFailed } from './block-reader.ts';
import { diagnosis } from './diagnosis.ts';
import { type FetchRequest, planFetches, type RemoteBlock } from './fetch-plan.ts';
import { runBounded } from './fetch-lanes.ts';
import type { LocalDirs } from './local-dirs.ts';
import { NewFile } from './local-file.ts';
import { readPieces } from './segments.ts';
import type { ShuffleSettings } from './shuffle-settings.ts';

export type BlockRange = { readonly file: string; readonly offset: number; readonly lengthBytes: number };
export type BlockPart = { readonly data?: Uint8Array | undefined; readonly fault?: string | undefined };

/** One range of a file, whole. @throws AppError BLOCK_CORRUPT, and as BlockClient.fetchRanges */
export async function fetchRange(client: BlockClient, address: string, range: BlockRange, patient?: boolean): Promise<Uint8Array> {
  const [part] = await client.fetchRanges(address, [range], patient);
  if (part?.data?.length !== range.lengthBytes)
    throw new AppError('BLOCK_CORRUPT', { path: range.file, detail: part?.fault ?? 'it is cut off' });
  return part.data;
}

/** Whoever serves blocks, by address. */
export interface BlockClient {
  /**
   * At most FETCH_BYTES and FETCH_RANGES.
   * @param patient false: a server that can't be reached is not waited for; there is another way
   * @throws AppError when the server can't be reached, also after the repetitions that settings ask for
   */
  fetchRanges(address: string, ranges: readonly BlockRange[], patient?: boolean): Promise<readonly BlockPart[]>;
  diagnose(
    address: string,
    range: BlockRange & { readonly checksumOffset: number },
  ): Promise<{ readonly written: number; readonly now: number }>;
}

/** What is counted, by the names of task metrics. */
export type FetchMetrics = { shuffleFetchWaitTime: number; shuffleRemoteRequestsDuration: number; shuffleRemoteBytesToDisk: number };

export type RemotePlace = {
  readonly client: BlockClient;
  readonly settings: ShuffleSettings;
  /** Fetched bytes kept in memory; more go to files. */
  readonly memoryBytes: number;
  readonly dirs: LocalDirs;
  readonly newName: () => string;
  readonly metrics: FetchMetrics;
};

/** Room for the checksums of a batch. */
const CHECKSUM_BYTES = 4;
const BATCH_BLOCKS = FETCH_RANGES / 2;
const BATCH_BYTES = FETCH_BYTES - BATCH_BLOCKS * CHECKSUM_BYTES;

type Kept = Buffer | { readonly file: string; readonly from: number; readonly to: number };

export class RemoteBlocks {
  readonly #blocks = new Map<string, Kept>();
  readonly #files: string[] = [];
  #heldBytes = 0;

  /** @throws AppError FETCH_FAILED after a second failure of the same block, LOCAL_DISK */
  async fetch(shuffle: ShuffleOutputs, partition: number, outputs: readonly MapOutput[], place: RemotePlace): Promise<void> {
    const { settings, metrics } = place;
    const limits = {
      batchBytes: Math.min(BATCH_BYTES, settings.inFlightBytes),
      batchBlocks: Math.min(BATCH_BLOCKS, settings.blocksPerAddress),
    };
    const began = performance.now();
    await runBounded(
      planFetches(outputs, partition, limits),
      settings,
      ({ bytes }) => Math.min(bytes, BATCH_BYTES),
      async (request) => {
        const asked = performance.now();
        const failed =
          request.bytes > BATCH_BYTES ? await this.#large(request, partition, place) : await this.#batch(request, partition, place);
        metrics.shuffleRemoteRequestsDuration += Math.round(performance.now() - asked);
        if (failed !== undefined) throw fetchFailed(shuffle, failed.output, partition, failed.fault);
      },
    );
    metrics.shuffleFetchWaitTime += Math.round(performance.now() - began);
  }

  /** The block's batches, oldest first; undefined: it was not fetched. */
  get(output: MapOutput, partition: number): Iterable<Buffer> | undefined {
    const block = this.#blocks.get(keyOf(output, partition));
    if (block === undefined || Buffer.isBuffer(block)) return block && [block];
    return readPieces(block.file, block.from, block.to);
  }

  discard(): void {
    for (const file of this.#files) rmSync(file, { force: true });
    this.#blocks.clear();
  }

  async #batch({ address, blocks }: FetchRequest, partition: number, place: RemotePlace): Promise<Failed | undefined> {
    let failed: Failed[] = [];
    let wanted = blocks;
    for (let attempt = 0; attempt < 2 && wanted.length > 0; attempt++) {
      failed = [];
      try {
        const parts = await place.client.fetchRanges(address, wanted.flatMap(rangesOf));
        const good: [RemoteBlock, Buffer][] = [];
        for (const [i, block] of wanted.entries()) {
          const [data, checksum] = [parts[2 * i], parts[2 * i + 1]];
          const fault = data?.fault ?? checksum?.fault ?? faultOf(data?.data, checksum?.data, block, place.settings.checksum);
          if (fault === undefined) good.push([block, bufferOf(data!.data!)]);
          else failed.push({ block, output: block.output, fault });
        }
        this.#keep(good, partition, place);
      } catch (error) {
        if (error instanceof AppError && error.code === 'LOCAL_DISK') throw error;
        return { block: wanted[0]!, output: wanted[0]!.output, fault: (error as Error).message };
      }
      wanted = failed.map(({ block }) => block);
    }
    return failed[0] && { ...failed[0], fault: await explained(failed[0], address, partition, place) };
  }

  async #large({ address, blocks }: FetchRequest, partition: number, place: RemotePlace): Promise<Failed | undefined> {
    const block = blocks[0]!;
    let fault = '';
    for (let attempt = 0; attempt < 2; attempt++) {
      const target = this.#targetFor(block, place);
      try {
        const [checksum] = await place.client.fetchRanges(address, [rangesOf(block)[1]!]);
        let actual = 0;
        for (let at = 0; at < block.bytes && !checksum?.fault; at += FETCH_BYTES) {
          const lengthBytes = Math.min(FETCH_BYTES, block.bytes - at);
          const [piece] = await place.client.fetchRanges(address, [{ file: block.output.file, offset: block.offset + at, lengthBytes }]);
          if (piece?.data === undefined || piece.data.length !== lengthBytes)
            throw new Error(piece?.fault ?? `${block.output.file} is cut off`);
          actual = crc32(piece.data, actual);
          target.put(piece.data, at);
        }
        fault = checksum?.fault ?? (place.settings.checksum && readChecksum(checksum?.data) !== actual ? WRONG : '');
        if (fault === '') {
          this.#blocks.set(keyOf(block.output, partition), target.done());
          return undefined;
        }
      } catch (error) {
        if (error instanceof AppError && error.code === 'LOCAL_DISK') throw error;
        fault = (error as Error).message;
      }
      target.discard();
    }
    const failed = { block, output: block.output, fault };
    return { ...failed, fault: await explained(failed, address, partition, place) };
  }

  /** Memory while there is some, else a file. */
  #targetFor({ bytes }: RemoteBlock, place: RemotePlace): { put(piece: Uint8Array, at: number): void; done(): Kept; discard(): void } {
    if (bytes <= place.settings.toMemoryBytes && this.#heldBytes + bytes <= place.memoryBytes) {
      const whole = Buffer.allocUnsafeSlow(bytes);
      this.#heldBytes += bytes;
      return { put: (piece, at) => whole.set(piece, at), done: () => whole, discard: () => void (this.#heldBytes -= bytes) };
    }
    const file = newFile(place);
    const done = () => {
      file.commit();
      this.#files.push(file.path);
      place.metrics.shuffleRemoteBytesToDisk += bytes;
      return { file: file.path, from: 0, to: bytes };
    };
    return { put: (piece) => file.write([piece]), done, discard: () => file.discard() };
  }

  /** What memory can't hold of a batch goes into one file. */
  #keep(blocks: readonly [RemoteBlock, Buffer][], partition: number, place: RemotePlace): void {
    let file: NewFile | undefined;
    for (const [{ output }, data] of blocks) {
      if (this.#heldBytes + data.length <= place.memoryBytes) {
        this.#heldBytes += data.length;
        this.#blocks.set(keyOf(output, partition), data);
        continue;
      }
      file ??= newFile(place);
      const from = file.size;
      file.write([data]);
      this.#blocks.set(keyOf(output, partition), { file: file.path, from, to: file.size });
      place.metrics.shuffleRemoteBytesToDisk += data.length;
    }
    if (file === undefined) return;
    file.commit();
    this.#files.push(file.path);
  }
}

const newFile = ({ dirs, newName }: RemotePlace) => dirs.writing((dir) => new NewFile(path.join(dir, newName()), 'fetched'));

type Failed = { readonly block: RemoteBlock; readonly output: MapOutput; readonly fault: string };
const WRONG = 'the checksum is wrong';

const keyOf = (output: MapOutput, partition: number) => `${output.file} ${partition}`;
const bufferOf = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const readChecksum = (data: Uint8Array | undefined) => (data?.length === CHECKSUM_BYTES ? bufferOf(data).readUInt32LE(0) : undefined);
const rangesOf = ({ output: { file }, offset, bytes, checksumOffset }: RemoteBlock): BlockRange[] => [
  { file, offset, lengthBytes: bytes },
  { file: `${file}.index`, offset: checksumOffset, lengthBytes: CHECKSUM_BYTES },
];

function faultOf(data: Uint8Array | undefined, checksum: Uint8Array | undefined, block: RemoteBlock, check: boolean): string | undefined {
  if (data?.length !== block.bytes) return `${block.output.file} is cut off`;
  return check && readChecksum(checksum) !== crc32(data) ? WRONG : undefined;
}

/** A wrong checksum, with who is to blame; any other fault as it is. */
async function explained({ block, fault }: Failed, address: string, partition: number, { client }: RemotePlace): Promise<string> {
  if (fault !== WRONG) return fault;
  const { file } = block.output;
  const range = { file, offset: block.offset, lengthBytes: block.bytes, checksumOffset: block.checksumOffset };
  const found = await client.diagnose(address, range).catch(() => undefined);
  return `the checksum of partition ${partition} in ${file} is wrong; ${diagnosis(found)}`;
}

// The merging half of the shuffle service: takes the blocks that executors push, each to the merged file of its reduce partition (merge-file.ts), until
// the driver finalizes the shuffle. Files lie in the application's own shuffle folders, `shuffle_<shuffle>_merged_<attempt>_<reduce>.data`, are read
// and removed like map outputs, and are found there again after a restart. Source: Spark's RemoteBlockPushResolver.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import type { ReplyOf, RequestOf } from '../../rpc/define-rpc.ts';
import { shuffleFinalize, shufflePush } from '../../rpc/messages/shuffle-push.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Lanes } from '../../rpc/serve-blocks.ts';
import type { Verdict } from '../core/merge-machine.ts';
import { MergeFile } from './merge-file.ts';

/** Pushed bytes that wait to be written; above it nobody who pushes is listened to until there are fewer. */
const HELD_BYTES = 64 * 1024 * 1024;

export type BlockMergerParts = {
  readonly lanes: Lanes;
  /** spark.shuffle.push.server.minChunkSizeInMergedShuffleFile */
  readonly chunkBytes: number;
  readonly rootsOf: (applicationId: ApplicationId) => readonly string[];
  readonly logger: Logger;
};

type Shuffle = {
  readonly attempt: number;
  finalized: boolean;
  /** By reduce partition. */
  readonly files: Map<number, Promise<MergeFile>>;
  /** What was there before is in `files`. */
  readonly ready: Promise<void>;
};
type Push = RequestOf<typeof shufflePush>;

export class BlockMerger {
  readonly #parts: BlockMergerParts;
  readonly #shuffles = new Map<ApplicationId, Map<number, Shuffle>>();
  readonly #paused = new Set<Peer>();
  #heldBytes = 0;

  constructor(parts: BlockMergerParts) {
    this.#parts = parts;
  }

  /** @param mayMerge throws where files of the application can't be written safely */
  serve(peer: Peer, applicationId: ApplicationId, mayMerge: () => Promise<void>): void {
    peer.serve(shufflePush, async (push) => {
      await mayMerge();
      this.#heldBytes += push.data.length;
      if (this.#heldBytes > HELD_BYTES) {
        peer.channel.pause();
        this.#paused.add(peer);
      }
      try {
        return await this.#push(applicationId, push);
      } finally {
        this.#heldBytes -= push.data.length;
        if (this.#heldBytes <= HELD_BYTES && this.#paused.size > 0) {
          for (const paused of this.#paused) paused.channel.resume();
          this.#paused.clear();
        }
      }
    });
    peer.serve(shuffleFinalize, async ({ shuffleId, attempt }) => {
      await mayMerge();
      return this.#finalize(applicationId, shuffleId, attempt);
    });
  }

  /** Its folders are gone. */
  stopApplication(applicationId: ApplicationId): void {
    this.#shuffles.delete(applicationId);
  }

  /** Nobody can read them any more; their files are the caller's to delete. */
  forget(applicationId: ApplicationId, shuffleIds: ReadonlySet<number>): void {
    for (const shuffleId of shuffleIds) this.#shuffles.get(applicationId)?.delete(shuffleId);
  }

  async #push(applicationId: ApplicationId, { shuffleId, attempt, mapIndex, blocks, data }: Push): Promise<ReplyOf<typeof shufflePush>> {
    const total = blocks.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
    if (total !== data.length)
      throw new AppError('BAD_MESSAGE', { message: shufflePush.name, fault: `blocks of ${total} bytes in ${data.length} bytes of data` });
    const shuffle = this.#shuffle(applicationId, shuffleId, attempt);
    await shuffle?.ready;
    if (shuffle === undefined || shuffle.finalized) return { merged: 0, late: blocks.length, failed: 0 };
    let at = 0;
    const verdicts = await Promise.all(
      blocks.map(async ({ reduceId, lengthBytes, checksum }): Promise<Verdict> => {
        const block = data.subarray(at, (at += lengthBytes));
        if (crc32(block) !== checksum) return 'failed'; // spoilt on its way, or on the writer's disk: readers find out there
        const file = await this.#file(applicationId, shuffleId, shuffle, reduceId);
        return shuffle.finalized ? 'late' : await file.push({ mapIndex, data: block, checksum });
      }),
    );
    const count = (verdict: Verdict) => verdicts.filter((v) => v === verdict).length;
    return { merged: count('merged'), late: count('late'), failed: count('failed') };
  }

  async #finalize(applicationId: ApplicationId, shuffleId: number, attempt: number): Promise<ReplyOf<typeof shuffleFinalize>> {
    const shuffle = this.#shuffle(applicationId, shuffleId, attempt);
    await shuffle?.ready;
    if (shuffle === undefined) return { partitions: [] };
    shuffle.finalized = true;
    const ends = await Promise.all(
      [...shuffle.files].map(async ([reduceId, file]) => {
        const end = await (await file).finalize();
        return { reduceId, file: end.file, lengthBytes: end.merged.bytes, blocks: end.merged.blocks, maps: bitmap(end.merged.maps) };
      }),
    );
    return { partitions: ends.filter(({ blocks }) => blocks > 0).sort((a, b) => a.reduceId - b.reduceId) };
  }

  /** @returns undefined: a newer attempt of the application has begun */
  #shuffle(applicationId: ApplicationId, shuffleId: number, attempt: number): Shuffle | undefined {
    const shuffles = this.#shuffles.get(applicationId) ?? new Map<number, Shuffle>();
    this.#shuffles.set(applicationId, shuffles);
    const known = shuffles.get(shuffleId);
    if (known !== undefined && known.attempt >= attempt) return known.attempt === attempt ? known : undefined;
    const files = new Map<number, Promise<MergeFile>>();
    const shuffle = { attempt, finalized: false, files, ready: this.#find(applicationId, shuffleId, attempt, files) };
    shuffles.set(shuffleId, shuffle);
    return shuffle;
  }

  /** The merged files that a service before this one began. */
  async #find(applicationId: ApplicationId, shuffleId: number, attempt: number, files: Shuffle['files']): Promise<void> {
    const begins = nameOf(shuffleId, attempt);
    for (const root of this.#parts.rootsOf(applicationId)) {
      for (const name of await readdir(root).catch(() => [])) {
        const reduceId = name.startsWith(begins) && name.endsWith('.index') ? Number.parseInt(name.slice(begins.length), 10) : -1;
        if (reduceId >= 0) files.set(reduceId, this.#open(join(root, `${begins}${reduceId}.data`)));
      }
    }
  }

  #file(applicationId: ApplicationId, shuffleId: number, { attempt, files }: Shuffle, reduceId: number): Promise<MergeFile> {
    const known = files.get(reduceId);
    if (known !== undefined) return known;
    const roots = this.#parts.rootsOf(applicationId);
    if (roots.length === 0) throw new AppError('BAD_MESSAGE', { message: shufflePush.name, fault: 'no executor has registered here' });
    const opened = this.#open(join(roots[reduceId % roots.length]!, `${nameOf(shuffleId, attempt)}${reduceId}.data`));
    files.set(reduceId, opened);
    return opened;
  }

  #open(path: string): Promise<MergeFile> {
    const { chunkBytes, lanes, logger } = this.#parts;
    return MergeFile.open(path, chunkBytes, lanes, (error) =>
      logger.warn(`${path} can't be written, its readers use the map outputs: ${error.message}`),
    );
  }
}

const nameOf = (shuffleId: number, attempt: number) => `shuffle_${shuffleId}_merged_${attempt}_`;

function bitmap(maps: ReadonlySet<number>): Uint8Array {
  let most = -1;
  for (const map of maps) most = Math.max(most, map);
  const bits = new Uint8Array((most >> 3) + 1);
  for (const map of maps) bits[map >> 3]! |= 1 << (map & 7);
  return bits;
}

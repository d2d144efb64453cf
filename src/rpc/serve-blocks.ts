// Ranges of files below given folders, for the block protocol (messages/shuffle.ts): a path that leads out of the folders, by `..` or by a link,
// is refused like a file that is not there. Reads are asynchronous, few at a time, and wait while the reader is behind, so serving never holds up
// the process that does it: an executor's main thread, or a NodeManager. Who may ask, and for which folders, is the caller's business.
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../common/errors.ts';
import { blockDiagnose, blockFetch, blockFetchBatch, FETCH_BYTES } from './messages/shuffle.ts';
import type { Peer } from './peer.ts';

export type Range = { readonly file: string; readonly offset: number; readonly lengthBytes: number };

/** Requests of one reader that are being answered; above it we stop listening to that reader until there are fewer. */
const REQUESTS_OF_ONE = 16;

/** So many run at once, the others wait in order. */
export class Lanes {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<R>(work: () => Promise<R>): Promise<R> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

/** What is served in all, for metrics. */
export type Served = { requests: number; blocks: number; bytes: number };

const NO_OWNER = async (): Promise<undefined> => undefined;

/**
 * @param roots real paths of the folders whose files may be read, asked for each request: an executor may register later
 * @param lanes shared by all readers of this process
 * @param ownerOf user id that the files must have, where we could read those of others; undefined: any
 */
export function serveBlocks(
  peer: Peer,
  roots: () => readonly string[],
  lanes: Lanes,
  served: Served,
  ownerOf: () => Promise<number | undefined> = NO_OWNER,
): void {
  const { channel } = peer;
  let inHand = 0;
  const bounded = async <R>(work: () => Promise<R>): Promise<R> => {
    if (++inHand === REQUESTS_OF_ONE) channel.pause();
    try {
      await channel.drained();
      served.requests++;
      return await lanes.run(work);
    } finally {
      if (inHand-- === REQUESTS_OF_ONE) channel.resume();
    }
  };
  peer.serve(blockFetch, ({ file, offset, lengthBytes }) =>
    bounded(async () => ({
      data: await readRange(roots(), { file, offset, lengthBytes: Math.min(lengthBytes, FETCH_BYTES) }, served, await ownerOf()),
    })),
  );
  peer.serve(blockFetchBatch, ({ ranges }) => {
    const total = ranges.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
    if (total > FETCH_BYTES)
      throw new AppError('BAD_MESSAGE', { message: blockFetchBatch.name, fault: `${total} bytes asked for, at most ${FETCH_BYTES}` });
    return bounded(async () => ({ parts: await readRanges(roots(), ranges, served, await ownerOf()) }));
  });
  peer.serve(blockDiagnose, ({ file, offset, lengthBytes, checksumOffset }) =>
    bounded(async () => {
      const owner = await ownerOf();
      const stored = await readRange(roots(), { file: `${file}.index`, offset: checksumOffset, lengthBytes: 4 }, served, owner);
      let now = 0;
      for (let at = 0; at < lengthBytes; at += FETCH_BYTES) {
        const piece = { file, offset: offset + at, lengthBytes: Math.min(FETCH_BYTES, lengthBytes - at) };
        now = crc32(await readRange(roots(), piece, served, owner), now);
      }
      return { written: Buffer.from(stored).readUInt32LE(0), now };
    }),
  );
}

async function readRanges(
  roots: readonly string[],
  ranges: readonly Range[],
  served: Served,
  owner: number | undefined,
): Promise<{ data?: Uint8Array; fault?: string }[]> {
  const parts: { data?: Uint8Array; fault?: string }[] = [];
  for (const range of ranges) {
    try {
      parts.push({ data: await readRange(roots, range, served, owner) });
    } catch (error) {
      parts.push({ fault: (error as Error).message });
    }
  }
  return parts;
}

/** @throws AppError BLOCK_CORRUPT when it is not there, lies elsewhere or is too short */
export async function readRange(
  roots: readonly string[],
  { file, offset, lengthBytes }: Range,
  served: Served,
  owner?: number,
): Promise<Uint8Array> {
  const corrupt = (detail: string) => new AppError('BLOCK_CORRUPT', { path: file, detail });
  const failed = (error: NodeJS.ErrnoException) => Promise.reject(corrupt(error.code ?? error.message));
  const real = await realpath(file).catch(failed);
  if (!roots.some((root) => real.startsWith(root + sep))) throw corrupt('it is no shuffle file of this application');
  const handle: FileHandle = await open(real, 'r').catch(failed);
  try {
    // Between the look and the opening its folder may have been changed for a link: what is open is what counts.
    if (owner !== undefined && (await handle.stat()).uid !== owner) throw corrupt('it belongs to another user');
    const data = Buffer.allocUnsafe(lengthBytes);
    for (let got = 0; got < lengthBytes; ) {
      const { bytesRead } = await handle.read(data, got, lengthBytes - got, offset + got).catch(failed);
      if (bytesRead === 0) throw corrupt(`it ends at ${offset + got}; ${offset + lengthBytes} bytes were expected`);
      got += bytesRead;
    }
    served.blocks++;
    served.bytes += lengthBytes;
    return data;
  } finally {
    await handle.close();
  }
}

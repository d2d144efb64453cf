// Takes over map outputs of executors and nodes that leave, when the driver says so (shuffle.take): data file and index are read where they lie,
// compared with their checksums on the way, and kept among this executor's own shuffle files, or in the fallback storage. Only what is whole gets
// its name. Who is asked is driver/core/shuffle-migration.ts. Source: Spark's IndexShuffleBlockResolver.putShuffleBlockAsStream, FallbackStorage.copy.
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import { settingOf } from '../../common/key.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import { shuffleTake } from '../../rpc/messages/migration.ts';
import { FETCH_BYTES } from '../../rpc/messages/shuffle.ts';
import type { Peer } from '../../rpc/peer.ts';
import { type BucketIndex, decodeIndex, indexBytes } from '../shuffle/bucket-format.ts';
import { NewFile } from '../shuffle/local-file.ts';
import { type BlockClient, fetchRange } from '../shuffle/remote-blocks.ts';

export type TakingParts = {
  readonly host: string;
  readonly shuffleDirs: readonly string[];
  readonly conf: ReadonlyMap<string, string>;
  /** For what lies on other hosts. */
  readonly client: BlockClient;
};
export type MapOutputSource = {
  readonly file: string;
  readonly host: string;
  readonly blockAddress: string;
  readonly partitions: number;
  /** Below this folder instead of the executor's own. */
  readonly into?: string | undefined;
};
type Read = (file: string, from: number, lengthBytes: number) => Promise<Uint8Array>;

export function serveTaking(driver: Peer, parts: TakingParts): void {
  let taking = 0;
  driver.serve(shuffleTake, async (source) => ({ file: await takeMapOutput(source, parts, `taken-${process.pid}-${++taking}`) }));
}

/**
 * @param suffix of the file until it is whole
 * @returns where the data file is now. @throws AppError LOCAL_DISK when no folder here takes it, BLOCK_CORRUPT, or what the connection says
 */
export async function takeMapOutput(source: MapOutputSource, parts: TakingParts, suffix: string): Promise<string> {
  const dirs = source.into === undefined ? parts.shuffleDirs : [source.into];
  if (source.into === undefined) await refuseAboveLimit(parts);
  let failure: unknown;
  for (const dir of dirs) {
    try {
      return await copy(source, join(dir, basename(source.file)), readerOf(source, parts), suffix);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'LOCAL_DISK') throw error;
      failure = error;
    }
  }
  throw failure;
}

async function copy({ file, partitions }: MapOutputSource, to: string, read: Read, suffix: string): Promise<string> {
  const written = await whole(read, `${file}.index`, indexBytes(partitions));
  const index = decodeIndex(Buffer.from(written));
  if (index === undefined) throw new AppError('BLOCK_CORRUPT', { path: `${file}.index`, detail: 'it is no index, or a damaged one' });
  const data = new NewFile(to, suffix);
  try {
    const check = checkerOf(index, file);
    const totalBytes = index.offsets.at(-1)!;
    for (let at = 0; at < totalBytes; at += FETCH_BYTES) {
      const piece = await read(file, at, Math.min(FETCH_BYTES, totalBytes - at));
      check(piece);
      data.write([piece]);
    }
    check(new Uint8Array(0));
    const indexFile = new NewFile(`${to}.index`, suffix);
    indexFile.write([written]);
    data.commit();
    indexFile.commit();
    return to;
  } catch (error) {
    data.discard();
    throw error;
  }
}

/** Fed the file from its beginning. It throws BLOCK_CORRUPT for a partition that is not what was written. */
function checkerOf({ offsets, checksums }: BucketIndex, path: string): (piece: Uint8Array) => void {
  let partition = 0;
  let at = 0;
  let checksum = 0;
  return (piece) => {
    for (let used = 0; ; ) {
      const take = Math.min(piece.length - used, offsets[partition + 1]! - at);
      checksum = crc32(piece.subarray(used, used + take), checksum);
      at += take;
      used += take;
      if (at < offsets[partition + 1]!) return;
      if (checksum !== checksums[partition])
        throw new AppError('BLOCK_CORRUPT', { path, detail: `the checksum of partition ${partition} is wrong` });
      if (partition + 1 === checksums.length) return;
      partition++;
      checksum = 0;
    }
  };
}

async function whole(read: Read, file: string, lengthBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < lengthBytes; at += FETCH_BYTES) pieces.push(await read(file, at, Math.min(FETCH_BYTES, lengthBytes - at)));
  return Buffer.concat(pieces);
}

/** Files of this host are read where they lie, unless the settings forbid it: nobody need be alive for that. */
function readerOf({ host, blockAddress }: MapOutputSource, { host: here, conf, client }: TakingParts): Read {
  if (host === here && conf.get(SPARK_KEYS.readHostLocalDisk.name) !== 'false') return readHere;
  return (file, offset, lengthBytes) => fetchRange(client, blockAddress, { file, offset, lengthBytes });
}

async function readHere(file: string, from: number, lengthBytes: number): Promise<Uint8Array> {
  const corrupt = (error: NodeJS.ErrnoException) => new AppError('BLOCK_CORRUPT', { path: file, detail: error.code ?? error.message });
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => Promise.reject(corrupt(error)));
  try {
    const data = Buffer.allocUnsafe(lengthBytes);
    for (let got = 0; got < lengthBytes; ) {
      const { bytesRead } = await handle.read(data, got, lengthBytes - got, from + got);
      if (bytesRead === 0) throw new AppError('BLOCK_CORRUPT', { path: file, detail: `it ends at ${from + got}` });
      got += bytesRead;
    }
    return data;
  } finally {
    await handle.close();
  }
}

/** @throws AppError LOCAL_DISK when this executor has as many shuffle bytes as it may have to take others' */
async function refuseAboveLimit({ shuffleDirs, conf }: TakingParts): Promise<void> {
  const { name } = SPARK_KEYS.decommissionMaxDisk;
  const limit = conf.get(name);
  if (limit === undefined) return;
  const limitBytes = settingOf(conf, SPARK_KEYS.decommissionMaxDisk);
  let bytes = 0;
  for (const dir of shuffleDirs)
    for (const file of await readdir(dir).catch(() => []))
      bytes += await stat(join(dir, file)).then(
        ({ size }) => size,
        () => 0,
      ); // prettier-ignore
  if (bytes > limitBytes)
    throw new AppError('LOCAL_DISK', { path: shuffleDirs[0]!, detail: `its shuffle files have ${bytes} bytes, above ${name}=${limit}` });
}

// Reads archives of log files: the index, and any part of any file in it. Trusts nothing that it reads: lengths are bounded by the file.
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type ArchivedFile, type ArchiveIndex, anArchiveIndex, BLOCK_BYTES, TAIL_BYTES, TAIL_MAGIC } from './archive-format.ts';

const unpacked = promisify(gunzip);
const MOST_INDEX_BYTES = 64 * 1024 * 1024;

export class BadArchive extends Error {}

/** @returns undefined when there is no such archive. @throws BadArchive, Error EACCES … */
export async function readArchiveIndex(path: string): Promise<ArchiveIndex | undefined> {
  return await withFile(path, async (file) => {
    const { size } = await file.stat();
    const tail = await part(file, size - TAIL_BYTES, TAIL_BYTES, size);
    if (tail.toString('latin1', 12) !== TAIL_MAGIC) throw new BadArchive(`${path} has no whole end`);
    const index = await part(file, Number(tail.readBigUInt64BE()), tail.readUInt32BE(8), size);
    try {
      const value: unknown = JSON.parse((await unpacked(index, { maxOutputLength: MOST_INDEX_BYTES })).toString('utf8'));
      const fault = anArchiveIndex.check(value, 'index');
      if (fault !== undefined) throw new BadArchive(fault);
      return value as ArchiveIndex;
    } catch (error) {
      throw new BadArchive(`${path} has a damaged index: ${(error as Error).message}`);
    }
  });
}

/**
 * @param offset of the file as it was; -n counts from its end
 * @returns up to `lengthBytes` from there, less when a block ends before, and where they begin
 * @throws BadArchive when a block is damaged
 */
export async function readArchived(
  path: string,
  file: ArchivedFile,
  offset: number,
  lengthBytes: number,
): Promise<{ bytes: Buffer; offset: number } | undefined> {
  const from = offset < 0 ? Math.max(0, file.sizeBytes + offset) : Math.min(offset, file.sizeBytes);
  let begins = 0;
  for (const block of file.blocks) {
    if (from >= begins + block.rawBytes) {
      begins += block.rawBytes;
      continue;
    }
    const skipped = from - begins;
    return await withFile(path, async (handle) => {
      const bytes = await part(handle, block.at, block.length, (await handle.stat()).size);
      const raw = await unpacked(bytes, { maxOutputLength: BLOCK_BYTES }).catch((error: Error) => {
        throw new BadArchive(`${path}: a block of ${file.containerId}/${file.name} is damaged: ${error.message}`);
      });
      return { bytes: raw.subarray(skipped, skipped + lengthBytes), offset: from };
    });
  }
  return { bytes: Buffer.alloc(0), offset: from };
}

async function withFile<T>(path: string, act: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await act(file);
  } finally {
    await file.close();
  }
}

async function part(file: FileHandle, at: number, length: number, size: number): Promise<Buffer> {
  if (at < 0 || length < 0 || at + length > size) throw new BadArchive('it ends too early');
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  if (bytesRead !== length) throw new BadArchive('it ends too early');
  return bytes;
}

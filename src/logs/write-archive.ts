// Makes the archive of one application's logs on one node. Whole or not at all: written to one side, synced, renamed.
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type ApplicationId, isContainerId, type NodeId } from '../common/ids.ts';
import { type ArchivedFile, type ArchiveIndex, BLOCK_BYTES, MAGIC, TAIL_BYTES, TAIL_MAGIC } from './archive-format.ts';

const packed = promisify(gzip);
const LEVEL = 4;

export type Archived = { readonly files: number; readonly rawBytes: number; readonly bytes: number };

/**
 * @param logDirs the application's log folders, one for each disk: `<container>/<file>` in them
 * @returns undefined when there is not one file. @throws Error ENOSPC, EACCES …; nothing is left behind then
 */
export async function writeArchive(
  path: string,
  of: { readonly applicationId: ApplicationId; readonly nodeId: NodeId; readonly nowMs: number },
  logDirs: readonly string[],
): Promise<Archived | undefined> {
  const found = await logFiles(logDirs);
  if (found.length === 0) return undefined;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.draft`;
  try {
    const out = await open(draft, 'w', 0o600);
    let done: Archived;
    try {
      done = await writeAll(out, found, of);
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(draft, path);
    return done;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

type Found = { readonly containerId: ArchivedFile['containerId']; readonly name: string; readonly path: string };

async function logFiles(logDirs: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const dir of logDirs)
    for (const container of await readdir(dir).catch(() => [] as string[])) {
      if (!isContainerId(container)) continue;
      for (const name of (await readdir(join(dir, container))).sort())
        if (!name.startsWith('.')) found.push({ containerId: container, name, path: join(dir, container, name) });
    }
  return found.sort((a, b) => (a.containerId < b.containerId ? -1 : a.containerId > b.containerId ? 1 : 0));
}

async function writeAll(
  out: FileHandle,
  found: readonly Found[],
  { applicationId, nodeId, nowMs }: { applicationId: ApplicationId; nodeId: NodeId; nowMs: number },
): Promise<Archived> {
  let at = 0;
  const put = async (bytes: Uint8Array) => {
    await out.write(bytes);
    at += bytes.length;
  };
  await put(Buffer.from(MAGIC));
  const files: ArchivedFile[] = [];
  for (const { containerId, name, path } of found) {
    // The folder was the container's to write: links lead nowhere, and a pipe does not hold us up.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
    if (file === undefined) continue;
    try {
      const stat = await file.stat();
      if (!stat.isFile()) continue;
      const blocks: ArchivedFile['blocks'] = [];
      let sizeBytes = 0;
      for (;;) {
        const raw = Buffer.alloc(BLOCK_BYTES);
        const { bytesRead } = await file.read(raw, 0, BLOCK_BYTES, sizeBytes);
        if (bytesRead === 0) break;
        const block = await packed(raw.subarray(0, bytesRead), { level: LEVEL });
        blocks.push({ at, length: block.length, rawBytes: bytesRead });
        await put(block);
        sizeBytes += bytesRead;
      }
      files.push({ containerId, name, sizeBytes, modifiedAtMs: Math.floor(stat.mtimeMs), blocks });
    } finally {
      await file.close();
    }
  }
  const index: ArchiveIndex = { applicationId, nodeId, createdAtMs: nowMs, files };
  const indexBytes = await packed(Buffer.from(JSON.stringify(index)));
  const tail = Buffer.alloc(TAIL_BYTES);
  tail.writeBigUInt64BE(BigInt(at));
  tail.writeUInt32BE(indexBytes.length, 8);
  tail.write(TAIL_MAGIC, 12, 'latin1');
  await put(indexBytes);
  await put(tail);
  return { files: files.length, rawBytes: files.reduce((sum, f) => sum + f.sizeBytes, 0), bytes: at };
}

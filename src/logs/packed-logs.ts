// Packed logs of an application read from their folder, without a NodeManager: its node may be gone for good. Only where the folder is
// this host's or shared, and readable for this user. For `yarn logs`, and for the ResourceManager, which passes logs on.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogBytes } from '../common/container-logs.ts';
import { AppError } from '../common/errors.ts';
import type { ApplicationId } from '../common/ids.ts';
import { type ArchivedFile, archiveName } from './archive-format.ts';
import { readArchived, readArchiveIndex } from './read-archive.ts';

export type PackedFile = Omit<ArchivedFile, 'blocks'> & {
  readonly nodeId: string;
  /** @throws AppError LOG_NOT_FOUND */
  readonly read: (offset: number, lengthBytes: number) => Promise<LogBytes>;
};
export type NodeArchive = { readonly nodeId: string; readonly files: PackedFile[] };

/**
 * Archives that can't be read are left out: their nodes may still answer.
 * @param folder of all applications (yarn.nodemanager.remote-app-log-dir)
 */
export async function packedLogs(folder: string, applicationId: ApplicationId): Promise<NodeArchive[]> {
  const own = join(folder, applicationId);
  const names = (await readdir(own).catch(() => [])).filter((name) => name.endsWith(archiveName('')));
  const found = await Promise.all(names.map((name) => archive(join(own, name)).catch(() => undefined)));
  return found.filter((a) => a !== undefined);
}

async function archive(path: string): Promise<NodeArchive | undefined> {
  const index = await readArchiveIndex(path);
  if (index === undefined) return undefined;
  const { nodeId } = index;
  const files = index.files.map(({ blocks, ...file }) => ({ ...file, nodeId, read: reading(path, { ...file, blocks }) }));
  return { nodeId, files };
}

const reading =
  (path: string, file: ArchivedFile): PackedFile['read'] =>
  async (offset, lengthBytes) => {
    const part = await readArchived(path, file, offset, lengthBytes);
    if (part === undefined) throw new AppError('LOG_NOT_FOUND', { what: `${file.name} of ${file.containerId}` });
    return { ...part, sizeBytes: file.sizeBytes, running: false };
  };

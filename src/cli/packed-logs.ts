// Packed logs of an application read from their folder, without a NodeManager: its node may be gone for good. Only where the folder is
// this host's or shared, and readable for this user. The form of the files is src/logs/.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KEYS } from '../common/config-keys.ts';
import { AppError } from '../common/errors.ts';
import type { ApplicationId } from '../common/ids.ts';
import { type ArchivedFile, archiveName } from '../logs/archive-format.ts';
import { readArchived, readArchiveIndex } from '../logs/read-archive.ts';
import type { Cluster } from '../platform/find-cluster.ts';
import type { NodeLogFile } from './read-logs.ts';

export type NodeArchive = { readonly nodeId: string; readonly files: NodeLogFile[] };

/** Archives that can't be read are left out: their nodes may still answer. */
export async function packedLogs(cluster: Cluster, applicationId: ApplicationId): Promise<NodeArchive[]> {
  const folder = join(cluster.settings.get(KEYS.logAggregationDir) ?? join(cluster.dataDir, 'app-logs'), applicationId);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(archiveName('')));
  const found = await Promise.all(names.map((name) => archive(join(folder, name)).catch(() => undefined)));
  return found.filter((a) => a !== undefined);
}

async function archive(path: string): Promise<NodeArchive | undefined> {
  const index = await readArchiveIndex(path);
  if (index === undefined) return undefined;
  const { nodeId } = index;
  const files = index.files.map(({ blocks, ...file }) => ({ ...file, nodeId, aggregated: true, read: reading(path, { ...file, blocks }) }));
  return { nodeId, files };
}

const reading =
  (path: string, file: ArchivedFile): NodeLogFile['read'] =>
  async (offset, lengthBytes) => {
    const part = await readArchived(path, file, offset, lengthBytes);
    if (part === undefined) throw new AppError('LOG_NOT_FOUND', { what: `${file.name} of ${file.containerId}` });
    return { ...part, sizeBytes: file.sizeBytes, running: false };
  };

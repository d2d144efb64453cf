// The driver's folder of --files, --archives and sc.addFile: what SparkFiles.get finds in the driver and, with a local master, in tasks.
// Executors of a cluster have theirs in the container's work folder (the NodeManager puts it there; worker-files.ts adds later ones).
import { copyFileSync, existsSync, linkSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../common/errors.ts';
import type { SubmitConfig } from '../common/submit-config.ts';
import { setSparkFilesRoot } from './rdd/spark-files.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** As a NodeManager: what an archive may hold at most. */
const LIMITS = { maxBytes: 64 * 2 ** 30, maxEntries: 1_000_000 };

let root: string | undefined;

/** Made when first asked for, removed with the process. */
export function userFilesRoot(): string {
  if (root !== undefined) return root;
  const made = makeTemporaryFolder(tmpdir());
  setSparkFilesRoot(made);
  root = made;
  return made;
}

/** Cluster mode: the container's work folder has them already. */
export function useWorkFolder(folder: string): void {
  setSparkFilesRoot(folder);
  root = folder;
}

/** @returns the name under which SparkFiles.get finds it. @throws AppError FILE_MISSING, BAD_ARGUMENT for a folder */
export function addUserFile(path: string): { name: string; path: string } {
  const name = basename(path);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new AppError('FILE_MISSING', { what: 'The file', path });
  if (stat.isDirectory())
    throw new AppError('BAD_ARGUMENT', { method: 'addFile', reason: `${path} is a folder; make an archive of it and use --archives` });
  const target = join(userFilesRoot(), name);
  if (resolve(path) !== target) copyFileSync(path, target); // the program may go on writing into its own
  return { name, path: target };
}

/** Before the program runs. @throws AppError FILE_MISSING, LOCALIZATION_FAILED, ARCHIVE_ESCAPES */
export async function placeUserFiles({ files, archives }: Pick<SubmitConfig, 'files' | 'archives'>): Promise<void> {
  if (files.length === 0 && archives.length === 0) return;
  const into = userFilesRoot();
  for (const entry of files) {
    const { path, name } = named(entry);
    if (!existsSync(path)) throw new AppError('FILE_MISSING', { what: 'The file', path });
    place(path, join(into, name));
  }
  if (archives.length === 0) return;
  const { archiveUnpacker } = await import('../platform/unpack-archive.ts');
  for (const entry of archives) {
    const { path, name } = named(entry);
    const folder = join(into, name);
    mkdirSync(folder);
    await archiveUnpacker.unpack(path, basename(path), folder, LIMITS);
  }
}

/** `path#name` */
function named(entry: string): { path: string; name: string } {
  const at = entry.lastIndexOf('#');
  return at < 0 ? { path: entry, name: basename(entry) } : { path: entry.slice(0, at), name: entry.slice(at + 1) };
}

function place(path: string, target: string): void {
  try {
    linkSync(path, target);
  } catch {
    copyFileSync(path, target); // another file system, or a file of somebody else
  }
}

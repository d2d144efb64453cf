// --files and --archives with local masters, where no NodeManager puts them into a container: a folder of the process's own, in which
// SparkFiles finds them, in the driver and in tasks. Source: Spark's userFiles folder.
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { SubmitConfig } from '../common/submit-config.ts';
import { setSparkFilesRoot } from './rdd/spark-files.ts';

/** As a NodeManager: what an archive may hold at most. */
const LIMITS = { maxBytes: 64 * 2 ** 30, maxEntries: 1_000_000 };

/** Without files nothing is made, and SparkFiles stays with the working folder. @throws AppError ARCHIVE_ESCAPES, LOCALIZATION_FAILED */
export async function placeLocalFiles({ files, archives }: Pick<SubmitConfig, 'files' | 'archives'>): Promise<void> {
  if (files.length === 0 && archives.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'emberloom-files-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const entry of files) place(entry, folder);
  for (const entry of archives) {
    const { path, name } = named(entry);
    const { archiveUnpacker } = await import('../platform/unpack-archive.ts');
    mkdirSync(join(folder, name));
    await archiveUnpacker.unpack(path, basename(path), join(folder, name), LIMITS);
  }
  setSparkFilesRoot(folder);
}

/** `/a/b.txt#c` is c, `/a/b.txt` is b.txt. */
function named(entry: string): { path: string; name: string } {
  const at = entry.lastIndexOf('#');
  return at < 0 ? { path: entry, name: basename(entry) } : { path: entry.slice(0, at), name: entry.slice(at + 1) };
}

function place(entry: string, folder: string): void {
  const { path, name } = named(entry);
  try {
    linkSync(path, join(folder, name));
  } catch {
    copyFileSync(path, join(folder, name)); // another file system, or a file of somebody else
  }
}

// Folders that go with their table, also while somebody writes into them.
import { existsSync, renameSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Files that a writer adds meanwhile go, too. */
export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });

/** At once out of the way of who makes the next of the name. @returns where it lies, hidden; undefined when there is none */
export function setAside(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const aside = join(dirname(folder), `.dropped-${basename(folder)}-${randomUUID()}`);
  renameSync(folder, aside);
  return aside;
}

/** Of one job, and the folders that are empty without them. What others have written there stays. */
export async function removeFiles(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) await rm(join(folder, file), { force: true });
  const parents = new Set(files.map((file) => dirname(file)));
  for (let parent of parents) for (; parent !== '.'; parent = dirname(parent)) await rmdir(join(folder, parent)).catch(() => undefined);
  const left = await readdir(folder).catch(() => []);
  if (left.every((name) => name === '_SUCCESS')) await rm(folder, { recursive: true, force: true });
}

// Deletes an executor's shuffle files when the driver says that nobody can read them any more: those of one shuffle, of every attempt (shuffle.remove),
// or what one attempt wrote in vain (a slot's `discard`).
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** @returns files deleted */
export async function removeShuffleFiles(shuffleDirs: readonly string[], shuffleId: number): Promise<number> {
  let removed = 0;
  for (const dir of shuffleDirs) {
    const names = await readdir(dir).catch(() => [] as string[]); // the folder goes with its disk
    const own = names.filter((name) => name.startsWith(`shuffle_${shuffleId}_`));
    await Promise.all(own.map((name) => rm(join(dir, name), { force: true })));
    removed += own.length;
  }
  return removed;
}

/** A data file and its index, if they are in one of these folders. Best effort: what stays goes with the application. */
export async function removeMapOutput(shuffleDirs: readonly string[], file: string): Promise<void> {
  if (!shuffleDirs.includes(dirname(file)) || !basename(file).startsWith('shuffle_')) return;
  await Promise.all([file, `${file}.index`].map((path) => rm(path, { force: true }).catch(() => {})));
}

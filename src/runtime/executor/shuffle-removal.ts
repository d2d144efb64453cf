// Deletes an executor's files of one shuffle, of every attempt, when the driver says that nobody can read them any more (shuffle.remove).
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

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

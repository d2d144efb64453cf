// A file that the program added while it runs (sc.addFile), copied into this executor's work folder. Workers of one executor share the
// folder: the first copies, the others find it. This version: the driver's path is readable here, as for --files.
import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { Logger } from '../../common/ports.ts';

export function placeAddedFile(file: { name: string; path: string }, workDir: string, log: Logger): void {
  const target = join(workDir, basename(file.name));
  if (target === file.path || existsSync(target)) return;
  try {
    const aside = `${target}.${process.pid}-${threadId}`;
    copyFileSync(file.path, aside);
    renameSync(aside, target);
  } catch (error) {
    log.error(`${file.path} could not be added: ${(error as Error).message}`); // the task that needs it will say so, too
  }
}

// Container logs of applications that ended long ago are removed. Counted from the last write into the application's folder;
// one that still runs containers here is never touched.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../common/ports.ts';
import { type ApplicationId, isApplicationId } from '../../common/ids.ts';

/** @returns the applications whose logs were removed */
export async function removeOldLogs(
  logDirs: readonly string[],
  isActive: (id: ApplicationId) => boolean,
  olderThanMs: number,
  logger?: Logger,
): Promise<ApplicationId[]> {
  const removed: ApplicationId[] = [];
  for (const dir of logDirs) {
    for (const name of await readdir(dir).catch(() => [])) {
      if (!isApplicationId(name) || isActive(name) || (await youngestMs(join(dir, name))) >= olderThanMs) continue;
      await rm(join(dir, name), { recursive: true, force: true });
      removed.push(name);
    }
  }
  if (removed.length > 0) logger?.info(`Removed the old logs of ${removed.join(', ')}`);
  return removed;
}

async function youngestMs(dir: string): Promise<number> {
  let youngest = 0;
  for (const name of ['.', ...(await readdir(dir, { recursive: true }))])
    youngest = Math.max(youngest, (await stat(join(dir, name)).catch(() => undefined))?.mtimeMs ?? 0);
  return youngest;
}

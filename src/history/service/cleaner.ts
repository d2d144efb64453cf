// Removes logs that core/clean-plan.ts names, and their indexes. A log is a file or a folder of parts right in the log folder; nothing else is
// ever removed, and a link never followed.
import { readdirSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../common/ports.ts';
import { isCompleted } from '../core/catalogue.ts';
import { type CleanLimits, planCleaning } from '../core/clean-plan.ts';
import type { LogFile } from '../core/log-file.ts';
import { rollingBase } from '../core/log-names.ts';
import { removeIndex } from '../store/index-file.ts';
import type { IndexFolder } from './index-folder.ts';
import type { LogCatalogue } from './log-catalogue.ts';

export type CleanerParts = {
  readonly folder: string;
  readonly catalogue: LogCatalogue;
  readonly indexes: IndexFolder;
  readonly logger: Logger;
  /** Before its index goes. */
  readonly closeView: (key: string) => void;
};

/** @returns how many were removed */
export function clean({ folder, catalogue, indexes, logger, closeView }: CleanerParts, limits: CleanLimits, nowMs: number): number {
  const candidates = [...catalogue.entries].map(({ log, summary }) => ({
    log,
    isCompleted: summary === undefined ? !log.inProgress : isCompleted({ log, summary }),
  }));
  let removed = 0;
  for (const log of planCleaning(candidates, limits, nowMs)) {
    try {
      removeLog(folder, log);
    } catch (error) {
      logger.warn(`The log ${log.key} is to be removed, and can't be: ${(error as Error).message}`);
      continue;
    }
    removed++;
    closeView(log.key);
    removeIndex(indexes.pathOf(log.key));
    catalogue.forget(log.key);
    logger.info(`Removed the log ${log.key}`);
  }
  return removed;
}

function removeLog(folder: string, log: LogFile): void {
  const base = rollingBase(log.key);
  if (base === undefined) {
    for (const part of log.parts) unlinkSync(join(folder, part.path));
    return;
  }
  // Only what a rolled log consists of: a file that somebody put there keeps the folder.
  const path = join(folder, log.key);
  for (const name of readdirSync(path)) if (/^(events_\d+_|appstatus_|\.compacting-)/.test(name)) rmSync(join(path, name));
  rmdirSync(path);
}

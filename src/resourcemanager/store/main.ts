// Which adapters the state store of a data folder has: SQLite, checked when it is opened; room kept on its disk; copies beside it. For the
// ResourceManager (main.ts) and for its repair (repair/main.ts).
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS } from '../../common/config-keys.ts';
import { AppError } from '../../common/errors.ts';
import type { Database } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import { faultOfDatabase, openDatabase } from '../../platform/database.ts';
import { sharedFileSystemOf } from '../../platform/file-system.ts';
import { DiskReserve } from '../../platform/disk-reserve.ts';
import { BACKUP_NAME } from './backups.ts';
import { RM_MIGRATIONS } from './migrations.ts';

export const storePathOf = (dataDir: string): string => join(dataDir, 'state', 'rm.sqlite');
export const backupsDirOf = (dataDir: string): string => join(dataDir, 'state', 'backups');

export type StateStore = {
  readonly path: string;
  readonly parts: {
    readonly openDatabase: () => Database;
    readonly reserve: DiskReserve;
    readonly backups: {
      readonly dir: string;
      readonly everyMs: number;
      readonly keep: number;
      readonly fault: (path: string) => string | undefined;
    };
  };
};

/**
 * @param id of one of several ResourceManagers that have it open
 * @throws AppError DATA_DIR_UNUSABLE when they would not see each other there
 */
export function stateStore(dataDir: string, settings: Settings, id: string | undefined, fileSystemOf = sharedFileSystemOf): StateStore {
  const path = storePathOf(dataDir);
  const shared = id !== undefined;
  const network = shared ? fileSystemOf(dataDir) : undefined;
  if (network !== undefined) {
    const detail = `it is on ${network}, where locks and shared memory of a state store do not hold between hosts: several ResourceManagers would not keep each other out. Put EMBERLOOM_DATA on a disk of this host`;
    throw new AppError('DATA_DIR_UNUSABLE', { path, detail });
  }
  const dir = backupsDirOf(dataDir);
  return {
    path,
    parts: {
      openDatabase: () =>
        openDatabase(path, {
          migrations: RM_MIGRATIONS,
          synchronous: 'FULL',
          exclusive: !shared,
          checked: true,
          backup: () => newestBackup(dir),
        }),
      reserve: new DiskReserve(join(dataDir, 'state', shared ? `reserve-${id}` : 'reserve'), settings.need(KEYS.storeReserve)),
      backups: { dir, everyMs: settings.need(KEYS.storeBackupMs), keep: settings.need(KEYS.storeBackups), fault: faultOfDatabase },
    },
  };
}

/** Newest first. */
export const backupsIn = (dir: string): string[] =>
  existsSync(dir)
    ? readdirSync(dir)
        .filter((name) => BACKUP_NAME.test(name))
        .sort()
        .reverse()
        .map((name) => join(dir, name))
    : [];

/** The newest one that is whole. */
export const newestBackup = (dir: string): string | undefined => backupsIn(dir).find((path) => faultOfDatabase(path) === undefined);

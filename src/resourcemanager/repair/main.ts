// Makes a whole state store out of a damaged one: begins with the newest good backup, lays over it every row of the damaged file that can still
// be read, and counts epochs and application numbers on so that no id comes twice. The damaged file is kept. Called by the ResourceManager's
// main.ts with --repair (emberloom resourcemanager repair); nobody may have the store open.
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { AppError } from '../../common/errors.ts';
import { faultOfDatabase, isEmpty, openDatabase, readDamaged } from '../../platform/database.ts';
import { RM_MIGRATIONS } from '../store/migrations.ts';
import { backupsDirOf, newestBackup, storePathOf } from '../store/main.ts';

/** All but the lease, which is void after a repair; in the order in which they are laid over. */
export const TABLES = ['facts', 'master_keys', 'applications', 'attempts', 'nodes_out', 'node_labels', 'node_sizes'] as const;
/** What may have been handed out after the backup was made. */
const MORE_EPOCHS = 1_000;
const MORE_APPLICATIONS = 100_000;

export type Repaired = {
  /** undefined: there was nothing to keep. */
  readonly kept: string | undefined;
  readonly backup: string | undefined;
  /** Rows of the damaged file, by table; `fault`: not all of them could be read. */
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly fault: string | undefined }[];
};

/** @returns undefined when nothing is wrong with it. @throws AppError DATA_DIR_UNUSABLE when there is none, or somebody has it open */
export function repairStore(dataDir: string, nowMs: number): Repaired | undefined {
  const path = storePathOf(dataDir);
  const backup = newestBackup(backupsDirOf(dataDir));
  const isLost = isEmpty(path);
  if (isLost && backup === undefined)
    throw new AppError('DATA_DIR_UNUSABLE', { path, detail: 'there is no state store, and no good backup of one' });
  const fault = isLost ? '' : faultOfDatabase(path);
  if (fault === undefined) return undefined;
  if (/locked|busy/i.test(fault)) throw new AppError('DATA_DIR_UNUSABLE', { path, detail: `stop the ResourceManager first: ${fault}` });
  const made = `${path}.repaired`;
  for (const file of [made, `${made}-wal`, `${made}-shm`]) rmSync(file, { force: true });
  if (backup !== undefined) copyFileSync(backup, made);
  const tables = layOver(made, isLost ? undefined : path);
  const kept = `${path}.damaged-${new Date(nowMs).toISOString().replace(/[-:.]/g, '')}`;
  const there = ['', '-wal', '-shm'].filter((end) => existsSync(path + end));
  for (const end of there) renameSync(path + end, kept + end);
  renameSync(made, path);
  mkdirSync(backupsDirOf(dataDir), { recursive: true, mode: 0o700 });
  return { kept: there.length === 0 ? undefined : kept, backup, tables };
}

function layOver(made: string, damaged: string | undefined): Repaired['tables'] {
  const db = openDatabase(made, { migrations: RM_MIGRATIONS, synchronous: 'FULL', exclusive: true });
  try {
    const tables = (damaged === undefined ? [] : TABLES).map((table) => {
      let rows = 0;
      const fault = readDamaged(damaged!, table, (row) => {
        const columns = Object.keys(row);
        const sql = `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
        db.prepare(sql).run(...Object.values(row));
        rows++;
      });
      return { table, rows, fault };
    });
    db.transaction(() => {
      const raise = db.prepare('UPDATE facts SET value = value + ? WHERE name = ?');
      raise.run(MORE_EPOCHS, 'epoch');
      raise.run(MORE_APPLICATIONS, 'applicationSeq');
      db.prepare('DELETE FROM lease').run();
      db.prepare('DELETE FROM attempts WHERE application_id NOT IN (SELECT id FROM applications)').run();
    });
    return tables;
  } finally {
    db.close();
  }
}

/** For a person. */
export function repairReport(repaired: Repaired | undefined): string {
  if (repaired === undefined) return 'The state store is whole; nothing was done.';
  const { kept, backup, tables } = repaired;
  return [
    backup === undefined
      ? 'There was no good backup: the new store has what could be read of the damaged one.'
      : `The new store began with the backup ${backup}.`,
    ...tables.map(
      ({ table, rows, fault }) =>
        `  ${table}: ${rows} rows of the damaged store were taken over${fault === undefined ? '' : `; not all could be read: ${fault}`}`,
    ),
    `${kept === undefined ? '' : `The damaged store is kept as ${kept}. `}Application numbers and epochs go on higher, so that no id comes twice.`,
  ].join('\n');
}

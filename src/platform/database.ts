// better-sqlite3 behind the Database port: open a file, bring its tables up to date, statements, transactions. What the
// tables are is each store's business (its migrations); nothing else of the system knows SQLite.
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppError } from '../common/errors.ts';
import type { Database, Statement } from '../common/ports.ts';
import { asFault, mustBeWhole } from './database-faults.ts';

export type DatabaseOptions = {
  /** SQL scripts; entry i brings version i to i + 1. Never changed once released, only added to. */
  readonly migrations: readonly string[];
  /** FULL: a commit is on the disk when transaction() returns. NORMAL: the last ones may be lost with the power, never with the process. */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Nobody else may open the file while we have it. */
  readonly exclusive?: boolean;
  /** Looks through all pages when it is opened, and tells faults of transactions as STORE_UNWRITABLE and STORE_CORRUPT. Else they are SQLite's. */
  readonly checked?: boolean;
  /** For STORE_CORRUPT: what a repair would begin with. */
  readonly backup?: () => string | undefined;
};

/** How long one waits for others that have the file. */
const BUSY_MS = 2_000;
const AGAIN_MS = 5;

/** @throws AppError DATA_DIR_UNUSABLE when the file can't be opened, is no database, or was written by a newer version */
export function openDatabase(path: string, options: DatabaseOptions): Database {
  const lostBackup = isEmpty(path) ? options.backup?.() : undefined;
  if (lostBackup !== undefined) throw new AppError('STORE_CORRUPT', { path, detail: LOST, backup: lostBackup });
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600)); // SQLite gives its -wal file the same mode
    const db = new Sqlite(path);
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    if (options.exclusive) db.pragma('locking_mode = EXCLUSIVE');
    useWriteAheadLog(db);
    db.pragma(`synchronous = ${options.synchronous}`);
    db.pragma('wal_autocheckpoint = 4000');
    if (options.checked) mustBeWhole(db);
    migrate(db, options.migrations);
    return options.checked ? new CheckedDatabase(db, (error) => asFault(error, path, options.backup?.())) : new SqliteDatabase(db);
  } catch (error) {
    const fault = options.checked ? asFault(error, path, options.backup?.()) : undefined;
    if (fault instanceof AppError && fault.code === 'STORE_CORRUPT') throw fault;
    throw new AppError('DATA_DIR_UNUSABLE', { path, detail: (error as Error).message }, { cause: error });
  }
}

/** To begin with nothing is for whoever never had anything. */
const LOST = 'it is gone or empty, though there are backups of it (who means to begin anew removes those, too)';

/** SQLite would make a new one of it. */
export const isEmpty = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;

/** Looks through a file that nobody else writes. @returns what is wrong with it, undefined: nothing */
export function faultOfDatabase(path: string): string | undefined {
  try {
    const db = new Sqlite(path, { readonly: true, fileMustExist: true });
    try {
      mustBeWhole(db);
      return undefined;
    } finally {
      db.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Hands out every row that can still be read: from the front, and where a page is damaged from the back, too.
 * @returns why not all could be read; undefined: they could
 */
export function readDamaged(path: string, table: string, take: (row: Record<string, unknown>) => void): string | undefined {
  let db: Sqlite.Database | undefined;
  try {
    db = new Sqlite(path, { readonly: true, fileMustExist: true });
    const keys = (db.pragma(`table_info(${table})`) as { name: string; pk: number }[]).filter(({ pk }) => pk > 0).map(({ name }) => name);
    let fault: string | undefined;
    for (const order of ['ASC', 'DESC'] as const) {
      try {
        const rows = db.prepare(`SELECT * FROM ${table} ORDER BY ${keys.map((name) => `${name} ${order}`).join(', ')}`).iterate();
        for (const row of rows) take(row as Record<string, unknown>);
        return fault;
      } catch (error) {
        fault = (error as Error).message;
      }
    }
    return fault;
  } catch (error) {
    return (error as Error).message;
  } finally {
    db?.close();
  }
}

/** SQLite does not let this one statement wait for others that have the file open, whatever busy_timeout says: so we do. */
function useWriteAheadLog(db: Sqlite.Database): void {
  for (const until = Date.now() + BUSY_MS; ; ) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || Date.now() >= until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
    }
  }
}

function migrate(db: Sqlite.Database, migrations: readonly string[]): void {
  const versionNow = (): number => Number(db.pragma('user_version', { simple: true }));
  if (versionNow() > migrations.length)
    throw new Error(`it was written by a newer version of Emberloom (tables of version ${versionNow()}, known are ${migrations.length})`);
  if (versionNow() === migrations.length) return;
  db.transaction(() => {
    // Read again: another process may have opened the file in the same instant, and have brought it up to date while we waited.
    for (let i = versionNow(); i < migrations.length; i++) {
      db.exec(migrations[i]!);
      db.pragma(`user_version = ${i + 1}`);
    }
  }).immediate();
}

class SqliteDatabase implements Database {
  readonly #db: Sqlite.Database;

  constructor(db: Sqlite.Database) {
    this.#db = db;
  }

  prepare(sql: string): Statement {
    return this.#db.prepare(sql) as unknown as Statement;
  }

  async backup(path: string): Promise<void> {
    await this.#db.backup(path);
  }

  transaction(run: () => void): void {
    // Immediate: a reader that becomes a writer would fail where another process has written in between.
    this.#db.transaction(run).immediate();
  }

  close(): void {
    this.#db.close();
  }
}

/** Faults of the disk as errors of ours. */
class CheckedDatabase extends SqliteDatabase {
  readonly #fault: (error: unknown) => unknown;

  constructor(db: Sqlite.Database, fault: (error: unknown) => unknown) {
    super(db);
    this.#fault = fault;
  }

  override transaction(run: () => void): void {
    try {
      super.transaction(run);
    } catch (error) {
      throw this.#fault(error);
    }
  }
}

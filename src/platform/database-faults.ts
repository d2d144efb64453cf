// What can be wrong with an SQLite file, in words of ours: damaged (which table, which page), or not to be written just now. Everything else
// is a defect and stays what it is.
import type Sqlite from 'better-sqlite3';
import { AppError } from '../common/errors.ts';

const MOST_FAULTS = 5;
/** A moment later they may be over. A failed fsync is not among them: what it should have written may be gone, so the process must read again. */
const UNWRITABLE =
  /^SQLITE_(FULL|READONLY|BUSY|CANTOPEN|IOERR_(WRITE|LOCK|SHMOPEN|SHMSIZE|SHMMAP|TRUNCATE|DELETE|BEGIN_ATOMIC|GETTEMPPATH|NOMEM))|^SQLITE_IOERR$/;
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** About a millisecond a megabyte. @throws Error with code SQLITE_CORRUPT */
export function mustBeWhole(db: Sqlite.Database): void {
  let said: string[];
  try {
    said = (db.pragma(`quick_check(${MOST_FAULTS})`) as { quick_check: string }[]).map((row) => row.quick_check.replaceAll('\n', ' '));
  } catch (error) {
    if (!DAMAGED.test((error as { code?: string }).code ?? '')) throw error;
    said = unreadable(db, (error as Error).message); // so damaged that even the check ends
  }
  if (said.length === 1 && said[0] === 'ok') return;
  throw Object.assign(new Error(said.map((fault) => named(db, fault)).join('; ')), { code: 'SQLITE_CORRUPT' });
}

/** Reads all tables. @returns those that can't be read whole, or what was said when all can */
function unreadable(db: Sqlite.Database, said: string): string[] {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  const faults = tables.flatMap((table) => {
    try {
      for (const _ of db.prepare(`SELECT * FROM "${table}"`).iterate());
      return [];
    } catch (error) {
      return [`table ${table}: ${(error as Error).message}`];
    }
  });
  return faults.length > 0 ? faults : [said];
}

/** SQLite names trees by their first page; people know tables. */
function named(db: Sqlite.Database, fault: string): string {
  const root = Number(/Tree (\d+) /.exec(fault)?.[1]);
  if (!(root > 0)) return fault;
  try {
    const tree = db.prepare('SELECT type, name FROM sqlite_schema WHERE rootpage = ?').get(root) as
      | { type: string; name: string }
      | undefined;
    return tree === undefined ? fault : `${tree.type} ${tree.name}: ${fault}`;
  } catch {
    return fault; // the list of tables is what is damaged
  }
}

/** @returns an AppError for faults of the disk, else the same */
export function asFault(error: unknown, path: string, backup: string | undefined): unknown {
  const { code = '', message } = error as { code?: string; message: string };
  if (DAMAGED.test(code)) return new AppError('STORE_CORRUPT', { path, detail: message, backup }, { cause: error });
  if (UNWRITABLE.test(code)) return new AppError('STORE_UNWRITABLE', { path, detail: `${code}: ${message}` }, { cause: error });
  return error;
}

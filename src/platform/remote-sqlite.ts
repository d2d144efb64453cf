// SQLite files as databases of JDBC sources, without an extension: rows are read here and become a table of the kernel, which may spill it.
// Port: common/remote-database.ts.
import { existsSync } from 'node:fs';
import type { OpenRemoteRows, RemoteColumn, RemoteConnection, RemoteInsert } from '../common/remote-database.ts';
import type { KernelChunk, KernelValue, SqlKernel } from '../common/sql-kernel.ts';
import type Sqlite from 'better-sqlite3';

/** Rows that are in JavaScript at a time. */
const ROWS = 16_384;
const BUSY_MS = 30_000;
let tables = 0;

export class SqliteConnection implements RemoteConnection {
  readonly #path: string;
  readonly #kernel: Pick<SqlKernel, 'append' | 'run'>;

  constructor(path: string, kernel: Pick<SqlKernel, 'append' | 'run'>) {
    this.#path = path;
    this.#kernel = kernel;
  }

  columns(from: string): Promise<readonly RemoteColumn[]> {
    return this.#with(true, async (db) =>
      db
        .prepare(`SELECT * FROM ${from} WHERE 1=0`)
        .columns()
        .map(({ name, type }) => ({ name, type: type ?? '' })),
    );
  }

  async open(sql: string, types: readonly string[]): Promise<OpenRemoteRows> {
    const name = `sqlite_rows_${++tables}`;
    const close = () => this.#kernel.run(`DROP TABLE IF EXISTS ${name}`);
    await this.#kernel.run(`CREATE TABLE ${name} (${types.map((type, i) => `c${i} ${type}`).join(', ')})`);
    try {
      await this.#with(true, async (db) => {
        const rows = db.prepare(sql).raw().safeIntegers().iterate() as IterableIterator<unknown[]>;
        const convert = types.map(fromSqlite);
        let columns: KernelValue[][] = types.map(() => []);
        let n = 0;
        const hand = async () => {
          const values = columns.map((of, i) => ({ name: `c${i}`, type: types[i]!, values: of }));
          await this.#kernel.append(name, values, n);
          [columns, n] = [types.map(() => []), 0];
        };
        for (const row of rows) {
          for (let i = 0; i < types.length; i++) columns[i]!.push(convert[i]!(row[i]));
          if (++n === ROWS) await hand();
        }
        if (n > 0) await hand();
      });
      return { name, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async hasTable(name: string): Promise<boolean> {
    if (!existsSync(this.#path)) return false;
    return this.#with(true, async (db) => {
      try {
        db.prepare(`SELECT 1 FROM ${name} WHERE 1=0`);
        return true;
      } catch (error) {
        if (/no such table/.test((error as Error).message)) return false;
        throw error;
      }
    });
  }

  write(statements: readonly string[], insert?: RemoteInsert): Promise<void> {
    return this.#with(false, async (db) => {
      db.exec('BEGIN IMMEDIATE');
      try {
        for (const statement of statements) db.exec(statement);
        if (insert !== undefined) await insertRows(db, insert);
        db.exec('COMMIT');
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  async #with<T>(readonly: boolean, work: (db: Sqlite.Database) => Promise<T>): Promise<T> {
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(this.#path, { readonly, fileMustExist: readonly, timeout: BUSY_MS });
    try {
      return await work(db);
    } finally {
      db.close();
    }
  }
}

async function insertRows(db: Sqlite.Database, { table, columns, types, rows }: RemoteInsert): Promise<void> {
  const insert = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const convert = types.map(toSqlite);
  for await (const chunk of rows) for (const row of rowsOf(chunk)) insert.run(...row.map((value, i) => convert[i]!(value)));
}

function* rowsOf({ rows, columns }: KernelChunk): Iterable<KernelValue[]> {
  for (let i = 0; i < rows; i++) yield columns.map((column) => column[i]!);
}

/** What the query's own casts have left: whole numbers as bigints, reals as numbers, texts, bytes. */
function fromSqlite(type: string): (value: unknown) => KernelValue {
  if (/^(TINYINT|SMALLINT|INTEGER|FLOAT|DOUBLE)$/.test(type)) return (v) => (typeof v === 'bigint' ? Number(v) : (v as KernelValue));
  if (type === 'BOOLEAN') return (v) => (v === null ? null : Boolean(Number(v)));
  if (type === 'BLOB') return (v) => (typeof v === 'string' ? Buffer.from(v) : (v as KernelValue));
  return (v) => v as KernelValue;
}

/** A number of JavaScript would be a REAL. */
function toSqlite(type: string): (value: KernelValue) => unknown {
  if (/^(TINYINT|SMALLINT|INTEGER)$/.test(type)) return (v) => (typeof v === 'number' ? BigInt(v) : v);
  if (type === 'BLOB') return (v) => (v === null ? null : Buffer.from(v as Uint8Array));
  return (v) => v;
}

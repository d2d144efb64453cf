// The catalogue on disk: one SQLite file in the warehouse. Every change is one transaction, so processes that share a warehouse see whole ones.
// What names mean in a session (current database, temporary views) is session-catalog.ts.
import type { Database } from '../../../common/ports.ts';
import { schemaFromJson, typeToJsonValue } from '../types/type-json.ts';
import type { DatabaseEntry, FunctionEntry, FunctionName, PartitionEntry, PartitionStatistics, TableEntry, TableName } from './entries.ts';

/** Entry i brings version i to i + 1. Never changed once released. */
export const CATALOG_MIGRATIONS: readonly string[] = [
  `CREATE TABLE databases (name TEXT PRIMARY KEY, entry TEXT NOT NULL) STRICT;
   CREATE TABLE tables (database TEXT NOT NULL REFERENCES databases (name), name TEXT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (database, name)) STRICT;
   CREATE TABLE partitions (database TEXT NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL, location TEXT NOT NULL,
     PRIMARY KEY (database, name, spec)) STRICT;`,
  `CREATE TABLE functions (database TEXT NOT NULL REFERENCES databases (name), name TEXT NOT NULL, entry TEXT NOT NULL,
     PRIMARY KEY (database, name)) STRICT;`,
  'ALTER TABLE partitions ADD COLUMN statistics TEXT;',
];

export class CatalogStore {
  readonly #db: Database;

  /** @param db opened with CATALOG_MIGRATIONS */
  constructor(db: Database) {
    this.#db = db;
  }

  databases(): DatabaseEntry[] {
    const rows = this.#db.prepare('SELECT entry FROM databases ORDER BY name').all() as { entry: string }[];
    return rows.map((r) => JSON.parse(r.entry) as DatabaseEntry);
  }
  database(name: string): DatabaseEntry | undefined {
    const row = this.#db.prepare('SELECT entry FROM databases WHERE name = ?').get(name) as { entry: string } | undefined;
    return row && (JSON.parse(row.entry) as DatabaseEntry);
  }
  /** @returns false when there is one of the name */
  addDatabase(entry: DatabaseEntry): boolean {
    const { changes } = this.#db.prepare('INSERT OR IGNORE INTO databases VALUES (?, ?)').run(entry.name, JSON.stringify(entry)) as {
      changes: number;
    };
    return changes > 0;
  }
  changeDatabase(entry: DatabaseEntry): void {
    this.#db.prepare('UPDATE databases SET entry = ? WHERE name = ?').run(JSON.stringify(entry), entry.name);
  }
  /** @param cascade with all that is in it. @returns the tables that were in it, undefined when it is not empty and so is still there */
  dropDatabase(name: string, cascade: boolean): TableEntry[] | undefined {
    let dropped: TableEntry[] | undefined;
    this.#db.transaction(() => {
      const tables = this.tables(name);
      if (!cascade && (tables.length > 0 || this.functions(name).length > 0)) return;
      dropped = tables;
      for (const table of ['partitions', 'tables', 'functions']) this.#db.prepare(`DELETE FROM ${table} WHERE database = ?`).run(name);
      this.#db.prepare('DELETE FROM databases WHERE name = ?').run(name);
    });
    return dropped;
  }

  tables(database: string): TableEntry[] {
    const rows = this.#db.prepare('SELECT entry FROM tables WHERE database = ? ORDER BY name').all(database) as { entry: string }[];
    return rows.map((r) => tableFrom(r.entry));
  }
  table({ database, table }: TableName): TableEntry | undefined {
    const row = this.#db.prepare('SELECT entry FROM tables WHERE database = ? AND name = ?').get(database, table) as
      | { entry: string }
      | undefined;
    return row && tableFrom(row.entry);
  }
  /** @returns false when there is one of the name */
  addTable(entry: TableEntry): boolean {
    const insert = this.#db.prepare('INSERT OR IGNORE INTO tables VALUES (?, ?, ?)');
    return (insert.run(entry.database, entry.table, tableText(entry)) as { changes: number }).changes > 0;
  }
  /** What is there is read and written in one transaction: a change of another process in between is not lost. @returns undefined when it is gone */
  changeTable(name: TableName, change: (entry: TableEntry) => TableEntry): TableEntry | undefined {
    let changed: TableEntry | undefined;
    this.#db.transaction(() => {
      const entry = this.table(name);
      changed = entry && change(entry);
      if (changed === undefined) return;
      this.#db
        .prepare('UPDATE tables SET database = ?, name = ?, entry = ? WHERE database = ? AND name = ?')
        .run(changed.database, changed.table, tableText(changed), name.database, name.table);
      this.#db
        .prepare('UPDATE partitions SET database = ?, name = ? WHERE database = ? AND name = ?')
        .run(changed.database, changed.table, name.database, name.table);
    });
    return changed;
  }
  /** @param before done while nobody else can make one of the name; what it throws leaves the table there */
  dropTable({ database, table }: TableName, before?: () => void): void {
    this.#db.transaction(() => {
      before?.();
      this.#db.prepare('DELETE FROM partitions WHERE database = ? AND name = ?').run(database, table);
      this.#db.prepare('DELETE FROM tables WHERE database = ? AND name = ?').run(database, table);
    });
  }

  partitions({ database, table }: TableName): PartitionEntry[] {
    const rows = this.#db.prepare('SELECT spec, location, statistics FROM partitions WHERE database = ? AND name = ?').all(database, table);
    return (rows as { spec: string; location: string; statistics: string | null }[]).map((r) => ({
      values: JSON.parse(r.spec) as (string | null)[],
      location: r.location,
      ...(r.statistics !== null && { statistics: JSON.parse(r.statistics) as PartitionStatistics }),
    }));
  }
  /** All or none. */
  changePartitions({ database, table }: TableName, add: readonly PartitionEntry[], drop: readonly PartitionEntry['values'][]): void {
    this.#db.transaction(() => {
      const remove = this.#db.prepare('DELETE FROM partitions WHERE database = ? AND name = ? AND spec = ?');
      for (const values of drop) remove.run(database, table, JSON.stringify(values));
      const insert = this.#db.prepare('INSERT OR IGNORE INTO partitions VALUES (?, ?, ?, ?, ?)');
      for (const { values, location, statistics } of add)
        insert.run(database, table, JSON.stringify(values), location, statistics === undefined ? null : JSON.stringify(statistics));
    });
  }
  /** Rows that came or went: what was counted is no longer so. */
  forgetPartitionStatistics({ database, table }: TableName): void {
    this.#db.prepare('UPDATE partitions SET statistics = NULL WHERE database = ? AND name = ?').run(database, table);
  }

  functions(database: string): FunctionEntry[] {
    const rows = this.#db.prepare('SELECT entry FROM functions WHERE database = ? ORDER BY name').all(database) as { entry: string }[];
    return rows.map((r) => JSON.parse(r.entry) as FunctionEntry);
  }
  /** The entry as it is stored, so that who has read it before sees that it is the same. */
  functionText({ database, name }: FunctionName): string | undefined {
    const row = this.#db.prepare('SELECT entry FROM functions WHERE database = ? AND name = ?').get(database, name);
    return (row as { entry: string } | undefined)?.entry;
  }
  /** @returns false when there is one of the name that is not to be replaced */
  addFunction(entry: FunctionEntry, replace: boolean): boolean {
    const insert = this.#db.prepare(`INSERT OR ${replace ? 'REPLACE' : 'IGNORE'} INTO functions VALUES (?, ?, ?)`);
    return (insert.run(entry.database, entry.name, JSON.stringify(entry)) as { changes: number }).changes > 0;
  }
  /** @returns whether there was one */
  dropFunction({ database, name }: FunctionName): boolean {
    const { changes } = this.#db.prepare('DELETE FROM functions WHERE database = ? AND name = ?').run(database, name) as {
      changes: number;
    };
    return changes > 0;
  }

  close(): void {
    this.#db.close();
  }
}

const tableText = (entry: TableEntry): string => JSON.stringify({ ...entry, schema: typeToJsonValue(entry.schema) });

function tableFrom(text: string): TableEntry {
  const entry = JSON.parse(text) as TableEntry;
  return { ...entry, schema: schemaFromJson(JSON.stringify(entry.schema)) };
}

// What names mean in a session: the current database, and which table a name of one, two or three parts is. Temporary views are the engine's.
// The store is opened when it is first needed: a session that only reads files makes no warehouse. Source: SessionCatalog of Spark 4.2.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../../common/ports.ts';
import { quoted } from '../analysis/scope.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { localPath } from '../sources/paths.ts';
import { CatalogStore } from './catalog-store.ts';
import { CATALOG, type DatabaseEntry, DEFAULT_DATABASE, type TableEntry, type TableName } from './entries.ts';

export type CatalogPorts = {
  readonly openDatabase?: (path: string) => Database;
  readonly conf: (key: string) => string | undefined;
};

export class SessionCatalog {
  current = DEFAULT_DATABASE;
  readonly #ports: CatalogPorts;
  #store: CatalogStore | undefined;

  constructor(ports: CatalogPorts) {
    this.#ports = ports;
  }

  get warehouse(): string {
    return localPath(this.#ports.conf('spark.sql.warehouse.dir') ?? 'spark-warehouse');
  }
  get #file(): string {
    return join(this.warehouse, '.catalog', 'catalog.sqlite');
  }

  /** Opened, with the default database in it. @throws AppError DATA_DIR_UNUSABLE */
  store(): CatalogStore {
    if (this.#store === undefined) {
      const { openDatabase } = this.#ports;
      if (openDatabase === undefined)
        throw new AnalysisException('NOT_BUILT', { feature: 'A catalogue in a session without a database adapter' });
      this.#store = new CatalogStore(openDatabase(this.#file));
      this.#store.addDatabase({
        name: DEFAULT_DATABASE,
        comment: 'default database',
        location: this.warehouse,
        properties: {},
        owner: '',
      });
    }
    return this.#store;
  }

  /** For look-ups: without a file there is nothing to be found. */
  get #known(): CatalogStore | undefined {
    return this.#store ?? (this.#ports.openDatabase !== undefined && existsSync(this.#file) ? this.store() : undefined);
  }

  /** @throws AnalysisException for other catalogues and for names of more parts */
  nameOf(parts: readonly string[]): TableName {
    const [first, ...rest] = parts.length === 3 ? parts : [CATALOG, ...parts];
    if (first!.toLowerCase() !== CATALOG || rest.length > 2)
      throw new AnalysisException('REQUIRES_SINGLE_PART_NAMESPACE', { sessionCatalog: CATALOG, namespace: quoted(parts.slice(0, -1)) });
    const [database, table] = rest.length === 2 ? (rest as [string, string]) : [this.current, rest[0]!];
    return { database: database.toLowerCase(), table: table.toLowerCase() };
  }

  /** undefined: there is none. */
  find(parts: readonly string[]): TableEntry | undefined {
    if (parts.length > 3 || (parts.length === 3 && parts[0]!.toLowerCase() !== CATALOG)) return undefined;
    return this.#known?.table(this.nameOf(parts));
  }

  /** @throws AnalysisException TABLE_OR_VIEW_NOT_FOUND */
  table(parts: readonly string[]): TableEntry {
    const entry = this.find(parts);
    if (entry !== undefined) return entry;
    throw new AnalysisException('TABLE_OR_VIEW_NOT_FOUND', { relationName: quoted(parts) });
  }

  /** @param parts of a namespace: `db` or `spark_catalog.db`; empty: the current one. @throws AnalysisException SCHEMA_NOT_FOUND */
  database(parts: readonly string[]): DatabaseEntry {
    const name = this.databaseName(parts);
    const entry = this.store().database(name);
    if (entry === undefined) throw new AnalysisException('SCHEMA_NOT_FOUND', { schemaName: quoted([CATALOG, name]) });
    return entry;
  }
  databaseName(parts: readonly string[]): string {
    return (parts.length === 0 ? this.current : parts.at(-1)!).toLowerCase();
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }
}

export const shownTable = ({ database, table }: TableName): string => `\`${CATALOG}\`.\`${database}\`.\`${table}\``;

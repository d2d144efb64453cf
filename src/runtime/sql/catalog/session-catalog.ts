// What names mean in a session: the current database, and which table a name of one, two or three parts is. Temporary views are the engine's.
// The store is opened when it is first needed: a session that only reads files makes no warehouse. Source: SessionCatalog of Spark 4.2.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../../common/ports.ts';
import { quoted } from '../analysis/scope.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { localPath } from '../sources/paths.ts';
import { isSession, type PathEntry, SYSTEM_BUILTIN, SYSTEM_SESSION } from '../plan/path-entry.ts';
import { openCatalogFile } from './catalog-file.ts';
import { CatalogStore } from './catalog-store.ts';
import { CATALOG, type DatabaseEntry, type FunctionEntry, DEFAULT_DATABASE, type TableEntry, type TableName } from './entries.ts';
import { SearchPath } from './search-path.ts';

export type CatalogPorts = {
  readonly openDatabase?: (path: string) => Database;
  readonly conf: (key: string) => string | undefined;
};

export class SessionCatalog {
  current = DEFAULT_DATABASE;
  readonly path: SearchPath;
  readonly #ports: CatalogPorts;
  #store: CatalogStore | undefined;

  constructor(ports: CatalogPorts) {
    this.#ports = ports;
    this.path = new SearchPath(ports.conf);
  }

  /** Where names of one part are looked up in now. */
  get searchPath(): readonly PathEntry[] {
    return this.path.entries(this.current);
  }
  /** Of a view or function that remembers where its names were meant. Left out: the session's. */
  pathOf(place: { readonly namespace?: string; readonly path?: readonly PathEntry[] } | undefined): readonly PathEntry[] {
    if (place?.namespace === undefined) return this.searchPath;
    return place.path ?? [SYSTEM_BUILTIN, SYSTEM_SESSION, [CATALOG, place.namespace]];
  }
  /** What an object made now has to remember, so that its names go on meaning what they mean. */
  get frozen(): { readonly namespace: string; readonly path?: readonly PathEntry[] } {
    return { namespace: this.current, ...(this.path.isSet && { path: this.searchPath }) };
  }

  get warehouse(): string {
    return localPath(this.#ports.conf('spark.sql.warehouse.dir') ?? 'spark-warehouse');
  }
  get #file(): string {
    return join(this.warehouse, '.catalog', 'catalog.sqlite');
  }

  /** Opened, with the default database in it. @throws AnalysisException CATALOG_UNUSABLE */
  store(): CatalogStore {
    if (this.#store === undefined) {
      const { openDatabase } = this.#ports;
      if (openDatabase === undefined)
        throw new AnalysisException('NOT_BUILT', { feature: 'A catalogue in a session without a database adapter' });
      this.#store = new CatalogStore(openCatalogFile(this.#file, openDatabase));
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

  /** A function in SQL, as it is stored. @param parts with schema. undefined: there is none */
  functionText(parts: readonly string[]): string | undefined {
    if (parts.length === 3 && parts[0]!.toLowerCase() !== CATALOG) return undefined;
    const [database, name] = parts.slice(-2).map((p) => p.toLowerCase()) as [string, string];
    return this.#known?.functionText({ database, name });
  }

  /** Of a database, by name. */
  storedFunctions(database: string): readonly FunctionEntry[] {
    return this.#known?.functions(database) ?? [];
  }

  /** Along the path, as INSERT finds its table. @throws AnalysisException TABLE_OR_VIEW_NOT_FOUND */
  onPath(parts: readonly string[]): TableEntry {
    if (parts.length === 1)
      for (const entry of this.searchPath) {
        const found = isSession(entry) ? undefined : this.find([...entry, parts[0]!]);
        if (found !== undefined) return found;
      }
    return this.table(parts);
  }

  /** @throws AnalysisException TABLE_OR_VIEW_NOT_FOUND */
  table(parts: readonly string[]): TableEntry {
    const entry = this.find(parts);
    if (entry !== undefined) return entry;
    if (parts.length > 3 && parts[0]!.toLowerCase() !== CATALOG) throw singlePart(parts);
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

/** Of a name with more parts than our catalogue has. */
const singlePart = (parts: readonly string[]): AnalysisException =>
  new AnalysisException('REQUIRES_SINGLE_PART_NAMESPACE', {
    sessionCatalog: CATALOG,
    identifier: quoted(parts),
    namespace: quoted(parts.slice(0, -1)),
  });

export const shownTable = ({ database, table }: TableName): string => `\`${CATALOG}\`.\`${database}\`.\`${table}\``;

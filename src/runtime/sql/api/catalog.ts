// spark.catalog: what a program can ask and change of databases, tables, views, functions and what is cached. The work is the engine's commands.
// Source: org.apache.spark.sql.catalog.Catalog of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import { sameLevel, type StorageLevel, StorageLevels } from '../../rdd/storage-level.ts';
import type { TableEntry } from '../catalog/entries.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { Command } from '../plan/commands.ts';
import { quotedPath } from '../plan/path-entry.ts';
import type { StructType } from '../types/data-type.ts';
import { quoteIdentifier, simpleString } from '../types/type-names.ts';
import type { CatalogColumn, CatalogDatabase, CatalogFunction, CatalogMetadata, CatalogTable } from './catalog-entries.ts';
import { text } from './arguments.ts';
import { DataFrame, type DataFrameSession } from './dataframe.ts';
import type { OptionValue } from './format-options.ts';
import { schemaOf } from './schema.ts';
import { nameParts } from './sql-text.ts';

export type * from './catalog-entries.ts';

/** Of createTable. */
export type NewTable = {
  /** `parquet`, `csv` …; left out: `spark.sql.sources.default`. */
  readonly source?: string;
  /** Where its files are; left out: a folder of the warehouse. */
  readonly path?: string;
  readonly schema?: StructType;
  readonly description?: string;
  readonly options?: Readonly<Record<string, OptionValue>>;
};

const functionNamed = (name: string): CatalogFunction => {
  const [catalog, database, ...rest] = name.split('.') as [string, string, ...string[]];
  if (rest.length === 0) return { name, catalog: null, namespace: null, isTemporary: true };
  return { name: rest.join('.'), catalog, namespace: [database], isTemporary: false };
};

export class Catalog {
  readonly #session: DataFrameSession;

  /** @internal Programs use spark.catalog. */
  constructor(session: DataFrameSession) {
    this.#session = session;
  }

  async #engine() {
    await this.#session.ready();
    return this.#session.engine();
  }
  async #run(command: Command): Promise<unknown[][]> {
    const engine = await this.#engine();
    return engine.rowsOf(engine.preparePlan(await engine.execute(command)));
  }

  async currentCatalog(): Promise<string> {
    return 'spark_catalog';
  }
  /** There is one. @throws AnalysisException CATALOG_NOT_FOUND */
  async setCurrentCatalog(name: string): Promise<void> {
    if (text(name, 'catalogName').toLowerCase() === (await this.currentCatalog())) return;
    throw new AnalysisException('CATALOG_NOT_FOUND', { catalogName: quoteIdentifier(name), config: `"spark.sql.catalog.${name}"` });
  }
  async listCatalogs(pattern?: string): Promise<CatalogMetadata[]> {
    const rows = await this.#run({ kind: 'showCatalogs', ...(pattern !== undefined && { pattern }) });
    return rows.map(([name]) => ({ name: name as string, description: null }));
  }
  async currentDatabase(): Promise<string> {
    return (await this.#engine()).catalog.current;
  }
  /** @throws AnalysisException SCHEMA_NOT_FOUND */
  async setCurrentDatabase(name: string): Promise<void> {
    await this.#run({ kind: 'use', name: [name], isNamespace: true });
  }

  async listDatabases(pattern?: string): Promise<CatalogDatabase[]> {
    const rows = await this.#run({ kind: 'showNamespaces', ...(pattern !== undefined && { pattern }) });
    return Promise.all(rows.map(([name]) => this.getDatabase(name as string)));
  }
  /** @throws AnalysisException SCHEMA_NOT_FOUND */
  async getDatabase(name: string): Promise<CatalogDatabase> {
    const entry = (await this.#engine()).catalog.database(nameParts(name));
    return { name: entry.name, catalog: 'spark_catalog', description: entry.comment, locationUri: `file:${entry.location}` };
  }
  async databaseExists(name: string): Promise<boolean> {
    const { catalog } = await this.#engine();
    return catalog.store().database(catalog.databaseName(nameParts(name))) !== undefined;
  }

  /** Tables and views of a database, then the session's temporary views. @param database left out: the current one */
  async listTables(database?: string, pattern?: string): Promise<CatalogTable[]> {
    const rows = await this.#run({
      kind: 'showTables',
      ...(database !== undefined && { namespace: nameParts(database) }),
      ...(pattern !== undefined && { pattern }),
    });
    return Promise.all(
      rows.map(([namespace, name]) => this.#table(namespace === '' ? [name as string] : [namespace as string, name as string])),
    );
  }
  /** @throws AnalysisException TABLE_OR_VIEW_NOT_FOUND */
  getTable(name: string): Promise<CatalogTable> {
    return this.#table(nameParts(name));
  }
  async #table(parts: readonly string[]): Promise<CatalogTable> {
    const engine = await this.#engine();
    const [first, second] = parts as [string, string | undefined];
    const isGlobal = second !== undefined && first.toLowerCase() === 'global_temp';
    if ((parts.length === 1 && engine.views.has(first)) || isGlobal)
      return {
        name: parts.at(-1)!,
        catalog: null,
        namespace: isGlobal ? ['global_temp'] : [],
        description: null,
        tableType: 'TEMPORARY',
        isTemporary: true,
      };
    const entry: TableEntry = engine.catalog.table(parts);
    return {
      name: entry.table,
      catalog: 'spark_catalog',
      namespace: [entry.database],
      description: entry.comment ?? null,
      tableType: entry.type,
      isTemporary: false,
    };
  }
  /** A table or a view, temporary ones too. */
  async tableExists(name: string, database?: string): Promise<boolean> {
    const engine = await this.#engine();
    const parts = database === undefined ? nameParts(name) : [database, name];
    if (parts.length === 1 && engine.views.has(parts[0]!)) return true;
    if (parts.length === 2 && parts[0]!.toLowerCase() === 'global_temp') return engine.globalViews.has(parts[1]!);
    return engine.catalog.find(parts) !== undefined;
  }
  async listColumns(table: string): Promise<CatalogColumn[]> {
    const engine = await this.#engine();
    const parts = nameParts(table);
    const plan: LogicalPlan = await engine.analyze({ kind: 'read', namedTable: { nameParts: parts, options: {} } });
    const partitions = engine.views.has(parts[0]!) ? [] : (engine.catalog.find(parts)?.partitionColumns ?? []);
    const buckets = engine.views.has(parts[0]!) ? [] : (engine.catalog.find(parts)?.bucket?.columns ?? []);
    return schemaOf(plan).fields.map((f) => ({
      name: f.name,
      description: typeof f.metadata.comment === 'string' ? f.metadata.comment : null,
      dataType: simpleString(f.dataType),
      nullable: f.nullable,
      isPartition: partitions.includes(f.name),
      isBucket: buckets.includes(f.name),
    }));
  }

  /** An empty table, or one over files that there are. @throws AnalysisException TABLE_OR_VIEW_ALREADY_EXISTS */
  async createTable(name: string, { source, path, schema, description, options = {} }: NewTable = {}): Promise<DataFrame> {
    await this.#run({
      kind: 'createTable',
      table: nameParts(name),
      mode: 'create',
      isTemporary: false,
      isExternal: path !== undefined,
      definition: {
        columns: (schema?.fields ?? []).map((f) => ({
          name: [f.name],
          dataType: f.dataType,
          nullable: f.nullable,
          ...(typeof f.metadata.comment === 'string' && { comment: f.metadata.comment }),
        })),
        constraints: [],
        ...(source !== undefined && { provider: [source] }),
        partitioning: [],
        options: Object.fromEntries(Object.entries(options).map(([k, v]) => [k, String(v)])),
        properties: {},
        ...(path !== undefined && { location: path }),
        ...(description !== undefined && { comment: description }),
      },
    });
    return new DataFrame(this.#session, { kind: 'read', namedTable: { nameParts: nameParts(name), options: {} } });
  }

  /** @returns whether there was one */
  async dropTempView(name: string): Promise<boolean> {
    return (await this.#engine()).views.drop(name);
  }
  /** @returns whether there was one */
  async dropGlobalTempView(name: string): Promise<boolean> {
    return (await this.#engine()).globalViews.drop(name);
  }

  async listFunctions(pattern?: string): Promise<CatalogFunction[]> {
    const rows = await this.#run({ kind: 'showFunctions', scope: 'all', ...(pattern !== undefined && { pattern }) });
    return rows.map(([name]) => functionNamed(name as string));
  }
  /** @throws AnalysisException UNRESOLVED_ROUTINE */
  async getFunction(name: string): Promise<CatalogFunction> {
    const parts = nameParts(name);
    const found = await this.#function(parts);
    if (found !== undefined) return found;
    const { catalog } = await this.#engine();
    throw new AnalysisException('UNRESOLVED_ROUTINE', {
      routineName: parts.map(quoteIdentifier).join('.'),
      searchPath: quotedPath(catalog.searchPath),
    });
  }
  async functionExists(name: string, database?: string): Promise<boolean> {
    return (await this.#function(database === undefined ? nameParts(name) : [database, name])) !== undefined;
  }
  async #function(parts: readonly string[]): Promise<CatalogFunction | undefined> {
    const { catalog } = await this.#engine();
    const last = parts.at(-1)!.toLowerCase();
    if (parts.length === 1 && (await this.listFunctions()).some((f) => f.isTemporary && f.name === last)) return functionNamed(last);
    const whole = parts.length === 1 ? [catalog.current, last] : parts;
    if (catalog.functionText(whole) === undefined) return undefined;
    return functionNamed(`spark_catalog.${whole.at(-2)!.toLowerCase()}.${last}`);
  }

  /**
   * Computes the rows of a table or view once; what asks for it afterwards has these.
   * @param storageLevel one of Spark's, where executors keep the rows; left out: in memory, what has no room there on disk
   */
  async cacheTable(name: string, storageLevel?: StorageLevel): Promise<void> {
    const level = Object.entries(StorageLevels).find(([, known]) => storageLevel !== undefined && sameLevel(known, storageLevel))?.[0];
    if (storageLevel !== undefined && level === undefined)
      throw new SparkIllegalArgumentException(
        'INVALID_STORAGE_LEVEL',
        '42000',
        `requirement failed: Invalid StorageLevel: ${storageLevel}`,
      );
    const options: Readonly<Record<string, string>> = level === undefined ? {} : { storageLevel: level };
    await this.#run({ kind: 'cacheTable', table: nameParts(name), isLazy: false, options });
  }
  async uncacheTable(name: string): Promise<void> {
    await this.#run({ kind: 'uncacheTable', table: nameParts(name), ifExists: false });
  }
  async clearCache(): Promise<void> {
    await this.#run({ kind: 'clearCache' });
  }
  async isCached(name: string): Promise<boolean> {
    return (await this.#engine()).isCached(nameParts(name));
  }
  async refreshTable(name: string): Promise<void> {
    await this.#run({ kind: 'refresh', what: 'table', name: nameParts(name) });
  }
  /** Files are looked at anew by every query. */
  async refreshByPath(path: string): Promise<void> {
    await this.#run({ kind: 'refreshResource', path: text(path, 'path') });
  }
  /** Takes folders of partitions that the catalogue does not know yet. */
  async recoverPartitions(table: string): Promise<void> {
    await this.#run({ kind: 'recoverPartitions', table: nameParts(table) });
  }
}

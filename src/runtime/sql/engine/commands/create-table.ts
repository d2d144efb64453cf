// CREATE TABLE with a schema, AS SELECT, LIKE, and saveAsTable. Source: CreateDataSourceTableCommand and CreateDataSourceTableAsSelectCommand of Spark 4.2.
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted } from '../../analysis/names.ts';
import { type BucketSpec, sameName, type TableEntry } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import type { Relation } from '../../plan/relations.ts';
import type { ColumnDefinition, TableDefinition } from '../../plan/table-definition.ts';
import { fileFormat, isJdbc } from '../../sources/formats.ts';
import { asNullable } from '../../sources/parquet-schema.ts';
import { localPath, shownPath } from '../../sources/paths.ts';
import type { SaveMode } from '../../sources/write/write-files.ts';
import { type StructField, type StructType, structField, structType } from '../../types/data-type.ts';
import { withDefaultCollation } from '../../types/collations.ts';
import { storedField } from '../../types/text-lengths.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { bucketSpec, checkSameBuckets } from './bucket-spec.ts';
import { insertPlan } from './insert.ts';
import { noResult } from './results.ts';
import { databaseCollation } from './views.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export async function createTable(command: Of<'createTable'>, context: CommandContext): Promise<LogicalPlan> {
  const { catalog } = context;
  const parts = partsOf(command.table);
  const name = catalog.nameOf(parts);
  const database = catalog.database([name.database]);
  if (command.mode === 'replace' || command.mode === 'createOrReplace') throw notSupported(name, 'REPLACE TABLE');
  if (catalog.find(parts) !== undefined) {
    if (command.mode === 'ifNotExists') return noResult();
    throw new AnalysisException('TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: shownTable(name) });
  }
  const { definition } = command;
  refuseUnbuilt(definition);
  const provider = definition.provider?.join('.') ?? context.settings.get('spark.sql.sources.default') ?? 'parquet';
  const hasFiles = !isJdbc(provider);
  if (hasFiles) fileFormat(provider);
  const collation = definition.collation ?? databaseCollation(parts, context);
  const { path, ...options } = definition.options;
  const location = definition.location ?? path;
  const plan = definition.query && (await context.analyze(definition.query));
  const declared = plan === undefined ? structType(definition.columns.map((c) => fieldOf(c, collation))) : structOf(plan);
  const partitionColumns = partitioning(definition);
  const schema = await fullSchema(declared, definition, { provider, location, options }, context);
  checkNames(schema, partitionColumns, shownTable(name));
  const bucket = definition.bucket && bucketSpec(definition.bucket, schema, partitionColumns, shownTable(name), context.settings);
  const entry: TableEntry = {
    ...name,
    type: location === undefined ? 'MANAGED' : 'EXTERNAL',
    provider,
    schema: partitionsLast(schema, partitionColumns),
    partitionColumns: partitionColumns.map((p) => schema.fields.find((f) => sameName(f.name, p))!.name),
    location: location === undefined ? join(database.location, name.table) : localPath(location),
    ...(bucket && { bucket }),
    options,
    properties: definition.properties,
    ...(definition.comment !== undefined && { comment: definition.comment }),
    ...(collation && { collation }),
    createdMs: context.nowMs(),
    owner: context.user,
  };
  if (entry.type === 'MANAGED' && hasFiles) checkLocation(entry);
  if (plan === undefined && hasFiles) await mkdir(entry.location!, { recursive: true });
  return addTable(entry, plan, command.mode === 'ifNotExists', context);
}

/** Data first: a table whose rows could not be computed is never seen. */
async function addTable(
  entry: TableEntry,
  plan: LogicalPlan | undefined,
  ifNotExists: boolean,
  context: CommandContext,
): Promise<LogicalPlan> {
  const written =
    plan && (await insertPlan(entry, plan, { isOverwrite: entry.type === 'EXTERNAL' || isJdbc(entry.provider!), byName: true }, context));
  if (!context.catalog.store().addTable(entry) && !ifNotExists)
    throw new AnalysisException('TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: shownTable(entry) });
  await written?.register();
  return noResult();
}

function checkLocation(entry: TableEntry): void {
  if (existsSync(entry.location!) && readdirSync(entry.location!).length > 0)
    throw new AnalysisException('LOCATION_ALREADY_EXISTS', { location: `'${shownPath(entry.location!)}'`, identifier: shownTable(entry) });
}

/** Without columns the files say them. */
async function fullSchema(
  declared: StructType,
  definition: TableDefinition,
  { provider, location, options }: { provider: string; location: string | undefined; options: Readonly<Record<string, string>> },
  context: CommandContext,
): Promise<StructType> {
  const typed = definition.partitioning.flatMap((p) => ('name' in p && p.dataType ? [structField(p.name[0]!, p.dataType)] : []));
  const isLocated = location !== undefined || isJdbc(provider);
  if (definition.query !== undefined || !isLocated || (declared.fields.length > 0 && !isJdbc(provider)))
    return structType([...declared.fields, ...typed]);
  const schema = declared.fields.length === 0 ? {} : { schema: structType(declared.fields.map((f) => structField(f.name, f.dataType))) };
  return (await context.open({ format: provider, paths: location === undefined ? [] : [location], options, ...schema })).schema;
}

function partitioning(definition: TableDefinition): string[] {
  return definition.partitioning.map((p) => {
    if ('name' in p) return p.name.join('.');
    throw new AnalysisException('NOT_BUILT', { feature: `Partitioning by ${p.transform}(…)` });
  });
}

function refuseUnbuilt(definition: TableDefinition): void {
  if (definition.clusterBy !== undefined) throw new AnalysisException('NOT_BUILT', { feature: 'CLUSTER BY of a table' });
  if (definition.constraints.length > 0) throw new AnalysisException('NOT_BUILT', { feature: 'Constraints of a table' });
  if (definition.columns.some((c) => c.generationExpression !== undefined || c.identity !== undefined))
    throw new AnalysisException('NOT_BUILT', { feature: 'Generated columns' });
}

/** @param collation of the table */
export function fieldOf(column: ColumnDefinition, collation?: string): StructField {
  const metadata = {
    ...(column.comment !== undefined && { comment: column.comment }),
    ...(column.defaultExpression !== undefined && { CURRENT_DEFAULT: column.defaultExpression, EXISTS_DEFAULT: column.defaultExpression }),
  };
  return structField(column.name.join('.'), asNullable(withDefaultCollation(column.dataType, collation)), true, metadata);
}

export const structOf = (plan: LogicalPlan): StructType => structType(outputOf(plan).map((a) => storedField(a, asNullable)));

export function checkNames(schema: StructType, partitionColumns: readonly string[], table: string): void {
  const seen = new Set<string>();
  for (const { name } of schema.fields) {
    if (seen.has(name.toLowerCase())) throw new AnalysisException('COLUMN_ALREADY_EXISTS', { columnName: `\`${name.toLowerCase()}\`` });
    seen.add(name.toLowerCase());
  }
  for (const column of partitionColumns)
    if (!seen.has(column.toLowerCase()))
      throw new AnalysisException('COLUMN_NOT_DEFINED_IN_TABLE', {
        colType: 'partition',
        colName: `\`${column}\``,
        tableName: table,
        tableCols: schema.fields.map((f) => `\`${f.name}\``).join(', '),
      });
  if (partitionColumns.length > 0 && partitionColumns.length === schema.fields.length)
    throw new AnalysisException('ALL_PARTITION_COLUMNS_NOT_ALLOWED');
}

const partitionsLast = (schema: StructType, columns: readonly string[]): StructType => {
  const isPartition = (f: StructField) => columns.some((c) => sameName(c, f.name));
  return structType([
    ...schema.fields.filter((f) => !isPartition(f)),
    ...columns.map((c) => schema.fields.find((f) => sameName(f.name, c))!),
  ]);
};

export const notSupported = (name: { database: string; table: string }, operation: string): AnalysisException =>
  new AnalysisException('UNSUPPORTED_FEATURE.TABLE_OPERATION', { tableName: shownTable(name), operation });

export async function createTableLike(command: Of<'createTableLike'>, context: CommandContext): Promise<LogicalPlan> {
  const { catalog } = context;
  const source = catalog.table(partsOf(command.source));
  const name = catalog.nameOf(partsOf(command.table));
  const { definition } = command;
  const provider = definition.provider?.join('.') ?? source.provider ?? context.settings.get('spark.sql.sources.default') ?? 'parquet';
  const entry: TableEntry = {
    ...name,
    type: definition.location === undefined ? 'MANAGED' : 'EXTERNAL',
    provider,
    schema: source.schema,
    partitionColumns: source.partitionColumns,
    ...(source.bucket && { bucket: source.bucket }),
    location:
      definition.location === undefined ? join(catalog.database([name.database]).location, name.table) : localPath(definition.location),
    options: source.options,
    properties: definition.properties,
    createdMs: context.nowMs(),
    owner: context.user,
  };
  if (!catalog.store().addTable(entry)) {
    if (command.ifNotExists) return noResult();
    throw new AnalysisException('TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: shownTable(name) });
  }
  await mkdir(entry.location!, { recursive: true });
  return noResult();
}

/** What df.write.saveAsTable asks. */
export type SaveAsTable = {
  readonly table: readonly string[];
  readonly query: Relation;
  readonly mode: SaveMode;
  readonly format?: string;
  readonly path?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly partitionBy: readonly string[];
  readonly bucket?: BucketSpec;
};

export async function saveAsTable(request: SaveAsTable, context: CommandContext): Promise<LogicalPlan> {
  const { catalog } = context;
  const found = catalog.find(request.table);
  if (found !== undefined) {
    if (request.mode === 'ignore') return noResult();
    if (request.mode === 'error') throw new AnalysisException('TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: quoted(request.table) });
    if (request.mode === 'append') {
      checkSameBuckets(found, request);
      const plan = await context.analyze(request.query);
      await (await insertPlan(found, plan, { isOverwrite: false, byName: true }, context)).register();
      return noResult();
    }
    await context.execute({ kind: 'drop', what: 'table', name: request.table, ifExists: true });
  }
  return createTable(
    {
      kind: 'createTable',
      table: request.table,
      mode: 'create',
      isTemporary: false,
      isExternal: false,
      definition: {
        columns: [],
        constraints: [],
        ...(request.format !== undefined && { provider: [request.format] }),
        partitioning: request.partitionBy.map((c) => ({ name: [c] })),
        ...(request.bucket && { bucket: { ...request.bucket, sorted: request.bucket.sortColumns } }),
        options: request.options,
        properties: {},
        ...(request.path !== undefined && { location: request.path }),
        query: request.query,
      },
    },
    context,
  );
}

// ALTER TABLE and VIEW, and what else changes an entry. What Spark refuses for tables of files is refused with its words.
// Source: ddl.scala, tables.scala of Spark 4.2.
import { existsSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted } from '../../analysis/names.ts';
import { CATALOG, sameName, type TableEntry } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command, Name } from '../../plan/commands.ts';
import { localPath } from '../../sources/paths.ts';
import { structType } from '../../types/data-type.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { checkNames, fieldOf, notSupported } from './create-table.ts';
import { partitionOf, temporaryPlan } from './describe.ts';
import { namesPartition } from './partition-spec.ts';
import { noResult } from './results.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

function change(table: Of<'addColumns'>['table'], { catalog }: CommandContext, f: (entry: TableEntry) => TableEntry): LogicalPlan {
  catalog.store().changeTable(catalog.table(partsOf(table)), f);
  return noResult();
}

/** Before the partition columns, which stay last. */
export async function addColumns(command: Of<'addColumns'>, context: CommandContext): Promise<LogicalPlan> {
  if (command.columns.some((c) => c.position !== undefined || c.name.length > 1))
    throw notSupported(context.catalog.table(partsOf(command.table)), 'ADD COLUMN with qualified column or position');
  return change(command.table, context, (entry) => {
    const { fields } = entry.schema;
    const partitions = fields.filter((f) => entry.partitionColumns.some((p) => sameName(p, f.name)));
    const schema = structType([
      ...fields.filter((f) => !partitions.includes(f)),
      ...command.columns.map((c) => fieldOf(c, entry.collation)),
      ...partitions,
    ]);
    checkNames(schema, entry.partitionColumns, shownTable(entry));
    return { ...entry, schema };
  });
}

/** @throws AnalysisException EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE for a temporary view */
function refuseView(table: Parameters<typeof partsOf>[0], operation: string, context: CommandContext): void {
  const parts = partsOf(table);
  if (temporaryPlan(parts, context) !== undefined)
    throw new AnalysisException('EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE', { operation, viewName: quoted(parts) });
}

/** Comments and defaults; a type can't be changed under the files that there are. */
export async function alterColumns(command: Of<'alterColumns'>, context: CommandContext): Promise<LogicalPlan> {
  refuseView(command.table, 'ALTER TABLE ... CHANGE COLUMN', context);
  const entry = context.catalog.table(partsOf(command.table));
  for (const { column, dataType, nullable, position, newName } of command.changes) {
    if (position !== undefined) throw notSupported(entry, 'ALTER COLUMN ... FIRST | AFTER');
    const field = entry.schema.fields.find((f) => sameName(f.name, column.join('.')));
    if (field === undefined)
      throw new AnalysisException('UNRESOLVED_COLUMN.WITH_SUGGESTION', {
        objectName: `\`${column.join('.')}\``,
        proposal: entry.schema.fields.map((f) => `\`${f.name}\``).join(', '),
      });
    const changesType = dataType !== undefined && JSON.stringify(dataType) !== JSON.stringify(field.dataType);
    if (changesType || nullable !== undefined || (newName !== undefined && !sameName(newName, field.name)))
      throw new AnalysisException('NOT_SUPPORTED_CHANGE_COLUMN', {
        table: shownTable(entry),
        originName: `\`${field.name}\``,
        originType: field.dataType.tag,
        newName: `\`${newName ?? field.name}\``,
        newType: (dataType ?? field.dataType).tag,
      });
  }
  return change(command.table, context, (e) => ({
    ...e,
    schema: structType(
      e.schema.fields.map((f) => {
        const changed = command.changes.find((c) => sameName(c.column.join('.'), f.name));
        if (changed === undefined) return f;
        const { CURRENT_DEFAULT: _, ...metadata } = f.metadata;
        const before = changed.defaultExpression === undefined ? f.metadata : metadata;
        return {
          ...f,
          metadata: {
            ...before,
            ...(changed.comment !== undefined && { comment: changed.comment }),
            ...(typeof changed.defaultExpression === 'string' && { CURRENT_DEFAULT: changed.defaultExpression }),
          },
        };
      }),
    ),
  }));
}

export async function renameTable(command: Of<'renameTable'>, context: CommandContext): Promise<LogicalPlan> {
  const { catalog, views } = context;
  const parts = partsOf(command.table);
  if (parts.length === 1 && views.has(parts[0]!)) {
    if (views.has(command.newName.at(-1)!))
      throw new AnalysisException('TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: `\`${command.newName.at(-1)}\`` });
    views.rename(parts[0]!, command.newName.at(-1)!);
    return noResult();
  }
  const entry = catalog.table(parts);
  if (command.isView !== (entry.type === 'VIEW'))
    throw new AnalysisException(command.isView ? 'EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE' : 'EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW', {
      tableName: shownTable(entry),
      viewName: shownTable(entry),
      operation: command.isView ? 'ALTER VIEW ... RENAME TO' : 'ALTER TABLE ... RENAME TO',
    });
  const name =
    command.newName.length === 1 ? { database: entry.database, table: command.newName[0]!.toLowerCase() } : catalog.nameOf(command.newName);
  if (name.database !== entry.database)
    throw new AnalysisException('RENAME_TABLE_DATABASE_MISMATCH', { source: shownTable(entry), target: shownTable(name) });
  const store = catalog.store();
  if (store.table(name) !== undefined)
    throw new AnalysisException('TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: `\`${name.database}\`.\`${name.table}\`` });
  // The folder of a managed table has its name.
  const moves = entry.type === 'MANAGED' && entry.location === join(catalog.database([entry.database]).location, entry.table);
  const location = moves ? join(catalog.database([entry.database]).location, name.table) : entry.location;
  const partitions = store.partitions(entry);
  if (moves && existsSync(entry.location!)) await rename(entry.location!, location!);
  store.changeTable(entry, (e) => ({ ...e, ...name, ...(location !== undefined && { location }) }));
  if (moves) {
    const moved = partitions.map((p) => ({ ...p, location: p.location.replace(`${entry.location}/`, `${location}/`) }));
    store.changePartitions(
      name,
      moved,
      partitions.map((p) => p.values),
    );
  }
  return noResult();
}

export async function setProperties(command: Of<'setTableProperties'>, context: CommandContext): Promise<LogicalPlan> {
  const { comment: said, ...properties } = command.properties;
  return change(command.table, context, (e) => ({
    ...e,
    ...(said !== undefined && { comment: said }),
    properties: { ...e.properties, ...properties },
  }));
}

export async function unsetProperties(command: Of<'unsetTableProperties'>, context: CommandContext): Promise<LogicalPlan> {
  const entry = context.catalog.table(partsOf(command.table));
  const missing = command.keys.filter((k) => !(k in entry.properties) && k !== 'comment');
  if (missing.length > 0 && !command.ifExists)
    throw new AnalysisException('UNSET_NONEXISTENT_PROPERTIES', {
      properties: missing.map((k) => `\`${k}\``).join(', '),
      table: shownTable(entry),
    });
  return change(command.table, context, ({ comment: said, ...e }) => ({
    ...e,
    ...(said !== undefined && !command.keys.includes('comment') && { comment: said }),
    properties: Object.fromEntries(Object.entries(e.properties).filter(([k]) => !command.keys.includes(k))),
  }));
}

export async function setLocation(command: Of<'setTableLocation'>, context: CommandContext): Promise<LogicalPlan> {
  const location = localPath(command.location);
  if (namesPartition(command.partition)) {
    const entry = context.catalog.table(partsOf(command.table));
    const { statistics: _, ...one } = await partitionOf(entry, command.partition, context);
    context.catalog.store().changePartitions(entry, [{ ...one, location }], [one.values]);
    return noResult();
  }
  return change(command.table, context, (e) => ({ ...e, location }));
}

/** SERDEPROPERTIES are the options that files are read with. @throws AnalysisException _LEGACY_ERROR_TEMP_1249 for a serde itself */
export async function setSerde(command: Of<'setTableSerde'>, context: CommandContext): Promise<LogicalPlan> {
  const entry = context.catalog.table(partsOf(command.table));
  if (command.serde !== undefined || namesPartition(command.partition))
    throw new AnalysisException('_LEGACY_ERROR_TEMP_1249', { tableName: shownTable(entry) });
  return change(command.table, context, (e) => ({ ...e, options: { ...e.options, ...command.properties } }));
}

export async function comment(command: Of<'comment'>, context: CommandContext): Promise<LogicalPlan> {
  const { catalog } = context;
  if (command.on === 'namespace') {
    const entry = catalog.database(partsOf(command.name));
    catalog.store().changeDatabase({ ...entry, comment: command.comment ?? '' });
    return noResult();
  }
  return change(command.name, context, ({ comment: _, ...e }) => (command.comment === null ? e : { ...e, comment: command.comment }));
}

/** Folders of partitions under the table's that the catalogue has not heard of, and such as are gone. */
export async function foldersOf(entry: TableEntry): Promise<string[]> {
  let folders = [''];
  for (const column of entry.partitionColumns) {
    const next: string[] = [];
    for (const folder of folders)
      for (const name of await readdir(join(entry.location!, folder)).catch(() => [] as string[]))
        if (name.toLowerCase().startsWith(`${column.toLowerCase()}=`)) next.push(join(folder, name));
    folders = next;
  }
  return folders;
}

/** What Spark has no way to do with a table of files. */
const REFUSED: Readonly<Record<string, string>> = {
  renameColumn: 'RENAME COLUMN',
  dropColumns: 'DROP COLUMN',
  replaceColumns: 'REPLACE COLUMNS',
  deleteFrom: 'DELETE',
  update: 'UPDATE TABLE',
  mergeInto: 'MERGE INTO TABLE',
};

export function refuse(command: Command, { catalog }: CommandContext): LogicalPlan {
  const { kind } = command;
  const operation = REFUSED[kind];
  const table = kind === 'mergeInto' ? command.target : 'table' in command ? command.table : undefined;
  if (operation === undefined || table === undefined) throw new AnalysisException('NOT_BUILT', { feature: `The command ${kind}` });
  throw notSupported(catalog.onPath(partsOf(table as Name)), operation);
}

export const shownName = (entry: TableEntry): string => `${CATALOG}.${entry.database}.${entry.table}`;

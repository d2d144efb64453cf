// Databases: made, changed, dropped, used, shown. Source: Spark 4.2's CreateDatabaseCommand, DropDatabaseCommand, DescribeNamespaceExec, ShowNamespacesExec.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted } from '../../analysis/names.ts';
import { CATALOG, DEFAULT_DATABASE, GLOBAL_TEMP } from '../../catalog/entries.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import { localPath, shownPath } from '../../sources/paths.ts';
import { removeFolder } from '../../sources/write/remove-folder.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { byPattern, noResult, resultRows, text } from './results.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export async function createNamespace(command: Of<'createNamespace'>, { catalog, user }: CommandContext): Promise<LogicalPlan> {
  const name = catalog.databaseName(partsOf(command.namespace));
  if (name === GLOBAL_TEMP || name.trim() === '') throw new AnalysisException('INVALID_SCHEMA_OR_RELATION_NAME', { name: `\`${name}\`` });
  const { comment = '', location, ...properties } = command.properties;
  const path = location === undefined ? join(catalog.warehouse, `${name}.db`) : inWarehouse(location, catalog.warehouse);
  const isNew = catalog.store().addDatabase({ name, comment, location: path, properties, owner: user });
  if (!isNew && !command.ifNotExists) throw new AnalysisException('SCHEMA_ALREADY_EXISTS', { schemaName: quoted([name]) });
  if (isNew) await mkdir(path, { recursive: true });
  return noResult();
}

export async function dropNamespace(command: Of<'drop'>, { catalog }: CommandContext): Promise<LogicalPlan> {
  const name = catalog.databaseName(partsOf(command.name));
  if (name === DEFAULT_DATABASE)
    throw new AnalysisException('UNSUPPORTED_FEATURE.DROP_DATABASE', { database: quoted([CATALOG, DEFAULT_DATABASE]) });
  const store = catalog.store();
  const entry = store.database(name);
  if (entry === undefined) {
    if (command.ifExists) return noResult();
    throw new AnalysisException('SCHEMA_NOT_FOUND', { schemaName: quoted([CATALOG, name]) });
  }
  const tables = store.dropDatabase(name, command.cascade ?? false);
  if (tables === undefined) throw new AnalysisException('SCHEMA_NOT_EMPTY', { schemaName: quoted([CATALOG, name]) });
  for (const table of tables) if (table.type === 'MANAGED') await removeFolder(table.location!);
  await removeFolder(entry.location);
  if (catalog.current === name) catalog.current = DEFAULT_DATABASE;
  return noResult();
}

export async function use({ name, isNamespace }: Of<'use'>, { catalog }: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(name);
  if (!isNamespace && parts.length === 1 && parts[0]!.toLowerCase() === CATALOG) {
    catalog.current = DEFAULT_DATABASE;
    return noResult();
  }
  catalog.current = catalog.database(parts).name;
  return noResult();
}

export async function changeNamespace(
  command: Of<'setNamespaceProperties' | 'unsetNamespaceProperties' | 'setNamespaceLocation' | 'setNamespaceCollation'>,
  { catalog }: CommandContext,
): Promise<LogicalPlan> {
  const entry = catalog.database(partsOf(command.namespace));
  const properties: Record<string, string> = { ...entry.properties };
  let location = entry.location;
  if (command.kind === 'setNamespaceProperties') Object.assign(properties, command.properties);
  else if (command.kind === 'setNamespaceCollation') properties.collation = command.collation;
  else if (command.kind === 'unsetNamespaceProperties') for (const key of command.keys) delete properties[key];
  else {
    location = inWarehouse(command.location, catalog.warehouse);
    if (!existsSync(location)) await mkdir(location, { recursive: true });
  }
  catalog.store().changeDatabase({ ...entry, properties, location });
  return noResult();
}

export async function describeNamespace(
  { namespace, isExtended }: Of<'describeNamespace'>,
  { catalog }: CommandContext,
): Promise<LogicalPlan> {
  const entry = catalog.database(partsOf(namespace));
  const { collation, ...others } = entry.properties;
  const properties = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = [
    ['Catalog Name', CATALOG],
    ['Namespace Name', entry.name],
    ['Comment', entry.comment],
    ['Location', shownPath(entry.location)],
    ['Owner', entry.owner],
    ...(collation === undefined ? [] : [['Collation', collation]]),
    ...(isExtended ? [['Properties', properties.length === 0 ? '' : `(${properties.map(([k, v]) => `(${k},${v})`).join(', ')})`]] : []),
  ];
  return resultRows([text('info_name'), text('info_value')], rows);
}

export async function showNamespaces({ pattern }: Of<'showNamespaces'>, { catalog }: CommandContext): Promise<LogicalPlan> {
  const names = catalog
    .store()
    .databases()
    .map((d) => d.name);
  return resultRows(
    [text('namespace')],
    byPattern(names, (n) => n, pattern).map((n) => [n]),
  );
}

export async function showCurrentNamespace({ catalog }: CommandContext): Promise<LogicalPlan> {
  return resultRows([text('catalog'), text('namespace')], [[CATALOG, catalog.current]]);
}

/** A relative path is meant from the warehouse. Source: SessionCatalog.makeQualifiedDBPath. */
const inWarehouse = (location: string, warehouse: string): string =>
  /^([a-z][\w+.-]*:|\/)/i.test(location) ? localPath(location) : join(warehouse, location);

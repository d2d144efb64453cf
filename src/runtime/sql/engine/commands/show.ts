// SHOW of tables, views, columns, properties and catalogues. Source: tables.scala, views.scala of Spark 4.2.
import { quoted } from '../../analysis/names.ts';
import { CATALOG, GLOBAL_TEMP, sameName, type TableEntry } from '../../catalog/entries.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { Command, Name } from '../../plan/commands.ts';
import { allCollations } from '../../types/collations.ts';
import { structField, structType } from '../../types/data-type.ts';
import { schemaTree } from '../../types/schema-tree.ts';
import { shownName } from './alter-table.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { partitionOf, temporaryPlan } from './describe.ts';
import { byPattern, flag, resultRows, text } from './results.ts';
import { namesPartition } from './partition-spec.ts';
import { partitionDetails, redacted, tableDetails } from './table-details.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Listed = { readonly namespace: string; readonly name: string; readonly isTemporary: boolean; readonly entry?: TableEntry };

/** The database's tables and views, then the session's temporary views. */
function listed(namespace: Name | undefined, pattern: string | undefined, { catalog, views, globalViews }: CommandContext): Listed[] {
  const parts = namespace === undefined ? [] : partsOf(namespace);
  const isGlobal = parts.at(-1)?.toLowerCase() === GLOBAL_TEMP;
  const stored: Listed[] = isGlobal
    ? globalViews.names().map((name) => ({ namespace: GLOBAL_TEMP, name, isTemporary: true }))
    : catalog
        .store()
        .tables(catalog.database(parts).name)
        .map((entry) => ({ namespace: entry.database, name: entry.table, isTemporary: false, entry }));
  const temporary = [...views.names()].sort().map((name) => ({ namespace: '', name, isTemporary: true }));
  return byPattern([...stored, ...temporary], (t) => t.name, pattern);
}

export async function showTables({ namespace, pattern }: Of<'showTables'>, context: CommandContext): Promise<LogicalPlan> {
  const rows = listed(namespace, pattern, context).map((t) => [t.namespace, t.name, t.isTemporary]);
  return resultRows([text('namespace'), text('tableName'), flag('isTemporary')], rows);
}

export async function showViews({ namespace, pattern }: Of<'showViews'>, context: CommandContext): Promise<LogicalPlan> {
  const rows = listed(namespace, pattern, context)
    .filter((t) => t.isTemporary || t.entry?.type === 'VIEW')
    .map((t) => [t.namespace, t.name, t.isTemporary]);
  return resultRows([text('namespace'), text('viewName'), flag('isTemporary')], rows);
}

export async function showTableExtended(command: Of<'showTableExtended'>, context: CommandContext): Promise<LogicalPlan> {
  const columns = [text('namespace'), text('tableName'), flag('isTemporary'), text('information')];
  if (namesPartition(command.partition)) {
    // With a partition the pattern is a table's name.
    const entry = context.catalog.table([...(command.namespace === undefined ? [] : partsOf(command.namespace)), command.pattern]);
    const one = await partitionOf(entry, command.partition, context);
    const details = partitionDetails(entry, one, context.settings);
    const own = details.slice(details.findIndex(([name]) => name === 'Partition Values')).slice(0, -1);
    const end = own.findIndex(([name]) => name === '');
    return resultRows(columns, [
      [
        entry.database,
        entry.table,
        false,
        `${own
          .slice(0, end)
          .map(([k, v]) => `${k}: ${v}\n`)
          .join('')}\n`,
      ],
    ]);
  }
  const rows = listed(command.namespace, command.pattern, context).map((t) => [
    t.namespace,
    t.name,
    t.isTemporary,
    information(t, context),
  ]);
  return resultRows(columns, rows);
}

function information({ namespace, name, entry }: Listed, context: CommandContext): string {
  const { settings } = context;
  if (entry === undefined) return temporaryInformation(namespace, name, context);
  const partitions =
    entry.partitionColumns.length > 0 ? `Partition Columns: [${entry.partitionColumns.map((c) => `\`${c}\``).join(', ')}]\n` : '';
  return `${tableDetails(entry, settings)
    .map(([k, v]) => `${k}: ${v}\n`)
    .join('')}${partitions}Schema: ${schemaTree(entry.schema)}\n`;
}

function temporaryInformation(namespace: string, name: string, context: CommandContext): string {
  const views = namespace === GLOBAL_TEMP ? context.globalViews : context.views;
  const { view, createdMs = context.nowMs() } = views.made(name) ?? {};
  const schema = structType(outputOf(views.find([name])!).map((a) => structField(a.name, a.dataType, a.nullable, a.metadata)));
  const facts = {
    database: namespace,
    table: name,
    type: 'VIEW',
    schema,
    partitionColumns: [],
    options: {},
    properties: {},
    owner: '',
  } as const;
  const text = view ?? { text: '', namespace: '', queryColumns: [] };
  const hidden = ['Catalog', 'View Original Text', ...(namespace === '' ? ['Database'] : []), ...(view === undefined ? OF_TEXT : [])];
  const details = tableDetails({ ...facts, createdMs, view: text }, context.settings).filter(([k]) => !hidden.includes(k));
  return `${details.map(([k, v]) => `${k}: ${v}\n`).join('')}Schema: ${schemaTree(schema)}\n`;
}
/** What a view without a query has not. */
const OF_TEXT = ['View Text', 'View Catalog and Namespace', 'View Query Output Columns'];

export async function showColumns({ table, namespace }: Of<'showColumns'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(table);
  if (namespace !== undefined && parts.length > 1 && !sameName(namespace.at(-1)!, parts.at(-2)!))
    throw new AnalysisException('SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE', {
      namespaceA: quoted(namespace),
      namespaceB: quoted(parts.slice(0, -1)),
    });
  const full = namespace !== undefined && parts.length === 1 ? [...namespace, parts[0]!] : parts;
  const schema = temporaryPlan(full, context) ?? context.catalog.table(full).schema;
  return resultRows(
    [text('col_name')],
    schema.fields.map((f) => [f.name]),
  );
}

export async function showTableProperties({ table, key }: Of<'showTableProperties'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(table);
  const columns = [text('key'), text('value')];
  if (temporaryPlan(parts, context) !== undefined) return resultRows(columns, []);
  const entry = context.catalog.table(parts);
  if (key !== undefined)
    return resultRows(columns, [
      [key, key in entry.properties ? redacted(key, entry.properties[key]!) : `Table ${shownName(entry)} does not have property: ${key}`],
    ]);
  const rows = Object.entries(entry.properties)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => [k, redacted(k, v)]);
  return resultRows(columns, rows);
}

export async function showCollations({ pattern }: Of<'showCollations'>): Promise<LogicalPlan> {
  return resultRows(
    [
      text('COLLATION_CATALOG'),
      text('COLLATION_SCHEMA'),
      text('COLLATION_NAME'),
      text('LANGUAGE', true),
      text('COUNTRY', true),
      text('ACCENT_SENSITIVITY'),
      text('CASE_SENSITIVITY'),
      text('PAD_ATTRIBUTE'),
      text('ICU_VERSION', true),
    ],
    byPattern(allCollations(), (row) => row[2]!, pattern),
  );
}

export async function showCatalogs({ pattern }: Of<'showCatalogs'>): Promise<LogicalPlan> {
  return resultRows(
    [text('catalog')],
    byPattern([CATALOG], (c) => c, pattern).map((c) => [c]),
  );
}

export async function setCatalog(name: string): Promise<LogicalPlan> {
  if (name.toLowerCase() === CATALOG) return resultRows([], []);
  throw new AnalysisException('CATALOG_NOT_FOUND', { catalogName: quoted([name]), config: `"spark.sql.catalog.${name}"` });
}

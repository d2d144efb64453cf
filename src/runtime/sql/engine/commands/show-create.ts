// SHOW CREATE TABLE: the statement that would make a table or a view again. Source: ShowCreateTableCommand of Spark 4.2.
import { CATALOG, type TableEntry } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import { shownPath } from '../../sources/paths.ts';
import type { DataType } from '../../types/data-type.ts';
import { commentClause, quoteIfNeeded, sqlType } from '../../types/type-names.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { resultRows, text } from './results.ts';
import { redacted, schemaModeOf } from './table-details.ts';

export async function showCreateTable(
  command: Extract<Command, { kind: 'showCreateTable' }>,
  { catalog, settings }: CommandContext,
): Promise<LogicalPlan> {
  const entry = catalog.table(partsOf(command.table));
  if (command.asSerde && entry.view === undefined) throw new AnalysisException('_LEGACY_ERROR_TEMP_1273', { table: shownTable(entry) });
  return resultRows([text('createtab_stmt')], [[entry.view === undefined ? tableText(entry) : viewText(entry, settings)]]);
}

const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
const pairs = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `  '${escaped(k)}' = '${escaped(redacted(k, v))}'`)
    .join(',\n');
const group = (word: string, values: Readonly<Record<string, string>>): string =>
  Object.keys(values).length === 0 ? '' : `${word} (\n${pairs(values)})\n`;
const comment = (entry: TableEntry): string => (entry.comment === undefined ? '' : `COMMENT '${escaped(entry.comment)}'\n`);

const collation = (name: string | undefined): string => (name === undefined ? '' : `DEFAULT COLLATION ${name}\n`);

function buckets({ bucket }: TableEntry): string {
  if (bucket === undefined) return '';
  const list = (columns: readonly string[]) => columns.map(quoteIfNeeded).join(', ');
  const sorted = bucket.sortColumns.length === 0 ? '' : `SORTED BY (${list(bucket.sortColumns)})\n`;
  return `CLUSTERED BY (${list(bucket.columns)})\n${sorted}INTO ${bucket.count} BUCKETS\n`;
}

/** The collation of a text is named always. */
function columnType(type: DataType): string {
  const shown = sqlType(type);
  const isText = type.tag === 'string' || type.tag === 'char' || type.tag === 'varchar';
  return isText && !shown.includes(' COLLATE ') ? `${shown} COLLATE ${type.collation}` : shown;
}

function tableText(entry: TableEntry): string {
  const columns = entry.schema.fields.map((f) => {
    const byDefault = typeof f.metadata.CURRENT_DEFAULT === 'string' ? ` DEFAULT ${f.metadata.CURRENT_DEFAULT}` : '';
    return `  ${quoteIfNeeded(f.name)} ${columnType(f.dataType)}${byDefault}${commentClause(f.metadata.comment)}`;
  });
  const partitions =
    entry.partitionColumns.length === 0 ? '' : `PARTITIONED BY (${entry.partitionColumns.map(quoteIfNeeded).join(', ')})\n`;
  const location = entry.type === 'EXTERNAL' ? `LOCATION '${escaped(shownPath(entry.location!))}'\n` : '';
  return `CREATE TABLE ${CATALOG}.${quoteIfNeeded(entry.database)}.${quoteIfNeeded(entry.table)} (\n${columns.join(',\n')})\nUSING ${entry.provider}\n${group('OPTIONS', entry.options)}${partitions}${buckets(entry)}${comment(entry)}${collation(entry.collation)}${location}${group('TBLPROPERTIES', entry.properties)}`;
}

function viewText(entry: TableEntry, settings: SessionSettings): string {
  const columns = entry.schema.fields.map((f) => `  ${quoteIfNeeded(f.name)}${commentClause(f.metadata.comment)}`);
  const mode = schemaModeOf(entry.view!, settings);
  return `CREATE VIEW ${quoteIfNeeded(entry.database)}.${quoteIfNeeded(entry.table)} (\n${columns.join(',\n')})\n${comment(entry)}${collation(entry.view!.collation)}${group('TBLPROPERTIES', entry.properties)}${mode === undefined ? '' : `WITH SCHEMA ${mode}\n`}AS ${entry.view!.text}\n`;
}

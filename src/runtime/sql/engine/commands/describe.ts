// DESCRIBE of tables, views, columns and queries. Source: DescribeTableCommand, DescribeColumnCommand of Spark 4.2.
import { type PartitionEntry, sameName, type TableEntry } from '../../catalog/entries.ts';
import { quoted } from '../../analysis/names.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { Command, PartitionSpec } from '../../plan/commands.ts';
import { type StructType, structField, structType } from '../../types/data-type.ts';
import { storedField, storedType } from '../../types/text-lengths.ts';
import { simpleString } from '../../types/type-names.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { describeJson } from './describe-json.ts';
import { fullPartition, namesPartition } from './partition-spec.ts';
import { shownSpec } from './partition-text.ts';
import { resultRows, text } from './results.ts';
import { partitionDetails, tableDetails } from './table-details.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Line = readonly [string, string, string | null];

const COLUMNS = [text('col_name'), text('data_type'), text('comment', true)];
const lines = (schema: StructType): Line[] =>
  schema.fields.map((f) => [f.name, simpleString(f.dataType), typeof f.metadata.comment === 'string' ? f.metadata.comment : null]);

export async function describeTable(command: Of<'describeTable'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(command.table);
  const temporary = temporaryPlan(parts, context);
  if (temporary !== undefined) {
    if (namesPartition(command.partition)) throw forbidden(parts, 'TEMPORARY VIEW');
    if (command.asJson) return describeJson({ schema: temporary, settings: context.settings });
    if (command.column !== undefined) return describeColumn(temporary, command.column, undefined, false);
    return resultRows(COLUMNS, lines(temporary));
  }
  const entry = context.catalog.table(parts);
  if (entry.view !== undefined && namesPartition(command.partition)) throw forbidden(parts, 'VIEW');
  const shown = structType(entry.schema.fields.map((f) => ({ ...f, dataType: storedType(f) })));
  if (command.column !== undefined) return describeColumn(shown, command.column, entry, command.isExtended);
  if (command.asJson) {
    const one = namesPartition(command.partition) && { partition: await partitionOf(entry, command.partition, context) };
    return describeJson({ schema: shown, entry, settings: context.settings, ...one });
  }
  const rows = [...lines(shown), ...partitionLines(entry)];
  if (namesPartition(command.partition)) {
    const one = await partitionOf(entry, command.partition, context);
    if (command.isExtended) {
      const details = partitionDetails(entry, one, context.settings);
      rows.push(['', '', ''], ['# Detailed Partition Information', '', ''], ...details.map(([k, v]): Line => [k, v, '']));
    }
    return resultRows(COLUMNS, rows);
  }
  if (command.isExtended)
    rows.push(
      ['', '', ''],
      ['# Detailed Table Information', '', ''],
      ...tableDetails(entry, context.settings).map(([k, v]): Line => [k, v, '']),
    );
  rows.push(...defaultLines(entry));
  return resultRows(COLUMNS, rows);
}

const forbidden = (parts: readonly string[], objectType: string): AnalysisException =>
  new AnalysisException('FORBIDDEN_OPERATION', { statement: 'DESC PARTITION', objectType, objectName: quoted(parts) });

/** The one partition of a whole spec. @throws AnalysisException PARTITIONS_NOT_FOUND */
export async function partitionOf(entry: TableEntry, spec: PartitionSpec, context: CommandContext): Promise<PartitionEntry> {
  const values = await fullPartition(entry, spec, context);
  const all = context.catalog.store().partitions(entry);
  const found = all.find((p) => p.values.every((v, i) => v === values[i]));
  if (found !== undefined) return found;
  throw new AnalysisException('PARTITIONS_NOT_FOUND', {
    partitionList: shownSpec(entry, values),
    tableName: `\`${entry.database}\`.\`${entry.table}\``,
  });
}

export function temporaryPlan(parts: readonly string[], { views, globalViews }: CommandContext): StructType | undefined {
  const plan =
    parts.length === 1
      ? views.find(parts)
      : parts.length === 2 && parts[0]!.toLowerCase() === 'global_temp'
        ? globalViews.find([parts[1]!])
        : undefined;
  return plan && structType(outputOf(plan).map((a) => storedField(a, (t) => t)));
}

function partitionLines(entry: TableEntry): Line[] {
  if (entry.partitionColumns.length === 0) return [];
  const columns = structType(entry.schema.fields.filter((f) => entry.partitionColumns.some((p) => sameName(p, f.name))));
  return [['# Partition Information', '', ''], ['# col_name', 'data_type', 'comment'], ...lines(columns)];
}

function defaultLines({ schema }: TableEntry): Line[] {
  const made = schema.fields.filter((f) => typeof f.metadata.CURRENT_DEFAULT === 'string');
  if (made.length === 0) return [];
  return [
    ['', '', ''],
    ['# Column Default Values', '', ''],
    ...made.map((f): Line => [f.name, simpleString(f.dataType), f.metadata.CURRENT_DEFAULT as string]),
  ];
}

function describeColumn(schema: StructType, column: readonly string[], entry: TableEntry | undefined, isExtended: boolean): LogicalPlan {
  const field = schema.fields.find((f) => sameName(f.name, column.join('.')));
  if (field === undefined)
    throw new AnalysisException('UNRESOLVED_COLUMN.WITH_SUGGESTION', {
      objectName: column.map((c) => `\`${c}\``).join('.'),
      proposal: schema.fields.map((f) => `\`${f.name}\``).join(', '),
    });
  const [[name, type, comment]] = lines(structType([field])) as [Line];
  const statistics = entry?.statistics?.columns?.[field.name];
  const more = [
    ['min', statistics?.min],
    ['max', statistics?.max],
    ['num_nulls', statistics?.nullCount],
    ['distinct_count', statistics?.distinctCount],
    ['avg_col_len', statistics?.averageLength],
    ['max_col_len', statistics?.maxLength],
    ['histogram', undefined],
  ];
  const rows = [
    ['col_name', name],
    ['data_type', type],
    ['comment', comment ?? 'NULL'],
    ...(isExtended ? more.map(([k, v]) => [k!, v ?? 'NULL']) : []),
  ];
  return resultRows([text('info_name'), text('info_value')], rows);
}

export async function describeQuery({ query }: Of<'describeQuery'>, { analyze }: CommandContext): Promise<LogicalPlan> {
  return resultRows(
    COLUMNS,
    lines(structType(outputOf(await analyze(query)).map((a) => structField(a.name, a.dataType, a.nullable, a.metadata)))),
  );
}

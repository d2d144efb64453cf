// ANALYZE TABLE: rows, bytes, and per column the values' number, NULLs, bounds and lengths. Source: AnalyzeTableCommand, AnalyzeColumnCommand of Spark 4.2.
import { stat } from 'node:fs/promises';
import { type ColumnStatistics, sameName, type TableEntry } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { tableRequest } from '../../catalog/table-source.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo } from '../../functions/coercion.ts';
import { makeCall } from '../../functions/make-call.ts';
import { aliasOf, type Attribute, type Expr, literal } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf, type Scan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import { INTEGER, STRING } from '../../types/data-type.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { matchesSpec, namesPartition, partitionValues } from './partition-spec.ts';
import { shownSpec } from './partition-text.ts';
import { noResult } from './results.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export async function analyzeTable(command: Of<'analyzeTable'>, context: CommandContext): Promise<LogicalPlan> {
  const { catalog } = context;
  const entry = catalog.table(partsOf(command.table));
  if (entry.type === 'VIEW') throw new AnalysisException('UNSUPPORTED_FEATURE.ANALYZE_VIEW');
  if (namesPartition(command.partition)) return analyzePartitions(entry, command, context);
  const opened = await context.open(tableRequest(entry, catalog.store().partitions(entry)));
  const scan = opened.scan() as Scan;
  const bytes = await totalBytes(scan);
  if (command.noScan) return store(entry, { bytes }, context);
  const columns = columnsOf(command.columns, entry, outputOf(scan));
  const call = (name: string, ...args: Expr[]) => makeCall(name, args, context.settings);
  const aggregates: Expr[] = [call('count', literal(1, INTEGER))];
  for (const column of columns) {
    const length =
      column.dataType.tag === 'string' || column.dataType.tag === 'binary'
        ? [call('avg', call('length', column)), call('max', call('length', column))]
        : [];
    const bounds = isOrdered(column) ? [call('min', column), call('max', column)] : [];
    const distinct = { ...(call('count', column) as Extract<Expr, { kind: 'aggregateCall' }>), isDistinct: true };
    aggregates.push(call('count', column), distinct, ...[...bounds, ...length].map((e) => e));
  }
  const [row] = await context.rows(textsOf(aggregates, scan));
  const values = row!.map((v) => v as string | null);
  const rows = Number(values[0]);
  let at = 1;
  const statistics: Record<string, ColumnStatistics> = { ...entry.statistics?.columns };
  for (const column of columns) {
    const [count, distinctCount] = [Number(values[at++]), values[at++]!];
    const [min, max] = isOrdered(column) ? [values[at++], values[at++]] : [];
    const hasLength = column.dataType.tag === 'string' || column.dataType.tag === 'binary';
    const [average, longest] = hasLength ? [values[at++], values[at++]] : [];
    statistics[column.name] = {
      distinctCount,
      nullCount: String(rows - count),
      ...(min && { min }),
      ...(max && { max }),
      averageLength: hasLength ? String(Math.ceil(Number(average ?? 0))) : String(fixedLength(column)),
      maxLength: hasLength ? (longest ?? '0') : String(fixedLength(column)),
    };
  }
  return store(entry, { bytes, rows, ...(Object.keys(statistics).length > 0 && { columns: statistics }) }, context);
}

/** Each that the spec names: PARTITION (a = 1, b) are all of a = 1. */
async function analyzePartitions(
  entry: TableEntry,
  { partition, noScan }: Of<'analyzeTable'>,
  context: CommandContext,
): Promise<LogicalPlan> {
  const catalog = context.catalog.store();
  const spec = await partitionValues(entry, partition, context);
  const found = catalog.partitions(entry).filter((p) => matchesSpec(p.values, spec));
  if (found.length === 0 && spec.every((v) => v !== undefined))
    throw new AnalysisException('PARTITIONS_NOT_FOUND', {
      partitionList: shownSpec(entry, spec),
      tableName: `\`${entry.database}\`.\`${entry.table}\``,
    });
  const counted = await Promise.all(
    found.map(async (one) => {
      const scan = (await context.open(tableRequest(entry, [one]))).scan() as Scan;
      const bytes = await totalBytes(scan);
      if (noScan) return { ...one, statistics: { ...one.statistics, bytes } };
      const [row] = await context.rows(textsOf([makeCall('count', [literal(1, INTEGER)], context.settings)], scan));
      return { ...one, statistics: { bytes, rows: Number(row![0]) } };
    }),
  );
  catalog.changePartitions(
    entry,
    counted,
    found.map((p) => p.values),
  );
  return noResult();
}

/** ANALYZE TABLES: all of a database, views aside. */
export async function analyzeTables({ namespace, noScan }: Of<'analyzeTables'>, context: CommandContext): Promise<LogicalPlan> {
  const { name } = context.catalog.database(namespace === undefined ? [] : partsOf(namespace));
  for (const { type, database, table } of context.catalog.store().tables(name))
    if (type !== 'VIEW') await analyzeTable({ kind: 'analyzeTable', table: [database, table], partition: {}, noScan }, context);
  return noResult();
}

/** Aggregates first, then each as text. */
function textsOf(aggregates: readonly Expr[], child: LogicalPlan): LogicalPlan {
  const named = aggregates.map((e, i) => aliasOf(e, `a${i}`));
  const plan: LogicalPlan = { kind: 'aggregate', child, grouping: [], aggregates: named };
  return { kind: 'project', child: plan, projectList: outputOf(plan).map((a) => aliasOf(castTo(a, STRING), a.name)) };
}

const isOrdered = ({ dataType: { tag } }: Attribute): boolean =>
  ['byte', 'short', 'integer', 'long', 'float', 'double', 'decimal', 'date', 'timestamp', 'timestamp_ntz', 'boolean'].includes(tag);
const fixedLength = ({ dataType: { tag } }: Attribute): number =>
  ({ boolean: 1, byte: 1, short: 2, integer: 4, float: 4, date: 4 })[tag as 'byte'] ?? 8;

function columnsOf(asked: readonly string[] | 'all' | undefined, entry: TableEntry, output: readonly Attribute[]): readonly Attribute[] {
  if (asked === undefined) return [];
  if (asked === 'all') return output.filter((a) => isOrdered(a) || a.dataType.tag === 'string' || a.dataType.tag === 'binary');
  return asked.map((name) => {
    const found = output.find((a) => sameName(a.name, name));
    if (found !== undefined) return found;
    throw new AnalysisException('COLUMN_NOT_FOUND', {
      colName: `\`${name}\``,
      caseSensitiveConfig: '"spark.sql.caseSensitive"',
      table: shownTable(entry),
    });
  });
}

async function totalBytes(scan: Scan): Promise<number> {
  const sizes = await Promise.all(
    scan.files.map((f) =>
      stat(f.path).then(
        (s) => s.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((a, b) => a + b, 0);
}

function store(entry: TableEntry, statistics: NonNullable<TableEntry['statistics']>, { catalog }: CommandContext): LogicalPlan {
  catalog.store().changeTable(entry, (e) => ({ ...e, statistics: { ...e.statistics, ...statistics } }));
  return noResult();
}

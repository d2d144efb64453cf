// INSERT INTO and OVERWRITE: which of the query's columns goes into which of the table's, cast by ANSI's rules of assignment, files, and the
// partitions that the catalogue learns. Source: PreprocessTableInsertion, TableOutputResolver and InsertIntoHadoopFsRelationCommand of Spark 4.2.
import { quoted } from '../../analysis/names.ts';
import { partitionPath } from '../../catalog/table-source.ts';
import { CATALOG, sameName, type TableEntry } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { storedValue } from '../../functions/text-lengths.ts';
import { aliasOf, type Expr, literal, type NamedExpr } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { Command, InsertInto } from '../../plan/commands.ts';
import { parseExpression } from '../../parser/parse.ts';
import { parsePartitionFolder } from '../../sources/hive-paths.ts';
import { SourceOptions } from '../../sources/options.ts';
import { removeFiles } from '../../sources/write/remove-folder.ts';
import { STRING, type StructField } from '../../types/data-type.ts';
import { readsFolder } from '../reads-folder.ts';
import { checkAssignment } from './store-assignment.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { matchesSpec, partitionValues, type StaticValues } from './partition-spec.ts';
import { noResult } from './results.ts';

export async function insertInto(command: InsertInto, context: CommandContext): Promise<LogicalPlan> {
  if (command.replaceWhere !== undefined || command.replaceUsing !== undefined)
    throw new AnalysisException('_LEGACY_ERROR_TEMP_1141', { quoted: shownTable(context.catalog.onPath(partsOf(command.table))) });
  const entry = context.catalog.onPath(partsOf(command.table));
  if (entry.type === 'VIEW') throw new AnalysisException('UNSUPPORTED_INSERT.RDD_BASED', { relationId: shownTable(entry) });
  const partition = await partitionValues(entry, command.partition, context);
  const plan = await context.analyze(command.query);
  const { isOverwrite, byName, columns, ifPartitionNotExists, isDynamic = false } = command;
  if (
    ifPartitionNotExists &&
    context.catalog
      .store()
      .partitions(entry)
      .some((p) => matchesSpec(p.values, partition))
  )
    return noResult();
  await (await insertPlan(entry, plan, { isOverwrite, byName, columns, partition, isDynamic }, context)).register();
  return noResult();
}

type Insertion = {
  readonly isOverwrite: boolean;
  readonly byName: boolean;
  readonly isDynamic?: boolean;
  readonly columns?: readonly string[];
  readonly partition?: StaticValues;
};

/** Writes the files. @returns what tells the catalogue of them */
export async function insertPlan(
  entry: TableEntry,
  plan: LogicalPlan,
  insertion: Insertion,
  context: CommandContext,
): Promise<{ readonly register: () => Promise<void> }> {
  const { partition = entry.partitionColumns.map(() => undefined), isOverwrite } = insertion;
  if (isOverwrite) refuseOverwritingInput(entry, plan);
  refuseMovedPartitions(entry, partition, context);
  const projectList = await assigned(entry, plan, { ...insertion, partition }, context);
  const options = insertion.isDynamic ? { ...entry.options, partitionOverwriteMode: 'dynamic' } : entry.options;
  const prefix = partition.slice(0, partition.indexOf(undefined) < 0 ? partition.length : partition.indexOf(undefined));
  const staticPartition = prefix.map((value, i) => ({ column: entry.partitionColumns[i]!, value: value! }));
  const written = await context.write(
    { kind: 'project', child: plan, projectList },
    {
      format: entry.provider!,
      path: entry.location!,
      mode: isOverwrite ? 'overwrite' : 'append',
      options,
      partitionBy: entry.partitionColumns,
      ...(entry.bucket && { bucket: entry.bucket }),
      staticPartition,
      isTable: true,
    },
  );
  const isDynamic = new SourceOptions(options)
    .text('partitionOverwriteMode', context.settings.get('spark.sql.sources.partitionOverwriteMode') ?? 'static')
    .toLowerCase();
  const register = async () => {
    const store = context.catalog.store();
    if (store.table(entry) === undefined) {
      // Dropped while its rows were written: what has come since lies where a next table of the name is to be.
      if (entry.type === 'MANAGED') await removeFiles(entry.location!, written.files);
      throw new AnalysisException('TABLE_OR_VIEW_NOT_FOUND', { relationName: quoted([CATALOG, entry.database, entry.table]) });
    }
    if (entry.partitionColumns.length > 0) {
      const values = written.partitions.map((folder) => folder.split('/').map((name) => parsePartitionFolder(name)!.value));
      const fullyStatic = partition.length > 0 && partition.every((v) => v !== undefined) ? [partition as (string | null)[]] : [];
      const added = [...values, ...fullyStatic];
      const dropped =
        isOverwrite && isDynamic !== 'dynamic'
          ? store
              .partitions(entry)
              .filter((p) => matchesSpec(p.values, partition))
              .map((p) => p.values)
          : [];
      store.changePartitions(
        entry,
        added.map((v) => ({ values: v, location: partitionPath(entry, v) })),
        dropped,
      );
    }
    await context.cached.forgetWhere((source) => readsFolder(source, entry.location!));
    // Statistics are of the rows that there were.
    if (entry.partitionColumns.length > 0) store.forgetPartitionStatistics(entry);
    if (entry.statistics !== undefined) store.changeTable(entry, ({ statistics: _, ...rest }) => rest);
  };
  return { register };
}

/** Their rows would be written where nobody looks. */
function refuseMovedPartitions(entry: TableEntry, partition: StaticValues, { catalog }: CommandContext): void {
  if (entry.partitionColumns.length === 0) return;
  const moved = catalog
    .store()
    .partitions(entry)
    .filter((p) => p.location !== partitionPath(entry, p.values));
  if (moved.some((p) => matchesSpec(p.values, partition)))
    throw new AnalysisException('NOT_BUILT', {
      feature: `Inserting into ${shownTable(entry)}, of which a partition has a LOCATION of its own,`,
    });
}

/** @throws AnalysisException UNSUPPORTED_OVERWRITE.TABLE */
function refuseOverwritingInput(entry: TableEntry, plan: LogicalPlan): void {
  if (readsFolder(plan, entry.location!)) throw new AnalysisException('UNSUPPORTED_OVERWRITE.TABLE', { table: shownTable(entry) });
}

/** The table's columns in order, each from what is to become it. */
async function assigned(
  entry: TableEntry,
  plan: LogicalPlan,
  insertion: Insertion & { partition: StaticValues },
  context: CommandContext,
): Promise<NamedExpr[]> {
  const { partition, byName, columns = [] } = insertion;
  const fixed = new Map(entry.partitionColumns.flatMap((c, i) => (partition[i] === undefined ? [] : [[c.toLowerCase(), partition[i]]])));
  const open = entry.schema.fields.filter((f) => !fixed.has(f.name.toLowerCase()));
  const output = outputOf(plan);
  const targets = columns.length > 0 ? columnsByName(columns, open, entry) : open;
  if (!byName && output.length !== targets.length) throw arity(entry, plan, targets, output.length < targets.length);
  if (byName) {
    const extra = output.filter((a) => !open.some((f) => sameName(f.name, a.name)));
    if (extra.length > 0)
      throw new AnalysisException('INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS', {
        tableName: shownTable(entry),
        extraColumns: extra.map((a) => `\`${a.name}\``).join(', '),
      });
  }
  const from = (field: StructField): Expr | undefined =>
    byName ? output.find((a) => sameName(a.name, field.name)) : output[targets.indexOf(field)];
  return Promise.all(
    entry.schema.fields.map(async (field) => {
      if (fixed.has(field.name.toLowerCase()))
        return aliasOf(storedValue(literal(fixed.get(field.name.toLowerCase())!, STRING), field.dataType), field.name);
      const value = from(field) ?? (await defaultOf(field, context));
      checkAssignment(value, field, entry, context.settings);
      return aliasOf(storedValue(value, field.dataType), field.name);
    }),
  );
}

async function defaultOf(field: StructField, context: CommandContext): Promise<Expr> {
  const sql = field.metadata.CURRENT_DEFAULT;
  if (typeof sql !== 'string') return literal(null, field.dataType);
  return context.constant(parseExpression(sql));
}

function columnsByName(columns: readonly string[], open: readonly StructField[], entry: TableEntry): StructField[] {
  return columns.map((name) => {
    const found = open.find((f) => sameName(f.name, name));
    if (found !== undefined) return found;
    throw new AnalysisException('UNRESOLVED_COLUMN.WITH_SUGGESTION', {
      objectName: `\`${name}\``,
      proposal: entry.schema.fields.map((f) => `\`${f.name}\``).join(', '),
    });
  });
}

function arity(entry: TableEntry, plan: LogicalPlan, targets: readonly StructField[], tooFew: boolean): AnalysisException {
  const names = (list: readonly { name: string }[]) => list.map((c) => `\`${c.name}\``).join(', ');
  return new AnalysisException(`INSERT_COLUMN_ARITY_MISMATCH.${tooFew ? 'NOT_ENOUGH' : 'TOO_MANY'}_DATA_COLUMNS`, {
    tableName: shownTable(entry),
    tableColumns: names(targets),
    dataColumns: names(outputOf(plan)),
  });
}

export async function insertDirectory(
  command: Extract<Command, { kind: 'insertDirectory' }>,
  context: CommandContext,
): Promise<LogicalPlan> {
  const { path: option, ...options } = command.options;
  const path = command.path ?? option;
  if (path === undefined) throw new AnalysisException('INVALID_SOURCE_OPTION', { option: 'path', value: 'missing', expected: 'a folder' });
  await context.write(await context.analyze(command.query), {
    format: command.provider ?? 'parquet',
    path,
    mode: 'overwrite',
    options,
    partitionBy: [],
  });
  return noResult();
}

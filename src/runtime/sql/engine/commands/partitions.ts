// ALTER TABLE ADD, DROP, RENAME PARTITION, RECOVER PARTITIONS and MSCK REPAIR TABLE, SHOW PARTITIONS.
// Source: AlterTableAddPartitionCommand and its kin, RepairTableCommand, ShowPartitionsCommand of Spark 4.2.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { partitionPath } from '../../catalog/table-source.ts';
import type { TableEntry } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import { parsePartitionFolder } from '../../sources/hive-paths.ts';
import { localPath } from '../../sources/paths.ts';
import { foldersOf } from './alter-table.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { fullPartition, matchesSpec, partitionValues } from './partition-spec.ts';
import { partitionName, shownSpec } from './partition-text.ts';
import { noResult, resultRows, text } from './results.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

const shown = ({ database, table }: TableEntry): string => `\`${database}\`.\`${table}\``;
const same = (a: readonly (string | null)[], b: readonly (string | null)[]): boolean => a.every((v, i) => v === b[i]);

function partitioned(command: { table: Of<'addPartitions'>['table'] }, { catalog }: CommandContext, operation?: string): TableEntry {
  const entry = catalog.table(partsOf(command.table));
  if (entry.partitionColumns.length === 0 && operation !== undefined)
    throw new AnalysisException('NOT_A_PARTITIONED_TABLE', { operation, tableIdentWithDB: shownTable(entry) });
  if (entry.partitionColumns.length === 0)
    throw new AnalysisException('INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY', { name: shownTable(entry) });
  return entry;
}

export async function addPartitions(command: Of<'addPartitions'>, context: CommandContext): Promise<LogicalPlan> {
  const entry = partitioned(command, context);
  const store = context.catalog.store();
  const existing = store.partitions(entry);
  const added = await Promise.all(
    command.partitions.map(async ({ spec, location }) => {
      const values = await fullPartition(entry, spec, context);
      return { values, location: location === undefined ? partitionPath(entry, values) : localPath(location) };
    }),
  );
  const there = added.filter((a) => existing.some((e) => same(e.values, a.values)));
  if (there.length > 0 && !command.ifNotExists)
    throw new AnalysisException('PARTITIONS_ALREADY_EXIST', {
      partitionList: there.map((p) => shownSpec(entry, p.values)).join(', '),
      tableName: shown(entry),
    });
  for (const { location } of added) await mkdir(location, { recursive: true });
  store.changePartitions(entry, added, []);
  return noResult();
}

export async function dropPartitions(command: Of<'dropPartitions'>, context: CommandContext): Promise<LogicalPlan> {
  const entry = partitioned(command, context);
  const store = context.catalog.store();
  const existing = store.partitions(entry);
  for (const spec of command.partitions) {
    const values = await partitionValues(entry, spec, context);
    const found = existing.filter((p) => matchesSpec(p.values, values));
    if (found.length === 0 && !command.ifExists)
      throw new AnalysisException('PARTITIONS_NOT_FOUND', { partitionList: shownSpec(entry, values), tableName: shown(entry) });
    store.changePartitions(
      entry,
      [],
      found.map((p) => p.values),
    );
    if (entry.type === 'MANAGED') for (const { location } of found) await rm(location, { recursive: true, force: true });
  }
  return noResult();
}

export async function renamePartition(command: Of<'renamePartition'>, context: CommandContext): Promise<LogicalPlan> {
  const entry = partitioned(command, context);
  const [from, to] = [await fullPartition(entry, command.from, context), await fullPartition(entry, command.to, context)];
  const store = context.catalog.store();
  const existing = store.partitions(entry);
  const found = existing.find((p) => same(p.values, from));
  if (found === undefined)
    throw new AnalysisException('PARTITIONS_NOT_FOUND', { partitionList: shownSpec(entry, from), tableName: shown(entry) });
  if (existing.some((p) => same(p.values, to)))
    throw new AnalysisException('PARTITIONS_ALREADY_EXIST', { partitionList: shownSpec(entry, to), tableName: shown(entry) });
  const location = entry.type === 'MANAGED' ? partitionPath(entry, to) : found.location;
  if (location !== found.location && existsSync(found.location)) {
    await mkdir(join(location, '..'), { recursive: true });
    await rename(found.location, location);
  }
  store.changePartitions(entry, [{ values: to, location }], [from]);
  return noResult();
}

export async function repairTable(
  table: Of<'repairTable'>['table'],
  option: 'add' | 'drop' | 'sync',
  context: CommandContext,
): Promise<LogicalPlan> {
  const entry = partitioned({ table }, context, 'MSCK REPAIR TABLE');
  const store = context.catalog.store();
  const existing = store.partitions(entry);
  const found = (await foldersOf(entry)).map((folder) => ({
    values: folder.split('/').map((name) => parsePartitionFolder(name)!.value),
    location: join(entry.location!, folder),
  }));
  const added = option === 'drop' ? [] : found.filter((f) => !existing.some((e) => same(e.values, f.values)));
  const dropped = option === 'add' ? [] : existing.filter((e) => !existsSync(e.location)).map((e) => e.values);
  store.changePartitions(entry, added, dropped);
  return noResult();
}

export async function showPartitions(command: Of<'showPartitions'>, context: CommandContext): Promise<LogicalPlan> {
  const entry = partitioned(command, context);
  const spec = await partitionValues(entry, command.partition ?? {}, context);
  const names = context.catalog
    .store()
    .partitions(entry)
    .filter((p) => matchesSpec(p.values, spec))
    .map((p) => partitionName(entry, p.values));
  return resultRows(
    [text('partition')],
    names.sort().map((n) => [n]),
  );
}

// DROP TABLE and VIEW, TRUNCATE. Source: DropTableCommand, DropTempViewCommand, TruncateTableCommand of Spark 4.2.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted } from '../../analysis/names.ts';
import { CATALOG, GLOBAL_TEMP, type TableEntry } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import { isJdbc } from '../../sources/formats.ts';
import { removeFolder, setAside } from '../../sources/write/remove-folder.ts';
import { readsFolder } from '../reads-folder.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { matchesSpec, partitionValues, namesPartition } from './partition-spec.ts';
import { noResult } from './results.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Rows that were kept of it. */
async function forget({ database, table, location }: TableEntry, { cached }: CommandContext): Promise<void> {
  await cached.forget(`${database}.${table}`);
  if (location !== undefined) await cached.forgetWhere((source) => readsFolder(source, location));
}

export async function dropTable(command: Of<'drop'>, context: CommandContext): Promise<LogicalPlan> {
  const { catalog, views, globalViews } = context;
  const parts = partsOf(command.name);
  const isView = command.what === 'view';
  if (parts.length === 1 && views.drop(parts[0]!)) {
    await context.cached.forget(parts[0]!.toLowerCase());
    return noResult();
  }
  if (parts.length === 2 && parts[0]!.toLowerCase() === GLOBAL_TEMP && globalViews.drop(parts[1]!)) return noResult();
  const entry = catalog.find(parts);
  if (entry === undefined) {
    if (command.ifExists) return noResult();
    const { database, table } = catalog.nameOf(parts);
    throw new AnalysisException('TABLE_OR_VIEW_NOT_FOUND', { relationName: quoted([CATALOG, database, table]) });
  }
  if (isView !== (entry.type === 'VIEW'))
    throw new AnalysisException('WRONG_COMMAND_FOR_OBJECT_TYPE', {
      operation: isView ? 'DROP VIEW' : 'DROP TABLE',
      requiredType: isView ? 'VIEW' : 'EXTERNAL or MANAGED',
      objectName: [CATALOG, entry.database, entry.table].join('.'),
      foundType: entry.type,
      alternative: isView ? 'DROP TABLE' : 'DROP VIEW',
    });
  let aside: string | undefined;
  catalog.store().dropTable(entry, () => {
    if (entry.type === 'MANAGED' && !isJdbc(entry.provider!)) aside = setAside(entry.location!);
  });
  await forget(entry, context);
  if (aside !== undefined) await removeFolder(aside);
  return noResult();
}

export async function truncateTable(command: Of<'truncateTable'>, context: CommandContext): Promise<LogicalPlan> {
  const { catalog } = context;
  const entry = catalog.table(partsOf(command.table));
  if (entry.type === 'VIEW')
    throw new AnalysisException('EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE', { viewName: shownTable(entry), operation: 'TRUNCATE TABLE' });
  const isPartial = namesPartition(command.partition);
  if (isPartial && entry.partitionColumns.length === 0)
    throw new AnalysisException('INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY', { name: shownTable(entry) });
  const spec = await partitionValues(entry, command.partition, context);
  const folders =
    entry.partitionColumns.length === 0
      ? [entry.location!]
      : catalog
          .store()
          .partitions(entry)
          .filter((p) => matchesSpec(p.values, spec))
          .map((p) => p.location);
  for (const folder of folders)
    for (const name of await readdir(folder).catch(() => [] as string[]))
      if (!name.includes('=')) await rm(join(folder, name), { recursive: true, force: true });
  await forget(entry, context);
  if (entry.statistics !== undefined) catalog.store().changeTable(entry, ({ statistics: _, ...rest }) => rest);
  return noResult();
}

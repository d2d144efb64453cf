// CACHE TABLE and its kin: a name's rows computed once, into a table of the session's kernel (whose memory spills where it spills, whatever the
// storage level) or by executors. Source: CacheTableExec of Spark 4.2.
import { quoted } from '../../analysis/names.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { type StorageLevel, StorageLevels } from '../../../rdd/storage-level.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import { call, integer } from '../../plan/make.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Command } from '../../plan/commands.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { noResult } from './results.ts';
import { cacheKey } from '../find-table.ts';
import { setTemporary } from './views.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/**
 * In the driver's kernel LAZY ones are computed at once too: nobody sees the difference but in time.
 * @throws Error for a storage level that there is not
 */
export async function cacheTable(command: Of<'cacheTable'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(command.table);
  if (command.query !== undefined) setTemporary(parts, await context.analyze(command.query), false, false, false, context);
  const key = cacheKey(parts, context);
  if (context.cached.find(key) !== undefined) return noResult();
  const table: Relation = { kind: 'read', namedTable: { nameParts: parts, options: {} } };
  const level = levelOf(Object.entries(command.options).find(([name]) => name.toLowerCase() === 'storagelevel')?.[1]);
  await context.cached.keep(key, await context.analyze(table), { label: `In-memory table ${parts.join('.')}`, level });
  if (context.cached.isLazy && !command.isLazy) await context.rows(await context.analyze(counted(table)));
  return noResult();
}

function levelOf(name: string | undefined): StorageLevel | undefined {
  if (name === undefined) return undefined;
  const level = (StorageLevels as Readonly<Record<string, StorageLevel>>)[name.toUpperCase()];
  if (level === undefined) throw new Error(`requirement failed: Invalid StorageLevel: ${name}`);
  return level;
}

/** Reads all rows. */
const counted = (input: Relation): Relation => ({
  kind: 'aggregate',
  input,
  groupType: 'groupBy',
  groupingExpressions: [],
  aggregateExpressions: [call('count', integer(1))],
});

export async function uncacheTable(command: Of<'uncacheTable'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(command.table);
  const isKnown = (parts.length === 1 && context.views.has(parts[0]!)) || context.catalog.find(parts) !== undefined;
  if (!isKnown && !command.ifExists) throw new AnalysisException('TABLE_OR_VIEW_NOT_FOUND', { relationName: quoted(parts) });
  await context.cached.forget(cacheKey(parts, context));
  return noResult();
}

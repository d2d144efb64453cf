// CACHE TABLE and its kin: a name's rows computed once into a table of the session's kernel. Source: CacheTableExec of Spark 4.2, whose
// storage levels are not built: what is cached lies in the kernel's memory and spills where it spills.
import { quoted } from '../../analysis/names.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { noResult } from './results.ts';
import { cacheKey } from '../find-table.ts';
import { setTemporary } from './views.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** LAZY ones are computed at once too: nobody sees the difference but in time. */
export async function cacheTable(command: Of<'cacheTable'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(command.table);
  if (command.query !== undefined) setTemporary(parts, await context.analyze(command.query), false, false, false, context);
  const key = cacheKey(parts, context);
  if (context.cached.find(key) === undefined)
    await context.cached.keep(key, await context.analyze({ kind: 'read', namedTable: { nameParts: parts, options: {} } }));
  return noResult();
}

export async function uncacheTable(command: Of<'uncacheTable'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(command.table);
  const isKnown = (parts.length === 1 && context.views.has(parts[0]!)) || context.catalog.find(parts) !== undefined;
  if (!isKnown && !command.ifExists) throw new AnalysisException('TABLE_OR_VIEW_NOT_FOUND', { relationName: quoted(parts) });
  await context.cached.forget(cacheKey(parts, context));
  return noResult();
}

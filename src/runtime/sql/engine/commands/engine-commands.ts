// What the engine lends to commands: CommandContext over a SqlEngine and its ports.
import { analyzeConstant } from '../../analysis/analyzer.ts';
import type { AnalyzerContext } from '../../analysis/analysis.ts';
import type { ExplainMode } from '../../explain/explain.ts';
import type { SessionCatalog } from '../../catalog/session-catalog.ts';
import type { SqlKernel } from '../../../../common/sql-kernel.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import type { ProgramFunctions } from '../../plan/user-function.ts';
import type { Relation } from '../../plan/relations.ts';
import { openSource } from '../../sources/open-source.ts';
import type { WriteRequest, Written } from '../../sources/write/write-files.ts';
import type { CachedTables } from '../kernel-tables.ts';
import type { PreparedQuery } from '../prepared-query.ts';
import type { SqlPorts } from '../sql-engine.ts';
import type { SqlFunctions } from '../sql-functions.ts';
import type { TempViews } from '../temp-views.ts';
import type { Surroundings } from '../variables.ts';
import type { CommandContext } from './command-context.ts';

/** What commands need of an engine. */
type Engine = {
  readonly catalog: SessionCatalog;
  readonly views: TempViews;
  readonly globalViews: TempViews;
  readonly cached: CachedTables;
  readonly program: ProgramFunctions;
  readonly functions: Pick<SqlFunctions, 'names' | 'described'>;
  readonly settings: SessionSettings;
  analyze(relation: Relation, around?: Surroundings): Promise<LogicalPlan>;
  kernel(): Promise<SqlKernel>;
  prepare(relation: Relation): Promise<PreparedQuery>;
  explain(query: PreparedQuery, mode: ExplainMode, relation?: Relation): Promise<string>;
  preparePlan(plan: LogicalPlan): PreparedQuery;
  rowsOf(query: PreparedQuery): ReturnType<CommandContext['rows']>;
  write(plan: LogicalPlan, request: WriteRequest): Promise<Written>;
  execute(command: Command, around?: Surroundings): Promise<LogicalPlan>;
};

/** @param analyzed does a piece of analysis until its sources are there */
export function commandContext(
  engine: Engine,
  { conf, setConf, confEntries, nowMs, user, localTimeZone }: SqlPorts,
  around: Surroundings,
  analyzed: <T>(work: (context: AnalyzerContext) => T) => Promise<T>,
): CommandContext {
  const { settings } = engine;
  return {
    catalog: engine.catalog,
    views: engine.views,
    globalViews: engine.globalViews,
    describedFunction: (nameParts) => engine.functions.described(nameParts),
    userFunctions: () => [...engine.program.names(), ...engine.functions.names()],
    cached: engine.cached,
    settings,
    localTimeZone,
    conf: { get: conf, set: (key, value) => setConf?.(key, value), entries: () => confEntries?.() ?? [] },
    user: user ?? '',
    nowMs,
    analyze: (relation, collation) => engine.analyze(relation, collation === undefined ? around : { ...around, collation }),
    constant: (expression) => analyzed((context) => analyzeConstant(expression, context)),
    open: async (request) => openSource(request, { kernel: await engine.kernel(), settings }),
    rows: (plan) => engine.rowsOf(engine.preparePlan(plan)),
    write: (plan, request) => engine.write(plan, request),
    explain: async (relation, mode) => engine.explain(await engine.prepare(relation), mode as ExplainMode, relation),
    execute: (command) => engine.execute(command, around),
  };
}

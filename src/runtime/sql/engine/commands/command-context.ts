// What commands work with: the session's names and settings, and the engine's ways to analyse, compute and write. Made by ../sql-engine.ts.
import type { KernelValue } from '../../../../common/sql-kernel.ts';
import type { SqlFunction } from '../../analysis/sql-function.ts';
import type { FunctionEntry } from '../../catalog/entries.ts';
import type { SessionCatalog } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { Expr } from '../../logical/expressions.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command, Name } from '../../plan/commands.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { WriteRequest, Written } from '../../sources/write/write-files.ts';
import type { OpenedSource, SourceRequest } from '../../sources/open-source.ts';
import type { CachedTables } from '../kernel-tables.ts';
import type { TempViews } from '../temp-views.ts';

/** Settings of the session that SET changes. */
export type SettableConf = {
  readonly get: (key: string) => string | undefined;
  /** undefined takes it away. */
  readonly set: (key: string, value: string | undefined) => void;
  readonly entries: () => Iterable<readonly [string, string]>;
};

export type CommandContext = {
  readonly catalog: SessionCatalog;
  readonly views: TempViews;
  readonly globalViews: TempViews;
  readonly settings: SessionSettings;
  /** Of the machine: what SET TIME ZONE LOCAL sets. */
  readonly localTimeZone: string;
  readonly conf: SettableConf;
  readonly user: string;
  readonly nowMs: () => number;
  /** @param collation of the view whose query it is */
  readonly analyze: (relation: Relation, collation?: string) => Promise<LogicalPlan>;
  /** An expression that sees no columns. */
  readonly constant: (expression: Expression) => Promise<Expr>;
  readonly open: (request: SourceRequest) => Promise<OpenedSource>;
  readonly rows: (plan: LogicalPlan) => Promise<KernelValue[][]>;
  readonly write: (plan: LogicalPlan, request: WriteRequest) => Promise<Written>;
  /** A function written in SQL: the catalogue's entry, or a temporary one. */
  readonly describedFunction: (nameParts: readonly string[]) => FunctionEntry | SqlFunction | undefined;
  /** Names of functions that end with the session: the program's, and temporary ones written in SQL. */
  readonly userFunctions: () => readonly string[];
  readonly cached: CachedTables;
  readonly explain: (relation: Relation, mode: string) => Promise<string>;
  readonly execute: (command: Command) => Promise<LogicalPlan>;
};

/** @throws AnalysisException NOT_BUILT for IDENTIFIER(…) with an expression */
export function partsOf(name: Name): readonly string[] {
  if (Array.isArray(name)) return name as readonly string[];
  const relation = name as Relation;
  if (relation.kind === 'read' && relation.namedTable !== undefined) return relation.namedTable.nameParts;
  throw new AnalysisException('NOT_BUILT', { feature: 'IDENTIFIER(…) of an expression in a command' });
}

// What the analyser's rules share: the session's side (AnalyzerContext), what is in sight (Environment), and the two doors through which rules
// call each other, so that no file needs the one that called it.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { Attribute, Expr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import type { Observer } from '../plan/dataset-relations.ts';
import type { Expression, WindowSpec } from '../plan/expressions.ts';
import type { PathEntry } from '../plan/path-entry.ts';
import type { DeferredSource, Read, Relation } from '../plan/relations.ts';
import type { UserAggregate, UserFunction, UserTableFunction } from '../plan/user-function.ts';
import type { Scope } from './scope.ts';
import type { NamePlace, SqlFunction } from './sql-function.ts';
import type { SelectBlock } from './select-block.ts';

export type AnalyzerContext = {
  readonly settings: SessionSettings;
  /** A view's plan, a table's scan. undefined: there is none of this name. */
  readonly findTable: (nameParts: readonly string[], options: Readonly<Record<string, string>>) => LogicalPlan | undefined;
  readonly openSource: (source: NonNullable<Read['dataSource']>) => LogicalPlan;
  /** The plan of a relation that the API knows later, with ids of its own. Not there yet: the analysis ends and is begun again. */
  readonly deferred: (source: DeferredSource) => LogicalPlan;
  /** Of a view: what constants and casts to STRING in its query have. */
  readonly defaultCollation?: string;
  /** When the query started, µs since 1970: current_timestamp() and its kin. */
  readonly nowMicros: bigint;
  /** Values of `:name` and of `?` in the order of the question marks. Constants. */
  readonly parameters?: { readonly named?: ReadonlyMap<string, Expression>; readonly positional?: readonly Expression[] };
  /** A function of the program by its name in SQL; it wins over one of ours. */
  readonly findUserFunction?: (name: string) => UserFunction | UserAggregate | undefined;
  readonly findUserTableFunction?: (name: string) => UserTableFunction | undefined;
  /** Where names of functions are looked up that have one part. Left out: as in a new session. */
  readonly path?: readonly PathEntry[];
  /** What names mean in the body of a function that is stored. */
  readonly at?: (place: NamePlace) => AnalyzerContext;
  /** A function written in SQL by its whole name. */
  readonly findSqlFunction?: (nameParts: readonly string[]) => SqlFunction | undefined;
  /** A session variable by its name's parts, as a constant. Asked after columns. */
  readonly findVariable?: (nameParts: readonly string[]) => Expr | undefined;
  /** Values of constants, in order. Not there yet: the analysis ends and is begun again. */
  readonly constants?: (exprs: readonly Expr[]) => readonly KernelValue[];
  /** Hears of metrics to be computed when the plan is run. */
  readonly observed?: (metrics: Observed) => void;
};

/** Metrics of rows that go by: one row of a plan of its own. */
export type Observed = { readonly plan: LogicalPlan; readonly observation: Observer };

export type Analysis = AnalyzerContext & {
  /** Files have their column `_metadata`: file-metadata.ts. */
  readonly hasMetadata: boolean;
  readonly relation: (relation: Relation, env: Environment) => Resolved;
  readonly expression: (expression: Expression, scope: Scope, env: Environment) => Expr;
  /** The same where a stored function's names are meant. */
  readonly inside: (place: NamePlace) => Analysis;
  /** Columns that a DataFrame gave, by the id of its plan: how `df.col` finds its DataFrame again. */
  readonly columnsOfPlans: Map<number, readonly Attribute[]>;
  /** Offsets of the statement's question marks, ascending. */
  readonly questionMarks: () => readonly number[];
};

/** A relation that is resolved: its plan, and what names see above it. */
export type Resolved = {
  readonly plan: LogicalPlan;
  readonly scope: Scope;
  /** It is a SELECT whose list can still be given columns for HAVING, ORDER BY and QUALIFY. */
  readonly select?: SelectBlock;
};
/** CTEs in sight by lower-case name, the query around this one, and the WINDOW clause's names. */
export type Environment = {
  readonly ctes: ReadonlyMap<string, CteInSight>;
  readonly outer?: Scope;
  readonly windows?: ReadonlyMap<string, WindowSpec>;
};
/** `use`: its rows where it is named, with that place's query around. */
export type CteInSight = { readonly use: (env: Environment) => Resolved };

/** Without the columns that only names find (the other side's of USING): what counts where columns are taken by position. */
export function visiblePlan({ plan, scope }: Resolved): LogicalPlan {
  if (outputOf(plan).length === scope.attributes.length) return plan;
  return { kind: 'project', child: plan, projectList: scope.attributes };
}

/** A plan whose output is all that names see. */
export const over = (plan: LogicalPlan, env: Environment): Resolved => ({ plan, scope: scopeOf(outputOf(plan), env) });
export const scopeOf = (attributes: readonly Attribute[], env: Environment, more: Pick<Scope, 'hidden' | 'whole'> = {}): Scope => ({
  attributes,
  ...more,
  ...(env.outer && { outer: env.outer }),
});
/** Another operator on top that leaves the columns as they are. */
export const onTop = (plan: LogicalPlan, input: Resolved): Resolved => ({ plan, scope: input.scope });

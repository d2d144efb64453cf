// What the analyser's rules share: the session's side (AnalyzerContext), what is in sight (Environment), and the two doors through which rules
// call each other, so that no file needs the one that called it.
import type { SessionSettings } from '../functions/spec.ts';
import type { Expr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Read, Relation } from '../plan/relations.ts';
import type { Scope } from './scope.ts';

export type AnalyzerContext = {
  readonly settings: SessionSettings;
  /** A view's plan, a table's scan. undefined: there is none of this name. */
  readonly findTable: (nameParts: readonly string[], options: Readonly<Record<string, string>>) => LogicalPlan | undefined;
  readonly openSource: (source: NonNullable<Read['dataSource']>) => LogicalPlan;
  /** When the query started, µs since 1970: current_timestamp() and its kin. */
  readonly nowMicros: bigint;
};

export type Analysis = AnalyzerContext & {
  readonly relation: (relation: Relation, env: Environment) => Resolved;
  readonly expression: (expression: Expression, scope: Scope, env: Environment) => Expr;
};

/** A relation that is resolved: its plan, and what names see above it. */
export type Resolved = { readonly plan: LogicalPlan; readonly scope: Scope };
/** CTEs in sight by lower-case name, and the query around this one. */
export type Environment = { readonly ctes: ReadonlyMap<string, CteInSight>; readonly outer?: Scope };
export type CteInSight = { readonly use: () => Resolved };

/** A plan whose output is all that names see. */
export const over = (plan: LogicalPlan, env: Environment): Resolved => ({
  plan,
  scope: { attributes: outputOf(plan), ...(env.outer && { outer: env.outer }) },
});

// What a statement sees beside its session: values of parameters, and variables, which are the session's or a script's. Commands that change
// variables do it through this interface, whoever keeps them.
import type { Expr, Value } from '../logical/expressions.ts';
import type { Expression } from '../plan/expressions.ts';
import type { DataType } from '../types/data-type.ts';

export type SessionVariable = {
  /** As it was declared. */
  readonly name: string;
  readonly dataType: DataType;
  readonly value: Value;
  /** What SET VAR x = DEFAULT computes again; left out: NULL. */
  readonly defaultExpression?: Expression;
};

export interface Variables {
  find(nameParts: readonly string[]): SessionVariable | undefined;
  /** @throws AnalysisException VARIABLE_ALREADY_EXISTS */
  declare(variable: SessionVariable, replace: boolean): void;
  /** @param variable as find gave it */
  set(variable: SessionVariable, value: Value): void;
  /** @returns whether there was one */
  drop(name: string): boolean;
  /** The variable where a query names it. */
  reference(nameParts: readonly string[]): Expr | undefined;
}

export type BoundParameters = { readonly named: ReadonlyMap<string, Expression>; readonly positional: readonly Expression[] };

export type Surroundings = {
  readonly parameters?: BoundParameters;
  /** Left out: the session's. */
  readonly variables?: Variables;
  /** DEFAULT COLLATION of the view whose query it is. */
  readonly collation?: string;
};

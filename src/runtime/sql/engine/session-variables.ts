// Variables of a session (DECLARE, SET VAR): typed constants by name. How commands change them: variable-commands.ts.
// Source: TempVariableManager and VariableReference of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { ScalarSpec } from '../functions/spec.ts';
import { type Expr, type Literal, literal, type Value } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { Expression } from '../plan/expressions.ts';
import type { DataType } from '../types/data-type.ts';
import { quoteIdentifier, sqlType } from '../types/type-names.ts';

export type SessionVariable = {
  /** As it was declared. */
  readonly name: string;
  readonly dataType: DataType;
  readonly value: Value;
  /** What SET VAR x = DEFAULT computes again; left out: NULL. */
  readonly defaultExpression?: Expression;
};

export class SessionVariables {
  readonly #variables = new Map<string, SessionVariable>();

  /** By `x`, `session.x` or `system.session.x`. */
  find(nameParts: readonly string[]): SessionVariable | undefined {
    return isInSession(nameParts) ? this.#variables.get(nameParts.at(-1)!.toLowerCase()) : undefined;
  }

  /** @throws AnalysisException VARIABLE_ALREADY_EXISTS */
  declare(variable: SessionVariable, replace: boolean): void {
    const key = variable.name.toLowerCase();
    if (!replace && this.#variables.has(key))
      throw new AnalysisException('VARIABLE_ALREADY_EXISTS', { variableName: fullName(variable.name) });
    this.#variables.set(key, variable);
  }

  set(name: string, value: Value): void {
    const variable = this.#variables.get(name.toLowerCase())!;
    this.#variables.set(name.toLowerCase(), { ...variable, value });
  }

  /** @returns whether there was one */
  drop(name: string): boolean {
    return this.#variables.delete(name.toLowerCase());
  }

  /** The variable where a query names it. */
  reference(nameParts: readonly string[]): Expr | undefined {
    const variable = this.find(nameParts);
    if (variable === undefined) return undefined;
    const child: Literal = literal(variable.value, variable.dataType);
    const shown = variable.value === null ? `CAST(NULL AS ${sqlType(variable.dataType)})` : prettySql(child);
    const spec: ScalarSpec = {
      name: 'variablereference',
      kind: 'scalar',
      arity: [1, 1],
      result: variable.dataType,
      resultName: () => `variablereference(system.session.${variable.name}=${shown})`,
      kernel: '$1',
    };
    return { kind: 'call', spec, args: [child], dataType: variable.dataType, nullable: child.nullable };
  }
}

export const fullName = (name: string): string => ['system', 'session', name].map(quoteIdentifier).join('.');

export function isInSession(nameParts: readonly string[]): boolean {
  const prefix = nameParts.slice(0, -1).map((p) => p.toLowerCase());
  return prefix.length === 0 || prefix.join('.') === 'session' || prefix.join('.') === 'system.session';
}

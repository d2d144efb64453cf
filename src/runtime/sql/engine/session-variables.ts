// Variables of a session (DECLARE, SET VAR): typed constants by name. How commands change them: variable-commands.ts.
// Source: TempVariableManager and VariableReference of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { ScalarSpec } from '../functions/spec.ts';
import { type Expr, type Literal, literal, type Value } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { quoteIdentifier, sqlType } from '../types/type-names.ts';
import type { SessionVariable, Variables } from './variables.ts';

export class SessionVariables implements Variables {
  readonly #variables = new Map<string, SessionVariable>();

  /** By `x`, `session.x` or `system.session.x`. */
  find(nameParts: readonly string[]): SessionVariable | undefined {
    return isInSession(nameParts) ? this.#variables.get(nameParts.at(-1)!.toLowerCase()) : undefined;
  }

  declare(variable: SessionVariable, replace: boolean): void {
    const key = variable.name.toLowerCase();
    if (!replace && this.#variables.has(key))
      throw new AnalysisException('VARIABLE_ALREADY_EXISTS', { variableName: fullName(variable.name) });
    this.#variables.set(key, variable);
  }

  set(variable: SessionVariable, value: Value): void {
    this.#variables.set(variable.name.toLowerCase(), { ...variable, value });
  }

  drop(name: string): boolean {
    return this.#variables.delete(name.toLowerCase());
  }

  reference(nameParts: readonly string[]): Expr | undefined {
    const variable = this.find(nameParts);
    return variable && variableReference(variable, 'system.session');
  }
}

/** @param place what stands before its name where the reference is printed */
export function variableReference({ name, dataType, value }: SessionVariable, place: string): Expr {
  const child: Literal = literal(value, dataType);
  const shown = value === null ? `CAST(NULL AS ${sqlType(dataType)})` : prettySql(child);
  const spec: ScalarSpec = {
    name: 'variablereference',
    kind: 'scalar',
    arity: [1, 1],
    result: dataType,
    resultName: () => `variablereference(${place}.${name}=${shown})`,
    kernel: '$1',
  };
  return { kind: 'call', spec, args: [child], dataType, nullable: child.nullable };
}

export const fullName = (name: string): string => ['system', 'session', name].map(quoteIdentifier).join('.');

export function isInSession(nameParts: readonly string[]): boolean {
  const prefix = nameParts.slice(0, -1).map((p) => p.toLowerCase());
  return prefix.length === 0 || prefix.join('.') === 'session' || prefix.join('.') === 'system.session';
}

// Scopes of a running script: each BEGIN … END, each row of a FOR loop and each handler has one. Names are looked up from the inside out.
// Source: SqlScriptingExecutionScope, SqlScriptingLocalVariableManager of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import type { Expr, Value } from '../../logical/expressions.ts';
import type { ScriptStatement } from '../../plan/script.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import { variableReference } from '../session-variables.ts';
import type { SessionVariable, Variables } from '../variables.ts';
import type { ScriptCursor } from './script-cursor.ts';

export type Handler = Extract<ScriptStatement, { kind: 'declareHandler' }>;
/** A condition that a script declares: its name in lower case, and its SQLSTATE. */
type Conditions = ReadonlyMap<string, string>;

export class ScriptScope {
  readonly variables = new Map<string, SessionVariable>();
  readonly cursors = new Map<string, ScriptCursor>();
  readonly label: string | undefined;
  readonly parent: ScriptScope | undefined;
  /** Where handlers are looked for after this scope's: those beside a handler are not for errors in its own body. */
  readonly aroundHandlers: ScriptScope | undefined;
  handlers: readonly Handler[] = [];
  conditions: Conditions = new Map();

  constructor(label: string | undefined, parent: ScriptScope | undefined, aroundHandlers: ScriptScope | undefined) {
    this.label = label;
    this.parent = parent;
    this.aroundHandlers = aroundHandlers;
  }

  *outwards(): Generator<ScriptScope> {
    for (let scope: ScriptScope | undefined = this; scope !== undefined; scope = scope.parent) yield scope;
  }

  /** By `c`, or `label.c`. @throws AnalysisException CURSOR_NOT_FOUND */
  cursor(nameParts: readonly string[]): ScriptCursor {
    const name = nameParts.at(-1)!.toLowerCase();
    for (const scope of this.outwards()) {
      const found = scope.#isNamed(nameParts) ? scope.cursors.get(name) : undefined;
      if (found !== undefined) return found;
    }
    throw new AnalysisException('CURSOR_NOT_FOUND', { cursorName: nameParts.join('.') });
  }

  /** The scope that holds a variable. */
  ofVariable(nameParts: readonly string[]): ScriptScope | undefined {
    if (nameParts.length > 2) return undefined;
    const name = nameParts.at(-1)!.toLowerCase();
    return this.outwards().find((scope) => scope.#isNamed(nameParts) && scope.variables.has(name));
  }

  #isNamed(nameParts: readonly string[]): boolean {
    return nameParts.length === 1 || (nameParts.length === 2 && this.label?.toLowerCase() === nameParts[0]!.toLowerCase());
  }

  /** Conditions by name first, then SQLSTATEs, then NOT FOUND and SQLEXCEPTION. */
  handlerFor(condition: string, sqlState: string): Handler | undefined {
    const wants = (name: string) =>
      this.handlers.find((h) => h.conditions.some((c) => 'name' in c && c.name.join('.').toUpperCase() === name));
    const byState = this.handlers.find((h) => h.conditions.some((c) => this.#stateOf(c) === sqlState.toUpperCase()));
    const named = wants(condition.toUpperCase()) ?? wants(condition.split('.')[0]!.toUpperCase());
    if (named !== undefined || byState !== undefined) return named ?? byState;
    if (sqlState.startsWith('02')) return wants('NOT FOUND');
    return sqlState.startsWith('XX') ? undefined : wants('SQLEXCEPTION');
  }

  #stateOf(c: Handler['conditions'][number]): string | undefined {
    if ('sqlState' in c) return c.sqlState.toUpperCase();
    const name = c.name.join('.').toLowerCase();
    return this.outwards()
      .find((scope) => scope.conditions.has(name))
      ?.conditions.get(name)
      ?.toUpperCase();
  }
}

/** Variables as statements of a script see them: the scopes' own, then the session's. */
export class ScriptVariables implements Variables {
  readonly #scope: ScriptScope;
  readonly #session: Variables;

  constructor(scope: ScriptScope, session: Variables) {
    this.#scope = scope;
    this.#session = session;
  }

  find(nameParts: readonly string[]): SessionVariable | undefined {
    return this.local(nameParts) ?? this.#session.find(nameParts);
  }

  /** Of the script. */
  local(nameParts: readonly string[]): SessionVariable | undefined {
    return this.#scope.ofVariable(nameParts)?.variables.get(nameParts.at(-1)!.toLowerCase());
  }

  declare(variable: SessionVariable): void {
    const key = variable.name.toLowerCase();
    if (this.#scope.variables.has(key))
      throw new AnalysisException('VARIABLE_ALREADY_EXISTS', {
        variableName: [this.#scope.label, variable.name].flatMap((part) => (part === undefined ? [] : quoteIdentifier(part))).join('.'),
      });
    this.#scope.variables.set(key, variable);
  }

  set(variable: SessionVariable, value: Value): void {
    const key = variable.name.toLowerCase();
    const holder = this.#scope.outwards().find((scope) => scope.variables.get(key) === variable);
    if (holder === undefined) this.#session.set(variable, value);
    else holder.variables.set(key, { ...variable, value });
  }

  /** Only the session's can be dropped. */
  drop(name: string): boolean {
    return this.#session.drop(name);
  }

  reference(nameParts: readonly string[]): Expr | undefined {
    const scope = this.#scope.ofVariable(nameParts);
    const variable = scope?.variables.get(nameParts.at(-1)!.toLowerCase());
    return variable === undefined ? this.#session.reference(nameParts) : variableReference(variable, scope!.label ?? 'local');
  }
}

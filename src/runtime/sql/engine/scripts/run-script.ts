// Runs BEGIN … END, statement by statement. A statement that fails looks for a handler from its scope outwards; LEAVE, ITERATE and EXIT handlers
// are exceptions that the statement they are meant for catches. What can be told before anything runs: check-script.ts.
// Source: SqlScriptingExecution, SqlScriptingExecutionNode of Spark 4.2.
import type { KernelChunk, SqlKernel } from '../../../../common/sql-kernel.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import { ParseException } from '../../parser/parse-error.ts';
import type { Command } from '../../plan/commands.ts';
import type { Expression } from '../../plan/expressions.ts';
import { call } from '../../plan/make.ts';
import type { Relation } from '../../plan/relations.ts';
import type { CompoundBody, ScriptStatement } from '../../plan/script.ts';
import { planOfRows } from '../plan-of-rows.ts';
import { type CommandSession, NO_RESULT } from '../session-commands.ts';
import type { PreparedQuery } from '../prepared-query.ts';
import type { Surroundings, Variables } from '../variables.ts';
import { checkScript } from './check-script.ts';
import { declareCursor, fetchCursor, openCursor } from './cursor-statements.ts';
import { booleanOf, computedRows, type Rows } from './script-rows.ts';
import { type Handler, ScriptScope, ScriptVariables } from './script-scope.ts';

export type ScriptPorts = {
  readonly settings: SessionSettings;
  /** The session's variables. */
  readonly variables: Variables;
  readonly session: (variables: Variables) => CommandSession;
  readonly prepare: (relation: Relation, around: Surroundings) => Promise<PreparedQuery>;
  readonly preparePlan: (plan: LogicalPlan) => PreparedQuery;
  readonly run: (query: PreparedQuery) => AsyncIterable<KernelChunk>;
  readonly kernel: () => Promise<SqlKernel>;
};
type Of<K extends ScriptStatement['kind']> = Extract<ScriptStatement, { kind: K }>;
type Body = readonly ScriptStatement[];

/** LEAVE and ITERATE on their way to the statement that has the label. */
class Jump {
  readonly kind: 'leave' | 'iterate';
  readonly label: string;
  constructor(kind: 'leave' | 'iterate', label: string) {
    this.kind = kind;
    this.label = label.toLowerCase();
  }
}
/** An EXIT handler has run: its BEGIN … END is over. */
class Exit {
  readonly scope: ScriptScope;
  constructor(scope: ScriptScope) {
    this.scope = scope;
  }
}

/** @returns the rows of the last query that was run; none: an empty result. @throws AnalysisException what no handler takes */
export async function runScript(script: CompoundBody, ports: ScriptPorts): Promise<LogicalPlan> {
  checkScript(script, ports.settings);
  const run = new ScriptRun(ports);
  await run.compound(script, undefined, undefined);
  return run.result === undefined ? NO_RESULT : planOfRows(run.result, ports.kernel);
}

class ScriptRun {
  readonly #ports: ScriptPorts;
  result: Rows | undefined;

  constructor(ports: ScriptPorts) {
    this.#ports = ports;
  }

  async compound(body: CompoundBody, parent: ScriptScope | undefined, aroundHandlers: ScriptScope | undefined): Promise<void> {
    const scope = new ScriptScope(body.label, parent, aroundHandlers);
    scope.handlers = body.body.filter((s): s is Handler => s.kind === 'declareHandler');
    scope.conditions = new Map(
      body.body.flatMap((s) => (s.kind === 'declareCondition' ? [[s.name.toLowerCase(), s.sqlState ?? '45000'] as const] : [])),
    );
    try {
      await this.#statements(body.body, scope);
    } catch (jump) {
      const isMine = (jump instanceof Exit && jump.scope === scope) || (jump instanceof Jump && jump.label === body.label?.toLowerCase());
      if (!isMine) throw jump;
    }
  }

  async #statements(body: Body, scope: ScriptScope): Promise<void> {
    for (const statement of body) await this.#statement(statement, scope);
  }

  async #statement(statement: ScriptStatement, scope: ScriptScope): Promise<void> {
    switch (statement.kind) {
      case 'compoundBody':
        return this.compound(statement, scope, scope);
      case 'ifElse':
        return this.#choose(statement, (condition) => condition, scope);
      case 'case': {
        const { value } = statement;
        return this.#choose(statement, (condition) => (value === undefined ? condition : call('==', value, condition)), scope);
      }
      case 'while':
        while ((await this.#isTrue(statement.condition, scope)) && (await this.#round(statement, scope)));
        return;
      case 'repeat':
        do if (!(await this.#round(statement, scope))) return;
        while ((await this.#isTrue(statement.condition, scope)) === false);
        return;
      case 'loop':
        while (await this.#round(statement, scope));
        return;
      case 'for':
        return this.#for(statement, scope);
      case 'leave':
      case 'iterate':
        throw new Jump(statement.kind, statement.target);
      case 'declareCondition':
      case 'declareHandler':
        return; // known since their BEGIN
      default:
        await this.#guarded(scope, () => this.#leaf(statement, scope));
    }
  }

  /** What does one thing and has no statements inside. */
  async #leaf(statement: ScriptStatement, scope: ScriptScope): Promise<void> {
    const variables = new ScriptVariables(scope, this.#ports.variables);
    const session = this.#ports.session(variables);
    switch (statement.kind) {
      case 'declareCursor':
        return declareCursor(statement, scope);
      case 'openCursor':
        return openCursor(statement, scope, { variables, session, prepare: this.#ports.prepare });
      case 'fetchCursor':
        return fetchCursor(statement, scope, { variables, session, compute: (query, around) => this.#rows(query, around) });
      case 'closeCursor':
        return scope.cursor(statement.cursor).close();
    }
    if (statement.kind === 'single' && statement.plan.tag === 'relation') {
      this.result = await this.#rows(statement.plan.relation, { variables });
      return;
    }
    const command = commandOf(statement);
    const made = await session.execute(command);
    // EXECUTE IMMEDIATE of a query is a query; what SHOW and its kin say is no result of a script.
    if (command.kind === 'executeImmediate' && made !== NO_RESULT)
      this.result = await computedRows(this.#ports.preparePlan(made), this.#ports.run);
  }

  async #rows(relation: Relation, around: Surroundings): Promise<Rows> {
    return computedRows(await this.#ports.prepare(relation, around), this.#ports.run);
  }

  /** @returns undefined: it failed, and a CONTINUE handler has run */
  async #guarded<T>(scope: ScriptScope, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const isCondition = error instanceof AnalysisException || error instanceof ParseException;
      if (!isCondition || error.condition === 'NOT_BUILT') throw error;
      await this.#handle(error, scope);
      return undefined;
    }
  }

  async #handle(error: AnalysisException | ParseException, from: ScriptScope): Promise<void> {
    for (let scope: ScriptScope | undefined = from; scope !== undefined; scope = scope.aroundHandlers) {
      const handler = scope.handlerFor(error.condition, error.sqlState);
      if (handler === undefined) continue;
      const { body } = handler;
      await this.compound(body.kind === 'compoundBody' ? body : { kind: 'compoundBody', body: [body] }, scope, scope.aroundHandlers);
      if (handler.action === 'exit') throw new Exit(scope);
      return;
    }
    // That there are no more rows is told to handlers only.
    if (!error.sqlState.startsWith('02')) throw error;
  }

  async #choose({ branches, elseBody }: Of<'ifElse' | 'case'>, meant: (e: Expression) => Expression, scope: ScriptScope): Promise<void> {
    for (const { condition, body } of branches) {
      const isTrue = await this.#isTrue(meant(condition), scope, condition);
      if (isTrue === undefined) return; // the whole statement is left
      if (isTrue) return this.#statements(body, scope);
    }
    if (elseBody !== undefined) await this.#statements(elseBody, scope);
  }

  /** @param written what an error shows. @returns undefined: it failed, and a CONTINUE handler has run */
  #isTrue(condition: Expression, scope: ScriptScope, written = condition): Promise<boolean | undefined> {
    return this.#guarded(scope, async () => {
      const variables = new ScriptVariables(scope, this.#ports.variables);
      return booleanOf(await this.#rows({ kind: 'project', expressions: [condition] }, { variables }), written.origin);
    });
  }

  /** The body of a loop, once. @returns whether the loop goes on */
  async #round({ label, body }: { readonly label?: string; readonly body: Body }, scope: ScriptScope): Promise<boolean> {
    try {
      await this.#statements(body, scope);
      return true;
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.label !== label?.toLowerCase()) throw jump;
      return jump.kind === 'iterate';
    }
  }

  /** Columns of a row are variables of its round, also behind the loop's variable: `row.column`. */
  async #for(statement: Of<'for'>, scope: ScriptScope): Promise<void> {
    const variables = new ScriptVariables(scope, this.#ports.variables);
    const rows = await this.#guarded(scope, () => this.#rows(statement.query, { variables }));
    for (let r = 0; r < (rows?.rows ?? 0); r++) {
      const inside = new ScriptScope(statement.variable, scope, scope);
      rows!.schema.fields.forEach(({ name, dataType }, c) =>
        inside.variables.set(name.toLowerCase(), { name, dataType, value: rows!.columns[c]![r]! }),
      );
      if (!(await this.#round(statement, inside))) return;
    }
  }
}

function commandOf(statement: ScriptStatement): Command {
  const origin = statement.origin && { origin: statement.origin };
  if (statement.kind === 'single' && statement.plan.tag === 'command') return statement.plan.command;
  if (statement.kind === 'setFromQuery') return { kind: 'setVariable', variables: statement.variables, query: statement.query, ...origin };
  if (statement.kind !== 'set') throw new Error(`${statement.kind} is no statement by itself`);
  const variables = statement.assignments.map(({ key }) => (key.kind === 'unresolvedAttribute' ? key.nameParts : []));
  return { kind: 'setVariable', variables, values: statement.assignments.map(({ value }) => value), ...origin };
}

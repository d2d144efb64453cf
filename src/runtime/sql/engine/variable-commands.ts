// DECLARE, SET VAR and DROP VARIABLE. Values are computed by the kernel, as everything is, and kept as constants.
// Source: CreateVariableExec, SetVariableExec, ResolveSetVariable of Spark 4.2.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { castTo } from '../functions/coercion.ts';
import { aliasOf, type Value } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { parseDataType } from '../parser/parse.ts';
import type { Command } from '../plan/commands.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import type { Relation } from '../plan/relations.ts';
import type { DataType } from '../types/data-type.ts';
import { quoteIdentifier } from '../types/type-names.ts';
import { valueOfKernel } from '../kernel/kernel-form.ts';
import { fullName, isInSession } from './session-variables.ts';
import type { SessionVariable, Variables } from './variables.ts';

/** What these commands need of the session. */
export interface VariableSession {
  readonly variables: Variables;
  /** @throws AnalysisException */
  analyze(relation: Relation): Promise<LogicalPlan>;
  /** All rows of a resolved plan. */
  rowsOf(plan: LogicalPlan): Promise<KernelValue[][]>;
}
type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export async function createVariable(
  { variables, dataType, defaultExpression, replace, origin }: Of<'createVariable'>,
  session: VariableSession,
) {
  const names = variables.map((v) => nameOf(v, '[`system`.`session`]', origin));
  const repeated = names.find((n, i) => names.findIndex((o) => o.toLowerCase() === n.toLowerCase()) < i);
  if (repeated !== undefined)
    throw new AnalysisException('DUPLICATE_VARIABLE_NAME_INSIDE_DECLARE', { variableName: quoteIdentifier(repeated) }, origin);
  const name = names[0]!;
  if (defaultExpression !== undefined && hasSubquery(defaultExpression))
    throw new AnalysisException('INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION', {
      statement: 'DECLARE VARIABLE',
      colName: fullName(name),
      defaultValue: defaultExpression.origin?.fragment ?? '',
    });
  const declared = dataType === undefined ? undefined : parseDataType(dataType);
  const made = defaultExpression === undefined ? { dataType: declared!, value: null } : await valueOf(defaultExpression, declared, session);
  for (const each of names) session.variables.declare({ name: each, ...made, ...(defaultExpression && { defaultExpression }) }, replace);
}

/** All values are computed before the first is kept. */
export async function setVariable({ variables, values, query, origin }: Of<'setVariable'>, session: VariableSession): Promise<void> {
  const targets = variables.map((parts) => targetOf(parts, session, origin));
  await assign(targets, variables, session, async () => {
    if (query !== undefined) return rowOfQuery(await session.analyze(query), targets, session);
    const found: Value[] = [];
    for (const [i, value] of values!.entries())
      found.push((await valueOf(defaulted(value, targets[i]!), targets[i]!.dataType, session)).value);
    return found;
  });
}

/** EXECUTE IMMEDIATE … INTO: the only row of a plan. */
export async function assignRow(
  plan: LogicalPlan,
  names: readonly (readonly string[])[],
  session: VariableSession,
  origin?: Origin,
): Promise<void> {
  const targets = names.map((parts) => targetOf(parts, session, origin));
  await assign(targets, names, session, () => rowOfQuery(plan, targets, session));
}

async function assign(
  targets: readonly SessionVariable[],
  names: readonly (readonly string[])[],
  session: VariableSession,
  values: () => Promise<readonly Value[]>,
): Promise<void> {
  const lower = targets.map((t) => t.name.toLowerCase());
  const repeated = lower.find((n, i) => lower.indexOf(n) < i);
  if (repeated !== undefined)
    throw new AnalysisException('DUPLICATE_ASSIGNMENTS', {
      nameList: quoteIdentifier(names[lower.indexOf(repeated)]!.at(-1)!.toLowerCase()),
    });
  const found = await values();
  targets.forEach((t, i) => session.variables.set(t, found[i]!));
}

/** One row of as many columns, cast to the variables' types; no row means NULLs. */
async function rowOfQuery(plan: LogicalPlan, targets: readonly SessionVariable[], session: VariableSession): Promise<readonly Value[]> {
  const output = outputOf(plan);
  if (output.length !== targets.length)
    throw new AnalysisException('ASSIGNMENT_ARITY_MISMATCH', { numTarget: String(targets.length), numExpr: String(output.length) });
  const cast: LogicalPlan = {
    kind: 'project',
    child: plan,
    projectList: output.map((a, i) => aliasOf(castTo(a, targets[i]!.dataType), a.name)),
  };
  const rows = await session.rowsOf(cast);
  if (rows.length > 1) throw new AnalysisException('ROW_SUBQUERY_TOO_MANY_ROWS');
  return targets.map((t, i) => (rows[0] === undefined ? null : valueOfKernel(rows[0][i]!, t.dataType)));
}

export function dropVariable({ name, ifExists }: Of<'drop'>, session: VariableSession): void {
  const parts = name as readonly string[];
  if (!isInSession(parts) || (!session.variables.drop(parts.at(-1)!) && !ifExists))
    throw new AnalysisException('VARIABLE_NOT_FOUND', {
      variableName: isInSession(parts) ? fullName(parts.at(-1)!) : parts.map(quoteIdentifier).join('.'),
    });
}

/** An expression without columns, computed. */
export async function valueOf(
  expression: Expression,
  type: DataType | undefined,
  session: VariableSession,
): Promise<{ readonly dataType: DataType; readonly value: Value }> {
  const expr: Expression =
    type === undefined ? expression : { kind: 'cast', expr: expression, type, ...(expression.origin && { origin: expression.origin }) };
  const plan = await session.analyze({ kind: 'project', expressions: [expr] });
  const [[value]] = (await session.rowsOf(plan)) as [[KernelValue]];
  const { dataType } = outputOf(plan)[0]!;
  return { dataType, value: valueOfKernel(value, dataType) };
}

const defaulted = (value: Expression, target: SessionVariable): Expression =>
  value.kind === 'unresolvedAttribute' && value.nameParts.length === 1 && value.nameParts[0]!.toUpperCase() === 'DEFAULT'
    ? (target.defaultExpression ?? { kind: 'literal', value: { type: 'null', dataType: target.dataType } })
    : value;

function targetOf(parts: readonly string[], session: VariableSession, origin: Origin | undefined): SessionVariable {
  const found = session.variables.find(parts);
  if (found === undefined) throw unresolved(parts, '[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]', origin);
  return found;
}

function nameOf(name: readonly string[] | Relation, searchPath: string, origin: Origin | undefined): string {
  if (!Array.isArray(name)) throw new AnalysisException('NOT_BUILT', { feature: 'IDENTIFIER() as the name of a variable' }, origin);
  const parts = name as readonly string[];
  if (!isInSession(parts)) throw unresolved(parts, searchPath, origin);
  return parts.at(-1)!;
}

const unresolved = (parts: readonly string[], searchPath: string, origin: Origin | undefined) =>
  new AnalysisException('UNRESOLVED_VARIABLE', { variableName: parts.map(quoteIdentifier).join('.'), searchPath }, origin);

const hasSubquery = (node: unknown): boolean =>
  typeof node === 'object' &&
  node !== null &&
  ((node as { kind?: string }).kind === 'subqueryExpression' ||
    Object.entries(node).some(([key, child]) => key !== 'origin' && hasSubquery(child)));

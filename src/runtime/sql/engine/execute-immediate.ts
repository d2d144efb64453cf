// EXECUTE IMMEDIATE text [INTO variables] [USING values]: a statement from a constant text, with its parameters bound.
// Source: ResolveExecuteImmediate of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Literal, literal, type Value } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { Plan } from '../parser/parse.ts';
import type { Command } from '../plan/commands.ts';
import type { Expression } from '../plan/expressions.ts';
import type { LiteralValue } from '../plan/literal.ts';
import { parametersIn } from '../plan/parameter-marks.ts';
import { type DataType, STRING } from '../types/data-type.ts';
import { quoteIdentifier, sqlType } from '../types/type-names.ts';
import { assignRow, valueOf, type VariableSession } from './variable-commands.ts';
import type { BoundParameters } from './variables.ts';

export interface ImmediateSession extends VariableSession {
  parse(text: string): Plan;
  /** The same session, with values for parameters. */
  withParameters(parameters: BoundParameters): ImmediateSession;
  execute(command: Command): Promise<LogicalPlan>;
}

/** @returns the result of the statement; with INTO there is none */
export async function executeImmediate(
  { statement, into, using, origin }: Extract<Command, { kind: 'executeImmediate' }>,
  session: ImmediateSession,
): Promise<LogicalPlan | undefined> {
  const text = await statementText(statement, session);
  const parsed = session.parse(text);
  if (parsed.tag === 'script') throw new AnalysisException('SQL_SCRIPT_IN_EXECUTE_IMMEDIATE', { sqlString: text }, origin);
  const inside = session.withParameters(await bindValues(using, parsed, session));
  if (parsed.tag === 'relation') {
    const plan = await inside.analyze(parsed.relation);
    if (into.length === 0) return plan;
    await assignRow(plan, into, session, origin);
    return undefined;
  }
  if (into.length > 0) throw new AnalysisException('INVALID_STATEMENT_FOR_EXECUTE_INTO', { sqlString: text.toUpperCase() }, origin);
  return inside.execute(parsed.command);
}

async function statementText(statement: Expression, session: ImmediateSession): Promise<string> {
  const { dataType, value } = await valueOf(statement, undefined, session);
  if (dataType.tag !== STRING.tag)
    throw new AnalysisException('INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE', { exprType: `"${sqlType(dataType)}"` }, statement.origin);
  if (value === null) {
    const name = statement.kind === 'unresolvedAttribute' ? statement.nameParts.at(-1)! : (statement.origin?.fragment ?? 'NULL');
    throw new AnalysisException('NULL_QUERY_STRING_EXECUTE_IMMEDIATE', { varName: quoteIdentifier(name) });
  }
  return value as string;
}

/** Values of USING for the markers in a statement. @throws AnalysisException */
export async function bindValues(using: readonly Expression[], statement: object, session: VariableSession): Promise<BoundParameters> {
  const marks = parametersIn(statement);
  const [hasNamed, hasPositional] = [marks.some((p) => p.name !== undefined), marks.some((p) => p.name === undefined)];
  if (hasNamed && hasPositional) throw new AnalysisException('INVALID_QUERY_MIXED_QUERY_PARAMETERS');
  const named = new Map<string, Expression>();
  const positional: Expression[] = [];
  const nameless: string[] = [];
  for (const argument of using) {
    const expr = argument.kind === 'alias' ? argument.expr : argument;
    if (expr.kind === 'subqueryExpression')
      throw new AnalysisException('UNSUPPORTED_EXPR_FOR_PARAMETER', { invalidExprSql: '"scalarsubquery()"' }, expr.origin);
    const { dataType, value } = await valueOf(expr, undefined, session);
    const constant = literalExpression(value, dataType) ?? expr;
    const name = argument.kind === 'alias' ? argument.name[0]! : expr.kind === 'unresolvedAttribute' ? expr.nameParts.at(-1)! : undefined;
    if (name !== undefined) named.set(name, constant);
    if (argument.kind !== 'alias') nameless.push(`"${prettySql(literal(value, dataType) satisfies Literal)}"`);
    positional.push(constant);
  }
  const hasNames = hasNamed || (using.some((u) => u.kind === 'alias') && !hasPositional);
  if (hasNames && nameless.length > 0 && using.some((u) => u.kind !== 'alias' && u.kind !== 'unresolvedAttribute'))
    throw new AnalysisException('ALL_PARAMETERS_MUST_BE_NAMED', { exprs: nameless.join(', ') });
  return { named, positional };
}

/** undefined: no constant of the unresolved plan has this type. */
function literalExpression(value: Value, type: DataType): Expression | undefined {
  const made = (v: LiteralValue): Expression => ({ kind: 'literal', value: v });
  if (value === null) return made({ type: 'null', dataType: type });
  switch (type.tag) {
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'string':
    case 'binary':
    case 'date':
      return made({ type: type.tag, value } as LiteralValue);
    case 'decimal':
      return made({ type: 'decimal', value: value as string, precision: type.precision, scale: type.scale });
    case 'timestamp':
      return made({ type: 'timestamp', value: value as bigint, isLocal: false });
    case 'timestamp_ntz':
      return made({ type: 'timestampNtz', value: value as bigint });
    case 'yearMonthInterval':
    case 'dayTimeInterval':
      return made({ type: type.tag, value, dataType: type } as LiteralValue);
    default:
      return undefined;
  }
}

// EXECUTE IMMEDIATE text [INTO variables] [USING values]: a statement from a constant text, with its parameters bound.
// Source: ResolveExecuteImmediate of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { literal, type Value } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { Plan } from '../parser/parse.ts';
import { ParseException } from '../parser/parse-error.ts';
import type { Command } from '../plan/commands.ts';
import type { Expression } from '../plan/expressions.ts';
import type { LiteralValue } from '../plan/literal.ts';
import { parametersIn } from '../plan/parameter-marks.ts';
import { type DataType, STRING } from '../types/data-type.ts';
import { quoteIdentifier, sqlType } from '../types/type-names.ts';
import { type ParameterValue, withValues } from './substitute-parameters.ts';
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
  const values = await valuesOf(using, session);
  const parsed = parsedStatement(text, values, session);
  if (parsed.tag === 'script') throw new AnalysisException('SQL_SCRIPT_IN_EXECUTE_IMMEDIATE', { sqlString: text }, origin);
  const inside = session.withParameters(bound(values, parsed));
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

/** A statement whose markers are no expressions has their values in its text. @throws ParseException */
function parsedStatement(text: string, values: readonly Given[], session: ImmediateSession): Plan {
  try {
    return session.parse(text);
  } catch (error) {
    const filled = error instanceof ParseException ? withValues(text, values) : undefined;
    if (filled === undefined) throw error;
    return session.parse(filled);
  }
}

type Given = ParameterValue & { readonly written: Expression };

async function valuesOf(using: readonly Expression[], session: VariableSession): Promise<readonly Given[]> {
  const made: Given[] = [];
  for (const written of using) {
    const expr = written.kind === 'alias' ? written.expr : written;
    if (expr.kind === 'subqueryExpression')
      throw new AnalysisException('UNSUPPORTED_EXPR_FOR_PARAMETER', { invalidExprSql: '"scalarsubquery()"' }, expr.origin);
    const name = written.kind === 'alias' ? written.name[0]! : expr.kind === 'unresolvedAttribute' ? expr.nameParts.at(-1)! : undefined;
    made.push({ written, ...(name !== undefined && { name }), ...(await valueOf(expr, undefined, session)) });
  }
  return made;
}

/** Values of USING for the markers in a statement. @throws AnalysisException */
export const bindValues = async (using: readonly Expression[], statement: object, session: VariableSession): Promise<BoundParameters> =>
  bound(await valuesOf(using, session), statement);

function bound(values: readonly Given[], statement: object): BoundParameters {
  const marks = parametersIn(statement);
  const [hasNamed, hasPositional] = [marks.some((p) => p.name !== undefined), marks.some((p) => p.name === undefined)];
  if (hasNamed && hasPositional) throw new AnalysisException('INVALID_QUERY_MIXED_QUERY_PARAMETERS');
  const nameless = values.filter((v) => v.written.kind !== 'alias');
  const byName = hasNamed || (nameless.length < values.length && !hasPositional);
  if (byName && nameless.some((v) => v.name === undefined))
    throw new AnalysisException('ALL_PARAMETERS_MUST_BE_NAMED', {
      exprs: nameless.map(({ value, dataType }) => `"${prettySql(literal(value, dataType))}"`).join(', '),
    });
  const constants = values.map(
    ({ value, dataType, written }) => literalExpression(value, dataType) ?? (written.kind === 'alias' ? written.expr : written),
  );
  const named = values.flatMap(({ name }, i) => (name === undefined ? [] : [[name, constants[i]!] as const]));
  return { named: new Map(named), positional: constants };
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

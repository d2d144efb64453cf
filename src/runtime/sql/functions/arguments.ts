// What checks of arguments share: errors of types and of constants in Spark's words. Source: TypeUtils, ExpectsInputTypes of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr, Literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import type { DataType } from '../types/data-type.ts';
import { isOrderable } from '../types/orderable.ts';
import { sqlType } from '../types/type-names.ts';

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];
export const inQuotes = (text: string): string => `"${text}"`;
export const callSql = (name: string, args: readonly Expr[]): string => inQuotes(`${name}(${args.map(prettySql).join(', ')})`);
export const typeSql = (type: DataType): string => inQuotes(sqlType(type));

/** DATATYPE_MISMATCH.<sub>; `sqlExpr` is the call when it is not given. */
export function mismatch(
  sub: string,
  name: string,
  args: readonly Expr[],
  parameters: Readonly<Record<string, string>>,
): AnalysisException {
  return new AnalysisException(`DATATYPE_MISMATCH.${sub}`, { sqlExpr: callSql(name, args), ...parameters }, args[0]?.origin);
}

export function unexpectedInput(name: string, args: readonly Expr[], index: number, requiredType: string): AnalysisException {
  const arg = args[index]!;
  return mismatch('UNEXPECTED_INPUT_TYPE', name, args, {
    paramIndex: ORDINALS[index] ?? `${index + 1}th`,
    requiredType,
    inputSql: inQuotes(prettySql(arg)),
    inputType: typeSql(arg.dataType),
  });
}

/** @throws AnalysisException DATATYPE_MISMATCH.INVALID_ORDERING_TYPE */
export function checkOrderable(name: string, args: readonly Expr[], type = args[0]!.dataType): void {
  if (!isOrderable(type)) throw mismatch('INVALID_ORDERING_TYPE', name, args, { functionName: `\`${name}\``, dataType: typeSql(type) });
}

/** A constant argument, under the casts that coercion put on it. */
export function literalOf(e: Expr | undefined): Literal | undefined {
  if (e === undefined) return undefined;
  if (e.kind === 'literal') return e;
  return e.kind === 'cast' || e.kind === 'alias' ? literalOf(e.child) : undefined;
}

export const isNullLiteral = (e: Expr): boolean => literalOf(e)?.value === null;

// Short makers of unresolved expressions, for whoever writes relations in terms of others. Not here: the API's (api/), the parser's.
import { DOUBLE, STRING, type DataType } from '../types/data-type.ts';
import type { Expression } from './expressions.ts';

export const call = (functionName: string, ...args: readonly Expression[]): Expression => ({
  kind: 'unresolvedFunction',
  functionName,
  arguments: args,
});
export const column = (name: string): Expression => ({ kind: 'unresolvedAttribute', nameParts: [name] });
export const alias = (expr: Expression, name: string): Expression => ({ kind: 'alias', expr, name: [name] });
export const double = (value: number): Expression => ({ kind: 'literal', value: { type: 'double', value } });
export const integer = (value: number): Expression => ({ kind: 'literal', value: { type: 'integer', value } });
export const castTo = (expr: Expression, type: DataType, evalMode?: 'try'): Expression => ({
  kind: 'cast',
  expr,
  type,
  ...(evalMode && { evalMode }),
});
export const asDouble = (expr: Expression): Expression => castTo(expr, DOUBLE, 'try');
export const asText = (expr: Expression): Expression => castTo(expr, STRING);

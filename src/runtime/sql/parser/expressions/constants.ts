// Constants: NULL, TRUE, numbers, strings, parameters, intervals, typed literals. Source: the constant rule of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import { NULL } from '../../types/data-type.ts';
import type { Cursor } from '../cursor.ts';
import { simpleIdentifier } from '../identifiers.ts';
import { intervalLiteral, isIntervalWithUnits } from '../intervals.ts';
import { numberLiteral } from '../numbers.ts';
import { isString, stringLiteral } from '../strings.ts';
import { NUMBERS } from '../token.ts';
import { typedLiteral } from '../typed-literals.ts';
import { literal } from './make.ts';

/** @returns undefined when the next tokens are no constant */
export function constant(p: Cursor): Expression | undefined {
  const from = p.at;
  const type = p.type();
  if (NUMBERS.has(type)) return literal(p, from, numberLiteral(p, false, from));
  if (type === '-' && NUMBERS.has(p.type(1))) {
    p.at++;
    return literal(p, from, numberLiteral(p, true, from));
  }
  if (isString(type)) return literal(p, from, { type: 'string', value: stringLiteral(p) });
  if (type === '?') {
    p.at++;
    return { kind: 'parameter', position: (p.tokens[from] as { start: number }).start, origin: p.origin(from) };
  }
  if (type === ':' && p.tokens[from + 1]?.isWord === true) {
    p.at++;
    return { kind: 'parameter', name: simpleIdentifier(p), origin: p.origin(from) };
  }
  if (!p.token.isWord && type !== 'NULL' && type !== 'TRUE' && type !== 'FALSE' && type !== 'INTERVAL') return undefined;
  if (isIntervalWithUnits(p)) return literal(p, from, intervalLiteral(p));
  // INTERVAL 1 fake_unit can only have been meant as a literal.
  if (type === 'INTERVAL' && p.type(1) === 'integer') p.fail('', from + 2);
  if (isString(p.type(1)) && p.token.type !== 'backquoted') return literal(p, from, typedLiteral(p));
  return keywordConstant(p, from, type);
}

function keywordConstant(p: Cursor, from: number, type: string): Expression | undefined {
  if (type !== 'NULL' && type !== 'TRUE' && type !== 'FALSE') return undefined;
  if (p.type(1) === '(' || p.type(1) === '.') return undefined;
  p.at++;
  return literal(p, from, type === 'NULL' ? { type: 'null', dataType: NULL } : { type: 'boolean', value: type === 'TRUE' });
}

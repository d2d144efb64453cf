// Operators of which NULL is NULL, tests of constants, coalesce behind its first value that is none. Only where the other operands cannot
// fail: columns and constants. Source: NullPropagation of Spark 4.2.
import type { Call, Expr } from '../logical/expressions.ts';
import { literal } from '../logical/expressions.ts';
import { expressionRule } from './expression-rules.ts';
import { cannotFail } from './rule-tools.ts';

/** NULL when an operand is. */
const STRICT: ReadonlySet<string> = new Set(['+', '-', '*', '==', '!=', '<', '<=', '>', '>=', 'like', 'upper', 'lower', 'not']);

const isNull = (e: Expr): boolean => e.kind === 'literal' && e.value === null;
const truth = (value: boolean): Expr => literal(value, { tag: 'boolean' });

function propagated(e: Call): Expr {
  const { name } = e.spec;
  const [first] = e.args;
  if (name === 'isnull' || name === 'isnotnull') {
    return first?.kind === 'literal' ? truth((first.value === null) === (name === 'isnull')) : e;
  }
  if (name === 'coalesce') return coalesced(e);
  return STRICT.has(name) && e.args.some(isNull) && e.args.every(cannotFail) ? literal(null, e.dataType) : e;
}

/** NULLs are passed over; what stands behind a constant is never asked. */
function coalesced(e: Call): Expr {
  const args = e.args.filter((a) => !isNull(a));
  const end = args.findIndex((a) => a.kind === 'literal');
  const kept = end < 0 ? args : args.slice(0, end + 1);
  if (kept.length === e.args.length) return e;
  if (kept.length === 0) return literal(null, e.dataType);
  return kept.length === 1 ? kept[0]! : { ...e, args: kept };
}

export const nullPropagation = expressionRule('NullPropagation', (e) => (e.kind === 'call' ? propagated(e) : e));

// Branches of CASE and if that are never taken go, and those behind one that always is. Source: SimplifyConditionals of Spark 4.2.
import type { Call, Expr } from '../logical/expressions.ts';
import { literal } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { expressionRule } from './expression-rules.ts';
import { cannotFail, isMovable } from './rule-tools.ts';

const isNever = (e: Expr): boolean => e.kind === 'literal' && e.value !== true;
const isAlways = (e: Expr): boolean => e.kind === 'literal' && e.value === true;

function simplifiedCase(e: Call): Expr {
  const whens: Expr[] = [];
  let otherwise = e.args.length % 2 === 1 ? e.args.at(-1) : undefined;
  for (let i = 0; i + 1 < e.args.length; i += 2) {
    const [when, then] = [e.args[i]!, e.args[i + 1]!];
    if (isNever(when)) continue;
    if (isAlways(when)) {
      otherwise = then;
      break;
    }
    whens.push(when, then);
  }
  if (whens.length === 0) return otherwise ?? literal(null, e.dataType);
  const args = otherwise === undefined ? whens : [...whens, otherwise];
  return args.length === e.args.length ? e : { ...e, args };
}

function simplified(e: Expr): Expr {
  if (e.kind !== 'call') return e;
  if (e.spec.name === 'when') return simplifiedCase(e);
  if (e.spec.name !== 'if') return e;
  const [test, yes, no] = e.args as [Expr, Expr, Expr];
  if (isAlways(test)) return yes;
  if (isNever(test)) return no;
  return exprKey(yes) === exprKey(no) && isMovable(yes) && cannotFail(test) ? yes : e;
}

export const simplifyConditionals = expressionRule('SimplifyConditionals', simplified);

// IN without the same constant twice; of one constant it is an equality. Source: OptimizeIn of Spark 4.2.
import { call } from '../logical/conjuncts.ts';
import type { Expr } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { sameType } from '../types/data-type.ts';
import { expressionRule } from './expression-rules.ts';

function simplified(e: Expr): Expr {
  if (e.kind !== 'call' || e.spec.name !== 'in') return e;
  const [tested, ...list] = e.args as [Expr, ...Expr[]];
  if (!list.every((x) => x.kind === 'literal')) return e;
  const distinct = [...new Map(list.map((x) => [exprKey(x), x])).values()];
  const [only] = distinct;
  if (distinct.length === 1 && sameType(tested.dataType, only!.dataType)) return call('==', tested, only!);
  return distinct.length === list.length ? e : { ...e, args: [tested, ...distinct] };
}

export const optimizeIn = expressionRule('OptimizeIn', simplified);

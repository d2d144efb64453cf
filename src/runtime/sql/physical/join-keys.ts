// Which equalities of a join's condition say where its rows belong, and what is left of it. Source: ExtractEquiJoinKeys of Spark 4.2.
import { call, conjunctsOf } from '../logical/conjuncts.ts';
import { type Expr, type ExprId, literal } from '../logical/expressions.ts';
import { type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { attributesIn, contains } from '../logical/tree.ts';

export const idsOf = (plan: LogicalPlan): ReadonlySet<ExprId> => new Set(outputOf(plan).map((a) => a.exprId));
export const isOver = (e: Expr, ids: ReadonlySet<ExprId>): boolean => attributesIn(e).every((a) => ids.has(a.exprId));
export const hasSubquery = (e: Expr): boolean =>
  contains(e, (x) => x.kind === 'scalarSubquery' || x.kind === 'exists' || x.kind === 'inSubquery');

export type JoinKeys = { readonly left: readonly Expr[]; readonly right: readonly Expr[] };

export function joinKeys(join: Join): JoinKeys {
  const [ls, rs] = [idsOf(join.left), idsOf(join.right)];
  const [left, right]: [Expr[], Expr[]] = [[], []];
  for (const e of conjunctsOf(join.condition)) {
    if (e.kind !== 'call' || (e.spec.name !== '==' && e.spec.name !== '<=>') || hasSubquery(e)) continue;
    const [a, b] = e.args as [Expr, Expr];
    const [aIds, bIds] = [attributesIn(a).length, attributesIn(b).length];
    if (aIds === 0 || bIds === 0) continue;
    if (isOver(a, ls) && isOver(b, rs)) {
      left.push(a);
      right.push(b);
    } else if (isOver(a, rs) && isOver(b, ls)) {
      left.push(b);
      right.push(a);
    }
  }
  return { left, right };
}
export const TRUE = literal(true, { tag: 'boolean' });
export { call };

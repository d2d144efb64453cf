// Window functions anywhere in a list → Window operators below, one for all that share partition and order. Source: ExtractWindowExpressions.
import { AnalysisException } from '../errors/spark-error.ts';
import { aliasOf, type Alias, attributeOf, type Expr, type WindowExpr } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { contains, mapChildren } from '../logical/tree.ts';

/** @returns the plan with its windows, and the expressions over it */
export function liftWindows(plan: LogicalPlan, exprs: readonly Expr[]): { readonly plan: LogicalPlan; readonly exprs: readonly Expr[] } {
  const byKey = new Map<string, Alias>();
  const lift = (e: Expr): Expr => {
    if (e.kind !== 'window') return mapChildren(e, lift);
    const key = exprKey(e);
    let column = byKey.get(key);
    if (column === undefined) {
      if (contains(e, (x) => x !== e && x.kind === 'window'))
        throw new AnalysisException('NOT_BUILT', { feature: 'A window function inside of another' }, e.origin);
      byKey.set(key, (column = aliasOf(e, '_we')));
    }
    return { ...attributeOf(column), origin: e.origin };
  };
  const lifted = exprs.map(lift);
  const groups = new Map<string, Alias[]>();
  for (const column of byKey.values()) {
    const key = specKey(column.child as WindowExpr);
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  let made = plan;
  for (const windows of groups.values()) made = { kind: 'window', child: made, windows };
  return { plan: made, exprs: lifted };
}

const specKey = ({ partition, order }: WindowExpr): string =>
  `${partition.map(exprKey).join(',')}|${order.map((o) => `${exprKey(o.child)} ${o.ascending} ${o.nullsFirst}`).join(',')}`;

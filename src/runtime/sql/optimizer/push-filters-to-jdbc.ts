// Conditions that stand on a JDBC source go into it, as far as its database understands them: it sends fewer rows. Source: V2ScanRelationPushDown and
// JDBCRelation.unhandledFilters of Spark 4.2.
import { allOf, conjunctsOf } from '../logical/conjuncts.ts';
import type { Attribute } from '../logical/expressions.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { transformPlanUp, visitPlan } from '../logical/plan-tree.ts';
import { remoteFilter } from '../sources/jdbc/remote-filter.ts';
import { flattenDeep } from './flatten-deep.ts';
import { optimize } from './optimizer.ts';

function pushed(node: LogicalPlan): LogicalPlan {
  if (node.kind !== 'filter' || node.child.kind !== 'scan' || node.child.jdbc?.pushesPredicates !== true) return node;
  const scan = node.child;
  const nameOf = (a: Attribute) => scan.columns[scan.output.findIndex((o) => o.exprId === a.exprId)];
  const all = conjunctsOf(node.condition);
  const down = all.filter((e) => remoteFilter(e, scan.jdbc!, nameOf) !== undefined);
  if (down.length === 0) return node;
  const stay = allOf(all.filter((e) => !down.includes(e)));
  const child: LogicalPlan = { ...scan, pushedFilters: [...(scan.pushedFilters ?? []), ...down] };
  return stay === undefined ? child : { ...node, child, condition: stay };
}

export const pushFiltersToJdbc = (plan: LogicalPlan): LogicalPlan => (readsJdbc(plan) ? transformPlanUp(plan, pushed) : plan);

function readsJdbc(plan: LogicalPlan): boolean {
  let found = false;
  visitPlan(plan, (p) => {
    if (p.kind === 'scan' && p.jdbc !== undefined) found = true;
  });
  return found;
}

const made = new WeakMap<LogicalPlan, LogicalPlan>();

/** A plan that runs whole is the kernel's to optimise, but for what other databases can leave out, and for what its parser does not hold. */
export function withRemoteParts(given: LogicalPlan, settings: SessionSettings): LogicalPlan {
  const plan = flattenDeep(given, settings);
  if (!readsJdbc(plan)) return plan;
  let known = made.get(plan);
  if (known === undefined) made.set(plan, (known = pushFiltersToJdbc(optimize(plan, settings))));
  return known;
}

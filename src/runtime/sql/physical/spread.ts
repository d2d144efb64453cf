// How rows of a plan are spread over tasks, and what of a node decides whether that is enough. The planner is make-physical.ts.
import { type Attribute, attributeOf, type Expr, type ExprId, type WindowExpr } from '../logical/expressions.ts';
import { exprsOfPlan } from '../logical/plan-tree.ts';
import type { Join, LogicalPlan } from '../logical/plans.ts';
import { contains } from '../logical/tree.ts';
import type { BroadcastSide } from './physical-plan.ts';

/** How rows are spread, as far as it is known: attributes whose equal values are in one task. */
export type Spread = { readonly kind: 'single' | 'unknown' } | { readonly kind: 'hash'; readonly keys: readonly ExprId[] };
export const UNKNOWN: Spread = { kind: 'unknown' };
export const SINGLE: Spread = { kind: 'single' };

let tables = 0;
/** A name for a table of a kernel that no other of this process has. */
export const nextTable = (kind: string): string => `${kind}${++tables}`;

/** Functions whose values depend on which task computes them. */
const BY_TASK = new Set(['monotonically_increasing_id', 'spark_partition_id', 'input_file_name']);

/** This plan cannot be cut into stages: it runs as one query. */
export class NotStaged extends Error {}

export const isByTask = (e: Expr): boolean => e.kind === 'call' && BY_TASK.has(e.spec.name);

export function hasOuter(plan: LogicalPlan): boolean {
  const inExpr = (e: Expr): boolean =>
    contains(
      e,
      (x) =>
        x.kind === 'outer' ||
        ('plan' in x && (x as { plan: LogicalPlan }).plan !== undefined && hasOuter((x as { plan: LogicalPlan }).plan)),
    );
  return exprsOfPlan(plan).some(inExpr) || childPlans(plan).some(hasOuter);
}
const childPlans = (plan: LogicalPlan): readonly LogicalPlan[] =>
  'child' in plan ? [plan.child] : 'children' in plan ? plan.children : 'left' in plan ? [plan.left, plan.right] : [];

/** Left rows that find nothing must be seen by one task alone: the other side may go everywhere only where that holds. */
export function sidesToBroadcast({ joinType }: Join): readonly BroadcastSide[] {
  switch (joinType) {
    case 'inner':
    case 'cross':
      return ['right', 'left'];
    case 'leftOuter':
    case 'leftSemi':
    case 'leftAnti':
      return ['right'];
    case 'rightOuter':
      return ['left'];
    default:
      return [];
  }
}

export const hashOf = (keys: readonly Expr[]): Spread =>
  keys.every((k) => k.kind === 'attribute') ? { kind: 'hash', keys: keys.map((k) => (k as Attribute).exprId) } : UNKNOWN;

/** Rows that agree in `keys` are in one task when they are spread by some of them. */
export const isClustered = (spread: Spread, keys: readonly Expr[]): boolean =>
  spread.kind === 'hash' &&
  spread.keys.length > 0 &&
  spread.keys.every((id) => keys.some((k) => k.kind === 'attribute' && k.exprId === id));

export function renamed(spread: Spread, list: readonly Expr[]): Spread {
  if (spread.kind !== 'hash') return spread;
  const keys = spread.keys.map((id) => {
    for (const e of list) {
      if (e.kind === 'attribute' && e.exprId === id) return id;
      if (e.kind === 'alias' && e.child.kind === 'attribute' && e.child.exprId === id) return attributeOf(e).exprId;
    }
    return undefined;
  });
  return keys.every((k) => k !== undefined) ? { kind: 'hash', keys } : UNKNOWN;
}

export const sameKeys = (a: readonly Expr[], b: readonly Expr[]): boolean =>
  a.length === b.length &&
  a.every((e, i) => e === b[i] || (e.kind === 'attribute' && b[i]!.kind === 'attribute' && e.exprId === (b[i] as Attribute).exprId));

export function windowsIn(e: Expr): readonly WindowExpr[] {
  const found: WindowExpr[] = [];
  contains(e, (x) => {
    if (x.kind === 'window') found.push(x);
    return false;
  });
  return found;
}

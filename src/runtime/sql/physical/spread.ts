// How rows of a plan are spread over tasks, and what of a node decides whether that is enough. The planner is make-physical.ts.
import { type Attribute, attributeOf, type Expr, type ExprId, type WindowExpr } from '../logical/expressions.ts';
import { exprsOfPlan } from '../logical/plan-tree.ts';
import { childrenOf, type Join, type LogicalPlan } from '../logical/plans.ts';
import { contains } from '../logical/tree.ts';
import type { Exchange } from '../../rdd/sql-fragment.ts';
import type { BroadcastSide } from './physical-plan.ts';

/**
 * How rows are spread, as far as it is known. `hash`: the partition is that of the hash of these keys, in this order; each is any of some
 * attributes that are equal in every row. With `ranges` there is one key, and its value says the partition (ValueCut's bounds). `bound`: where the
 * values of the keys all come from. `buckets`: the hash is that of a bucketed table.
 */
export type Spread =
  | { readonly kind: 'single' | 'unknown' }
  | {
      readonly kind: 'hash';
      readonly keys: readonly (readonly ExprId[])[];
      readonly ranges?: readonly bigint[];
      readonly bound?: KeyBound;
      readonly buckets?: Buckets;
    };
/** A computed exchange by these keys: no row here has others than its rows have. `keys` are expressions over its columns. */
export type KeyBound = { readonly exchange: Exchange; readonly output: readonly Attribute[]; readonly keys: readonly Expr[] };
/** As many partitions as the tables have buckets. `use` is told when a plan relies on it: else their files are read as any other's. */
export type Buckets = { readonly count: number; readonly use: readonly BucketUse[] };
export type BucketUse = { isUsed: boolean };
export const exchangeRows = ({ rows }: Exchange): number => rows.reduce((a, b) => a + b, 0);
export const UNKNOWN: Spread = { kind: 'unknown' };
export const SINGLE: Spread = { kind: 'single' };

let tables = 0;
/** A name for a table of a kernel that no other of this process has. */
export const nextTable = (kind: string): string => `${kind}${++tables}`;

/** Functions whose values depend on which task computes them. */
const BY_TASK = new Set(['monotonically_increasing_id', 'spark_partition_id']);

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
  return exprsOfPlan(plan).some(inExpr) || childrenOf(plan).some(hasOuter);
}

/** Left rows that find nothing must be seen by one task alone: the other side may go everywhere only where that holds. */
export function sidesToBroadcast({ joinType }: Join): readonly BroadcastSide[] {
  switch (joinType) {
    case 'inner':
    case 'cross':
      return ['right', 'left'];
    case 'leftOuter':
    case 'leftSemi':
    case 'leftAnti':
    case 'existence':
      return ['right'];
    case 'rightOuter':
      return ['left'];
    default:
      return [];
  }
}

export const hashOf = (keys: readonly Expr[], bound?: KeyBound): Spread =>
  keys.length > 0 && keys.every((k) => k.kind === 'attribute')
    ? { kind: 'hash', keys: keys.map((k) => [(k as Attribute).exprId]), ...(bound && { bound }) }
    : UNKNOWN;

export const isOneOf = (ids: readonly ExprId[], e: Expr): boolean => e.kind === 'attribute' && ids.includes(e.exprId);

/** Rows that agree in `keys` are in one task when they are spread by some of them. */
export const isClustered = (spread: Spread, keys: readonly Expr[]): boolean =>
  spread.kind === 'hash' && spread.keys.every((ids) => keys.some((k) => isOneOf(ids, k)));

/** Spread by the hash of these keys in this order, so that another side by its keys fits. */
export const isExactly = (spread: Spread, keys: readonly Expr[]): boolean =>
  spread.kind === 'hash' &&
  spread.ranges === undefined &&
  spread.keys.length === keys.length &&
  spread.keys.every((ids, i) => isOneOf(ids, keys[i]!));

/** Over a node that passes columns on under other names, or leaves them out. */
export function renamed(spread: Spread, list: readonly Expr[]): Spread {
  if (spread.kind !== 'hash') return spread;
  const keys = spread.keys.map((ids) =>
    list.flatMap((e) =>
      e.kind === 'alias' ? (isOneOf(ids, e.child) ? [attributeOf(e).exprId] : []) : isOneOf(ids, e) ? [(e as Attribute).exprId] : [],
    ),
  );
  return keys.every((ids) => ids.length > 0) ? { ...spread, keys } : UNKNOWN;
}

/** Rows of `node` where its children's rows stay in their tasks. */
export function spreadOver(node: LogicalPlan, child: Spread): Spread {
  if (child.kind !== 'hash') return child;
  if (node.kind === 'project') return renamed(child, node.projectList);
  if (node.kind === 'aggregate') return renamed(child, node.aggregates);
  return node.kind === 'expand' ? UNKNOWN : child;
}

/** Of a join whose sides are spread by its keys alike. */
export function spreadOfJoin({ joinType }: Join, left: Spread, right: Spread): Spread {
  switch (joinType) {
    case 'inner':
      if (left.kind !== 'hash' || right.kind !== 'hash') return left;
      return { ...fewerRows(left, right), ...bucketsOfBoth(left, right), keys: left.keys.map((ids, i) => [...ids, ...right.keys[i]!]) };
    case 'leftSemi':
      return left.kind === 'hash' && right.kind === 'hash' ? { ...fewerRows(left, right), keys: left.keys } : left;
    case 'fullOuter':
      return UNKNOWN;
    case 'rightOuter':
      return right;
    default:
      return left;
  }
}

/** Of a join of sides in buckets: whoever relies on its rows' places relies on both. */
function bucketsOfBoth({ buckets: l }: Hashed, { buckets: r }: Hashed): { readonly buckets?: Buckets } {
  return l === undefined || r === undefined ? {} : { buckets: { count: l.count, use: [...l.use, ...r.use] } };
}

type Hashed = Extract<Spread, { kind: 'hash' }>;
const rowsOf = ({ bound }: Hashed): number => (bound === undefined ? Number.POSITIVE_INFINITY : exchangeRows(bound.exchange));
const fewerRows = (a: Hashed, b: Hashed): Hashed => (rowsOf(b) < rowsOf(a) ? b : a);

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

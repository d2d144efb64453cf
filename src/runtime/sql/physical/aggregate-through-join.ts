// An aggregate by the key of a join, of columns of one side alone: each task groups that side's rows before they are moved, so that far fewer are.
// The whole stands above the join, where parts that a row of the other side meets are merged. Spark has no such rule.
// Source: eager aggregation (Yan and Larson, "Eager Aggregation and Lazy Aggregation", VLDB 1995).
import type { SessionSettings } from '../functions/spec.ts';
import { conjunctsOf, equalColumns } from '../logical/conjuncts.ts';
import { attributeOf, type Attribute, type Expr, type NamedExpr } from '../logical/expressions.ts';
import type { Aggregate, Join, LogicalPlan } from '../logical/plans.ts';
import { contains } from '../logical/tree.ts';
import { isMovable, meaningsOf, substitute } from '../optimizer/rule-tools.ts';
import { idsOf, joinKeys } from './join-keys.ts';
import type { BroadcastSide } from './physical-plan.ts';
import { other } from './runtime-filters.ts';
import { knownGroups, statisticsOf } from './statistics.ts';
import { twoSteps } from './two-step-aggregates.ts';

/** So many rows a group and task make it worth it. */
const WORTH_ROWS = 4;
/** Of a side's rows the join must keep so many: else it is the join that makes them few, and grouping them before is in vain. */
const WORTH_SHARE = 0.5;
/** Rows of so many bytes are one task's, about. */
const TASK_BYTES = 128 << 20;
const FUNCTIONS = new Set(['count', 'sum', 'avg', 'min', 'max']);

export type AggregateSides = {
  readonly session: SessionSettings;
  /** A side of no more bytes may be sent to all tasks instead: nothing is moved then. */
  readonly broadcastBytes: number;
  /** Whether rows of that plan would be moved to come together by these keys. */
  isMoved(plan: LogicalPlan, keys: readonly Expr[]): boolean;
};

/** @returns the aggregate over the join of grouped rows; undefined where that is not the same, or not worth it */
export function aggregateThroughJoin(given: Aggregate, sides: AggregateSides): Aggregate | undefined {
  const over = overJoin(given);
  if (over === undefined) return undefined;
  const { node, join } = over;
  for (const side of sidesOf(join)) {
    const keys = joinKeys(join)[side] as readonly Attribute[];
    if (isOfSide(node, join, side) && isWorthIt(join, side, keys, sides)) return pushed(node, join, side, keys, sides.session);
  }
  return undefined;
}

/** Over the join itself: what a projection between them means is put in its place. */
function overJoin(node: Aggregate): { readonly node: Aggregate; readonly join: Join } | undefined {
  const { child } = node;
  if (child.kind === 'join') return isEquiJoin(child) ? { node, join: child } : undefined;
  if (child.kind !== 'project' || child.child.kind !== 'join' || !isEquiJoin(child.child)) return undefined;
  const meanings = meaningsOf(child.projectList);
  if (![...meanings.values()].every(isMovable)) return undefined;
  const grouping = node.grouping.map((e) => substitute(e, meanings));
  const aggregates = node.aggregates.map((e): NamedExpr => {
    const meant = substitute(e, meanings);
    return e.kind === 'alias' || meant === e ? (meant as NamedExpr) : { ...e, kind: 'alias', child: meant };
  });
  return { node: { ...node, child: child.child, grouping, aggregates }, join: child.child };
}

const isEquiJoin = (join: Join): boolean =>
  join.isLateral !== true &&
  join.isNullAware !== true &&
  join.leftHint === undefined &&
  join.rightHint === undefined &&
  join.condition !== undefined &&
  conjunctsOf(join.condition).every(equalColumns) &&
  joinKeys(join).left.length === conjunctsOf(join.condition).length;

/** Sides whose rows the join does not fill up on the other's behalf. */
function sidesOf({ joinType }: Join): readonly BroadcastSide[] {
  if (joinType === 'inner') return ['left', 'right'];
  return joinType === 'leftOuter' ? ['right'] : joinType === 'rightOuter' ? ['left'] : [];
}

/** All groups are made of the keys and the other side's columns, all values are this side's, and no group is in two tasks above the join. */
function isOfSide({ grouping, aggregates }: Aggregate, join: Join, side: BroadcastSide): boolean {
  const own = idsOf(join[side]);
  const keys = joinKeys(join);
  const isGroup = (e: Expr, i: number) => grouping.some((g) => isSame(g, e) || (join.joinType === 'inner' && isSame(g, keys[side][i]!)));
  if (!keys[other(side)].every(isGroup)) return false;
  if (!grouping.every((g) => g.kind === 'attribute' && (!own.has(g.exprId) || keys[side].some((k) => isSame(g, k))))) return false;
  const isPlain = (e: Expr): boolean => {
    if (e.kind !== 'aggregateCall') return true;
    if (e.isDistinct || e.filter !== undefined || e.order?.length || !FUNCTIONS.has(e.spec.name)) return false;
    // A BIGINT's sum may overflow of rows that the join would have left out.
    if (e.spec.name === 'sum' && e.args[0]!.dataType.tag === 'long') return false;
    return e.args.every((a) => (a.kind === 'attribute' ? own.has(a.exprId) : a.kind === 'literal' && join.joinType === 'inner'));
  };
  return (
    aggregates.every((e) => !contains(e, (x) => !isPlain(x))) && aggregates.some((e) => contains(e, (x) => x.kind === 'aggregateCall'))
  );
}
const isSame = (a: Expr, b: Expr): boolean => a.kind === 'attribute' && b.kind === 'attribute' && a.exprId === b.exprId;

function isWorthIt(join: Join, side: BroadcastSide, keys: readonly Attribute[], { broadcastBytes, isMoved }: AggregateSides): boolean {
  const plan = join[side];
  const { rows, bytes } = statisticsOf(plan);
  const groups = knownGroups(plan, keys);
  const tasks = Math.max(2, bytes / TASK_BYTES);
  if (groups === undefined || rows < WORTH_ROWS * groups * tasks) return false;
  const isSent = join.joinType === 'inner' && statisticsOf(join[other(side)]).bytes <= broadcastBytes;
  return bytes > broadcastBytes && !isSent && statisticsOf(join).rows >= WORTH_SHARE * rows && isMoved(plan, keys);
}

function pushed(
  node: Aggregate,
  join: Join,
  side: BroadcastSide,
  keys: readonly Attribute[],
  session: SessionSettings,
): Aggregate | undefined {
  const grouping = [...new Map(keys.map((key) => [key.exprId, attributeOf(key)])).values()];
  const steps = twoSteps({ ...node, child: join[side], grouping }, session);
  if (steps === undefined) return undefined;
  const child: Join = { ...join, [side]: { ...steps.partial, isOfTask: true } };
  return { ...node, child, aggregates: steps.final.aggregates };
}

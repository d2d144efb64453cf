// A resolved plan with text that has a collation, or with values inside of which NULL may be → one in which comparisons are of keys, so that the kernel
// and exchanges need not know of them: groups, orders, joins, windows, distinct rows, set operations. Plans without such values stay as they are.
// Source: RewriteCollationJoin and the rewrites of CollationKey of Spark 4.2.
import { COMPARED, extremeByKey, collatedSpec, ORDERED, ordersByKey } from '../functions/collated.ts';
import { hasMap, needsKey, needsOrderKey } from '../functions/comparison-keys.ts';
import { allOf, call } from '../logical/conjuncts.ts';
import {
  type AggregateCall,
  aliasOf,
  attributeOf,
  type Expr,
  type NamedExpr,
  type SortOrder,
  type WindowCall,
} from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { exprsOfPlan, mapPlanExprs, transformPlan, visitPlan } from '../logical/plan-tree.ts';
import { type Aggregate, type LogicalPlan, outputOf, type SetOperation } from '../logical/plans.ts';
import { contains, mapChildren, transformUp } from '../logical/tree.ts';
import { isCollated } from '../types/collations.ts';

const isCollatedExpr = (e: Expr): boolean => isCollated(e.dataType);
const isCompared = (e: Expr): boolean => needsOrderKey(e.dataType);

export function rewriteCollations(plan: LogicalPlan): LogicalPlan {
  let isNeeded = false;
  visitPlan(plan, (p) => {
    isNeeded ||=
      (p.kind === 'aggregate' && p.grouping.some((g) => hasMap(g.dataType))) ||
      outputOf(p).some(isCompared) ||
      exprsOfPlan(p).some((e) => contains(e, isCompared));
  });
  return isNeeded ? transformPlan(plan, rewritten) : plan;
}

const keyOf = (e: Expr): Expr => (isCollatedExpr(e) ? call('collationkey', e) : e);
const orderKeyOf = (e: Expr): Expr => call('orderkey', e);
const keyOrder = (o: SortOrder): SortOrder => (isCompared(o.child) ? { ...o, child: orderKeyOf(o.child) } : o);

function rewritten(plan: LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'aggregate':
      return grouped(mapPlanExprs(plan, inPlace) as Aggregate);
    case 'sort':
      return { ...plan, order: plan.order.map((o) => keyOrder({ ...o, child: inPlace(o.child) })) };
    case 'distinct': {
      const output = outputOf(plan.child);
      return output.some(isCollatedExpr) ? grouped({ kind: 'aggregate', child: plan.child, grouping: output, aggregates: output }) : plan;
    }
    case 'deduplicate': {
      if (!plan.keys.some(isCollatedExpr)) return plan;
      const keys = plan.keys.map((k) => (isCollatedExpr(k) ? aliasOf(keyOf(k), k.name) : k));
      const output = outputOf(plan.child);
      const child: LogicalPlan = {
        kind: 'project',
        child: plan.child,
        projectList: [...output, ...keys.filter((k) => k.kind === 'alias')],
      };
      return { kind: 'project', child: { ...plan, child, keys: keys.map(attributeOf) }, projectList: output };
    }
    case 'intersect':
    case 'except':
      return outputOf(plan.left).some(isCollatedExpr) ? setOperation(plan) : plan;
    case 'repartition': {
      const made = mapPlanExprs(plan, inPlace) as typeof plan;
      return { ...made, expressions: made.expressions.map(keyOf), ...(made.order && { order: made.order.map(keyOrder) }) };
    }
    default:
      return mapPlanExprs(plan, inPlace);
  }
}

/** An expression whose comparisons are of keys. */
const inPlace = (e: Expr): Expr => transformUp(e, one);

function one(e: Expr): Expr {
  switch (e.kind) {
    case 'call': {
      if (ORDERED.has(e.spec.name)) return e.args.some(isCompared) ? { ...e, args: e.args.map(orderKeyOf) } : e;
      if (!e.args.some(isCollatedExpr) && !ordersByKey(e.spec, e.args)) return e;
      if (COMPARED.has(e.spec.name)) return { ...e, args: e.args.map(keyOf) };
      const spec = collatedSpec(e.spec, e.args);
      return spec === e.spec ? e : { ...e, spec };
    }
    case 'aggregateCall': {
      const order = e.order?.map(keyOrder);
      const made = order === undefined ? e : { ...e, order };
      if (/^(min_by|max_by)$/.test(e.spec.name))
        return { ...made, args: [e.args[0]!, isCompared(e.args[1]!) ? orderKeyOf(e.args[1]!) : e.args[1]!, ...e.args.slice(2)] };
      if (!e.args.some(isCompared)) return made;
      if (/^(min|max)$/.test(e.spec.name)) return { ...made, spec: extremeByKey(e.spec) };
      if (!e.args.some(isCollatedExpr)) return made;
      if (/^(count|approx_count_distinct)$/.test(e.spec.name) && (e.isDistinct || e.spec.name !== 'count'))
        return { ...made, args: e.args.map(keyOf) };
      return made;
    }
    case 'window':
      return { ...e, partition: e.partition.map(keyOf), order: e.order.map(keyOrder) };
    case 'inSubquery': {
      const output = outputOf(e.plan);
      if (!output.some(isCollatedExpr)) return e;
      const projectList = output.map((a) => (isCollatedExpr(a) ? aliasOf(keyOf(a), a.name) : a));
      return { ...e, values: e.values.map(keyOf), plan: { kind: 'project', child: e.plan, projectList } };
    }
    default:
      return e;
  }
}

/** Groups by keys: what the list has of the groups is the first row's text; a map that is its own key is shown as that. */
function grouped(plan: Aggregate): LogicalPlan {
  const keyed = plan.grouping.filter((g) => needsKey(g.dataType));
  if (keyed.length === 0) return plan;
  const keys = new Map(keyed.map((g) => [exprKey(g), aliasOf(call('collationkey', g), 'key')]));
  const shown = (e: Expr): Expr => (isCollatedExpr(e) ? call('first', e) : attributeOf(keys.get(exprKey(e))!));
  const replaced = (e: Expr): Expr => {
    if (e.kind === 'aggregateCall') return e;
    if (keys.has(exprKey(e)) && e.kind !== 'alias') return shown(e);
    return mapChildren(e, replaced);
  };
  const aggregates = plan.aggregates.map((a): NamedExpr => {
    if (a.kind === 'alias') return { ...a, child: replaced(a.child) };
    if (!keys.has(exprKey(a))) return a;
    const { exprId, name, qualifier, metadata } = a;
    return { ...aliasOf(shown(a), name, { exprId, ...(metadata && { metadata }) }), qualifier, nullable: a.nullable };
  });
  const child: LogicalPlan = { kind: 'project', child: plan.child, projectList: [...outputOf(plan.child), ...keys.values()] };
  const grouping = plan.grouping.map((g) => (keys.has(exprKey(g)) ? attributeOf(keys.get(exprKey(g))!) : g));
  return { ...plan, child, grouping, aggregates };
}

/** As joins of equal keys; with ALL the n-th of equal rows on one side meets the n-th of the other. */
function setOperation({ kind, left, right, isAll }: SetOperation): LogicalPlan {
  const [l, r] = [isAll ? numbered(left) : left, isAll ? numbered(right) : right];
  const width = outputOf(left).length + (isAll ? 1 : 0);
  const [of, to] = [outputOf(l).slice(0, width), outputOf(r)];
  const condition = allOf(of.map((a, i) => inPlace(call('<=>', a, to[i]!))))!;
  const joinType = kind === 'intersect' ? 'leftSemi' : 'leftAnti';
  const join: LogicalPlan = { kind: 'join', left: l, right: r, joinType, condition };
  if (isAll) {
    const firsts = outputOf(l).slice(width);
    const projectList = outputOf(left).map((a) => (isCollatedExpr(a) ? aliasOf(firsts.shift()!, a.name, { exprId: a.exprId }) : a));
    return { kind: 'project', child: join, projectList };
  }
  return rewritten({ kind: 'distinct', child: join });
}

/** Beside its columns: a row's number among equal ones, and of each text the first among them. */
function numbered(child: LogicalPlan): LogicalPlan {
  const output = outputOf(child);
  const over = (fn: Expr, isWhole: boolean): Expr => ({
    kind: 'window',
    function: fn as WindowCall | AggregateCall,
    partition: output.map(keyOf),
    order: [],
    frame: { type: 'rows', lower: { tag: 'unboundedPreceding' }, upper: { tag: isWhole ? 'unboundedFollowing' : 'currentRow' } },
    dataType: fn.dataType,
    nullable: fn.nullable,
  });
  const windows = [aliasOf(over(call('row_number'), false), 'n')];
  for (const a of output) if (isCollatedExpr(a)) windows.push(aliasOf(over(call('first', a), true), a.name));
  return { kind: 'window', child, windows };
}

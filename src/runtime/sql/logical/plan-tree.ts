// Walking and rewriting resolved plans: children, the expressions of a node, subqueries' plans; and the same plan with ids of its own.
// Expressions alone: tree.ts. Source: QueryPlan.transformExpressions and DeduplicateRelations of Spark 4.2.
import { type Attribute, type Expr, type ExprId, type NamedExpr, nextExprId, type SortOrder } from './expressions.ts';
import { childrenOf, type LogicalPlan } from './plans.ts';
import { childrenOfExpr, mapChildren } from './tree.ts';

/** The same node when no child changed. */
export function mapPlanChildren(plan: LogicalPlan, f: (child: LogicalPlan) => LogicalPlan): LogicalPlan {
  if (plan.kind === 'withCte') {
    const definitions = plan.definitions.map((d) => {
      const [body, step] = [f(d.plan), d.recursion && f(d.recursion.plan)];
      if (body === d.plan && step === d.recursion?.plan) return d;
      return { ...d, plan: body, ...(d.recursion && { recursion: { ...d.recursion, plan: step! } }) };
    });
    const child = f(plan.child);
    return child === plan.child && definitions.every((d, i) => d === plan.definitions[i]) ? plan : { ...plan, child, definitions };
  }
  if ('child' in plan) {
    const child = f(plan.child);
    return child === plan.child ? plan : { ...plan, child };
  }
  if ('children' in plan) {
    const children = plan.children.map(f);
    return children.every((c, i) => c === plan.children[i]) ? plan : { ...plan, children };
  }
  if ('left' in plan) {
    const [left, right] = [f(plan.left), f(plan.right)];
    return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
  }
  return plan;
}

/** Every expression that stands in the node itself; the same node when none changed. */
export function mapPlanExprs(plan: LogicalPlan, f: (e: Expr) => Expr): LogicalPlan {
  const list = <E extends Expr>(es: readonly E[]): readonly E[] => {
    const out = es.map(f) as E[];
    return out.every((e, i) => e === es[i]) ? es : out;
  };
  const orders = (os: readonly SortOrder[]): readonly SortOrder[] => {
    const out = os.map((o) => {
      const child = f(o.child);
      return child === o.child ? o : { ...o, child };
    });
    return out.every((o, i) => o === os[i]) ? os : out;
  };
  const changed = <P extends LogicalPlan>(p: P, parts: Partial<P>): P =>
    Object.entries(parts).every(([key, value]) => p[key as keyof P] === value) ? p : { ...p, ...parts };
  switch (plan.kind) {
    case 'project':
      return changed(plan, { projectList: list(plan.projectList) });
    case 'filter':
      return changed(plan, { condition: f(plan.condition) });
    case 'aggregate':
      return changed(plan, { grouping: list(plan.grouping), aggregates: list(plan.aggregates) });
    case 'window':
      return changed(plan, { windows: list(plan.windows as readonly NamedExpr[]) as typeof plan.windows });
    case 'expand': {
      const projections = plan.projections.map(list);
      return projections.every((p, i) => p === plan.projections[i]) ? plan : { ...plan, projections };
    }
    case 'evalAsync':
      return changed(plan, { calls: list(plan.calls) });
    case 'generate':
      return changed(plan, { generator: f(plan.generator) as typeof plan.generator });
    case 'sort':
      return changed(plan, { order: orders(plan.order) });
    case 'limit':
    case 'tail':
      return changed(plan, { limit: f(plan.limit) });
    case 'offset':
      return changed(plan, { offset: f(plan.offset) });
    case 'deduplicate':
      return changed(plan, { keys: list(plan.keys) });
    case 'repartition':
      return changed(plan, { expressions: list(plan.expressions), ...(plan.order && { order: orders(plan.order) }) });
    case 'join':
      return plan.condition === undefined ? plan : changed(plan, { condition: f(plan.condition) });
    case 'scan':
      return plan.pushedFilters === undefined ? plan : changed(plan, { pushedFilters: list(plan.pushedFilters) });
    case 'localRelation': {
      const rows = plan.rows.map((row) => list(row));
      return rows.every((row, i) => row === plan.rows[i]) ? plan : { ...plan, rows };
    }
    default:
      return plan;
  }
}

/** The expressions of the node itself, in order. */
export function exprsOfPlan(plan: LogicalPlan): readonly Expr[] {
  switch (plan.kind) {
    case 'project':
      return plan.projectList;
    case 'filter':
      return [plan.condition];
    case 'aggregate':
      return [...plan.grouping, ...plan.aggregates];
    case 'window':
      return plan.windows as readonly NamedExpr[];
    case 'expand':
      return plan.projections.flat();
    case 'evalAsync':
      return plan.calls;
    case 'generate':
      return [plan.generator];
    case 'sort':
      return plan.order.map((o) => o.child);
    case 'limit':
    case 'tail':
      return [plan.limit];
    case 'offset':
      return [plan.offset];
    case 'deduplicate':
      return plan.keys;
    case 'repartition':
      return [...plan.expressions, ...(plan.order ?? []).map((o) => o.child)];
    case 'join':
      return plan.condition === undefined ? [] : [plan.condition];
    case 'scan':
      return plan.pushedFilters ?? [];
    case 'localRelation':
      return plan.rows.flat();
    default:
      return [];
  }
}

/** Subqueries' plans are rewritten by `f`. */
export function mapSubqueries(e: Expr, f: (plan: LogicalPlan) => LogicalPlan): Expr {
  const mapped = mapChildren(e, (c) => mapSubqueries(c, f));
  if (mapped.kind !== 'scalarSubquery' && mapped.kind !== 'exists' && mapped.kind !== 'inSubquery') return mapped;
  const plan = f(mapped.plan);
  return plan === mapped.plan ? mapped : { ...mapped, plan };
}

/** Children first, subqueries' plans too. */
export function transformPlan(plan: LogicalPlan, f: (plan: LogicalPlan) => LogicalPlan): LogicalPlan {
  const inside = mapPlanChildren(plan, (c) => transformPlan(c, f));
  const hasSubqueries = exprsOfPlan(inside).some(hasSubquery);
  return f(hasSubqueries ? mapPlanExprs(inside, (e) => mapSubqueries(e, (p) => transformPlan(p, f))) : inside);
}

export const hasSubquery = (e: Expr): boolean => 'plan' in e || childrenOfExpr(e).some(hasSubquery);

/** Every node of a plan and of the subqueries in it; children first. */
export function visitPlan(plan: LogicalPlan, f: (plan: LogicalPlan) => void): void {
  if (plan.kind === 'withCte')
    for (const { plan: body, recursion } of plan.definitions) {
      visitPlan(body, f);
      if (recursion !== undefined) visitPlan(recursion.plan, f);
    }
  for (const child of childrenOf(plan)) visitPlan(child, f);
  for (const e of exprsOfPlan(plan)) visitSubqueries(e, f);
  f(plan);
}

function visitSubqueries(e: Expr, f: (plan: LogicalPlan) => void): void {
  for (const child of childrenOfExpr(e)) visitSubqueries(child, f);
  if ('plan' in e) visitPlan(e.plan, f);
}

/** The same plan whose columns have ids that nothing else has: the second use of a table in one query. */
export function freshIds(plan: LogicalPlan): LogicalPlan {
  const ids = new Map<ExprId, ExprId>();
  const make = (id: ExprId): ExprId => {
    let fresh = ids.get(id);
    if (fresh === undefined) ids.set(id, (fresh = nextExprId()));
    return fresh;
  };
  visitPlan(plan, (p) => {
    for (const id of madeBy(p)) make(id);
  });
  const again = (e: Expr): Expr => {
    const inside = mapChildren(e, again);
    if (inside.kind === 'attribute' || inside.kind === 'alias')
      return ids.has(inside.exprId) ? { ...inside, exprId: ids.get(inside.exprId)! } : inside;
    if (inside.kind === 'outer') return { ...inside, attribute: again(inside.attribute) as Attribute };
    return inside;
  };
  const attributes = <A extends readonly Attribute[]>(as: A): A => as.map((a) => again(a) as Attribute) as unknown as A;
  return transformPlan(plan, (p) => {
    const q = mapPlanExprs(p, again);
    switch (q.kind) {
      case 'generate':
        return { ...q, generatorOutput: attributes(q.generatorOutput) };
      case 'scan':
        return { ...q, output: attributes(q.output), partitionColumns: attributes(q.partitionColumns) };
      case 'cteRef':
        return { ...q, output: attributes(q.output), source: attributes(q.source) };
      case 'withCte':
        return { ...q, definitions: q.definitions.map((d) => ({ ...d, output: attributes(d.output) })) };
      case 'union':
        return { ...q, output: attributes(q.output) };
      case 'join':
        return q.exists === undefined ? q : { ...q, exists: again(q.exists) as Attribute };
      case 'localRelation':
      case 'kernelTable':
      case 'range':
      case 'expand':
        return { ...q, output: attributes(q.output as readonly Attribute[]) } as LogicalPlan;
      default:
        return q;
    }
  });
}

/** Ids that a node makes, besides those of its children. */
function madeBy(plan: LogicalPlan): readonly ExprId[] {
  switch (plan.kind) {
    case 'project':
      return aliasIds(plan.projectList);
    case 'aggregate':
      return aliasIds(plan.aggregates);
    case 'window':
      return aliasIds(plan.windows as readonly NamedExpr[]);
    case 'evalAsync':
      return aliasIds(plan.calls);
    case 'generate':
      return plan.generatorOutput.map((a) => a.exprId);
    case 'join':
      return plan.exists === undefined ? [] : [plan.exists.exprId];
    case 'withCte':
      return plan.definitions.flatMap((d) => d.output.map((a) => a.exprId));
    case 'localRelation':
    case 'kernelTable':
    case 'range':
    case 'scan':
    case 'expand':
    case 'union':
    case 'cteRef':
      return plan.output.map((a) => a.exprId);
    default:
      return [];
  }
}

const aliasIds = (list: readonly NamedExpr[]): ExprId[] => list.filter((e) => e.kind === 'alias').map((e) => e.exprId);

/** Children first; subqueries' plans are not entered. */
export const transformPlanUp = (plan: LogicalPlan, f: (plan: LogicalPlan) => LogicalPlan): LogicalPlan =>
  f(mapPlanChildren(plan, (child) => transformPlanUp(child, f)));

/** Columns of the queries around that a subquery's plan refers to. */
export function outerIn(plan: LogicalPlan): readonly Attribute[] {
  const found: Attribute[] = [];
  const look = (e: Expr): void => {
    if (e.kind === 'outer') found.push(e.attribute);
    if ('plan' in e) visit(e.plan);
    for (const c of childrenOfExpr(e)) look(c);
  };
  // From the top down, as Spark names them.
  const visit = (p: LogicalPlan): LogicalPlan => {
    exprsOfPlan(p).forEach(look);
    return mapPlanChildren(p, visit);
  };
  visit(plan);
  return found;
}

// What rules share: putting expressions in the place of attributes, which expressions may move, and one text for equal expressions.
import { Emitter } from '../emit/emitter.ts';
import type { Alias, Attribute, Expr, ExprId, NamedExpr } from '../logical/expressions.ts';
import { attributeOf, isAsync } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { exprsOfPlan, mapPlanExprs, visitPlan } from '../logical/plan-tree.ts';
import { childrenOfExpr, contains, mapChildren } from '../logical/tree.ts';

/** Attributes by id → expressions; in subqueries' plans their outer references. */
export function substitute(e: Expr, by: ReadonlyMap<ExprId, Expr>): Expr {
  if (e.kind === 'attribute') return by.get(e.exprId) ?? e;
  return mapChildren(e, (child) => substitute(child, by));
}

/** What a select list makes, by id. */
export const meaningsOf = (list: readonly NamedExpr[]): Map<ExprId, Expr> =>
  new Map(list.map((e) => [e.exprId, e.kind === 'alias' ? e.child : e]));

export const isDeterministic = (e: Expr): boolean =>
  !contains(e, (x) => (x.kind === 'call' && x.spec.deterministic === false) || (x.kind === 'udf' && !x.deterministic));

export const hasSubqueryIn = (e: Expr): boolean =>
  contains(e, (x) => x.kind === 'scalarSubquery' || x.kind === 'exists' || x.kind === 'inSubquery');

/** Columns and constants: nobody sees whether they are computed. */
export const cannotFail = (e: Expr): boolean => e.kind === 'literal' || e.kind === 'attribute';

const MOVABLE = new WeakMap<Expr, boolean>();
/** May be computed elsewhere, more often or less often. What gives promises is not: it costs too much. */
export function isMovable(e: Expr): boolean {
  let is = MOVABLE.get(e);
  if (is === undefined) MOVABLE.set(e, (is = isMovableItself(e) && childrenOfExpr(e).every(isMovable)));
  return is;
}

function isMovableItself(e: Expr): boolean {
  switch (e.kind) {
    case 'call':
      return e.spec.deterministic !== false;
    case 'udf':
      return e.deterministic && !isAsync(e);
    case 'scalarSubquery':
    case 'exists':
    case 'inSubquery':
    case 'aggregateCall':
    case 'window':
    case 'generator':
      return false;
    default:
      return true;
  }
}

/** Ids of attributes of this query that an expression needs, those of its subqueries' outer references too. */
export function referencesOf(e: Expr): readonly ExprId[] {
  const ids: ExprId[] = [];
  const visit = (x: Expr): void => {
    if (x.kind === 'attribute') ids.push(x.exprId);
    else if (x.kind === 'outer') ids.push(x.attribute.exprId);
    if ('plan' in x) visitPlan((x as { plan: LogicalPlan }).plan, (p) => exprsOfPlan(p).forEach(outerIn));
    childrenOfExpr(x).forEach(visit);
  };
  const outerIn = (x: Expr): void => {
    if (x.kind === 'outer') ids.push(x.attribute.exprId);
    childrenOfExpr(x).forEach(outerIn);
  };
  visit(e);
  return ids;
}

export const isWithin = (e: Expr, ids: ReadonlySet<ExprId>): boolean => referencesOf(e).every((id) => ids.has(id));
export const idsOf = (plan: LogicalPlan): ReadonlySet<ExprId> => new Set(outputOf(plan).map((a) => a.exprId));

const TEXTS = new WeakMap<Expr, string>();
/** Equal for expressions that mean the same: the kernel's text. */
export function textOf(e: Expr): string {
  let text = TEXTS.get(e);
  if (text === undefined) {
    text = new Emitter({ ansi: true, timeZone: 'UTC', get: () => undefined }).emit(e);
    TEXTS.set(e, text);
  }
  return text;
}

/** The plan with exactly these columns. */
export const projected = (child: LogicalPlan, projectList: readonly NamedExpr[]): LogicalPlan => ({ kind: 'project', child, projectList });
export const outerToInner = (e: Expr): Expr => (e.kind === 'outer' ? e.attribute : mapChildren(e, outerToInner));
export const hasOuterIn = (e: Expr): boolean => contains(e, (x) => x.kind === 'outer');
export type { Alias, Attribute };
export { attributeOf, mapPlanExprs };

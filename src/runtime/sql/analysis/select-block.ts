// A SELECT that can still grow: its list over its input, with what HAVING, ORDER BY and QUALIFY need besides. `planOf` makes operators of it:
// Aggregate, Filter (HAVING), Window, Generate, Filter (QUALIFY), Project. Source: ExtractWindowExpressions, ExtractGenerator,
// ResolveAggregateFunctions of Spark 4.2. What may stand where is checked in check-aggregate.ts.
import { aliasOf, type Attribute, attributeOf, type Expr, type NamedExpr } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { outerIn } from '../logical/plan-tree.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { contains, mapChildren } from '../logical/tree.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { parseMultipartIdentifier } from '../parser/parse.ts';
import { checkAggregates } from './check-aggregate.ts';
import { isGroupingCall } from './grouping-call.ts';
import { liftGenerators } from './lift-generators.ts';
import { liftWindows } from './lift-windows.ts';
import { unresolvedColumn } from './scope.ts';

export type SelectBlock = {
  /** What the list stands over. */
  readonly input: LogicalPlan;
  /** What names of the list see, layer by layer: below, for HAVING and ORDER BY. */
  readonly below: readonly (readonly Attribute[])[];
  readonly list: readonly NamedExpr[];
  /** Columns that only something above needs. */
  readonly extra: readonly NamedExpr[];
  /** undefined: no aggregate. Empty: one group of everything. */
  readonly grouping: readonly Expr[] | undefined;
  readonly having: readonly Expr[];
  readonly qualify: readonly Expr[];
  /** Grouping sets: what an expression over `below` is above the sets. */
  readonly above?: (e: Expr) => Expr;
  /** Grouping sets: the groups as they are below. */
  readonly keys?: readonly Expr[];
};

export const isAggregateCall = (e: Expr): boolean => e.kind === 'aggregateCall';
/** An aggregate that is no window's function. */
export const hasAggregate = (e: Expr): boolean => contains(e, isAggregateCall, { intoWindows: false });
const needsRows = (e: Expr): boolean => contains(e, (x) => x.kind === 'window' || x.kind === 'generator');

/** A list over an input: with aggregate functions and without grouping it makes one group of everything. */
export function selectBlock(input: LogicalPlan, list: readonly NamedExpr[], grouping?: readonly Expr[]): SelectBlock {
  const groups = grouping ?? (list.some(hasAggregate) ? [] : undefined);
  return { input, below: [outputOf(input)], list, extra: [], grouping: groups, having: [], qualify: [] };
}

/** What the list alone gives. */
export function planOf(block: SelectBlock): LogicalPlan {
  const plan = grownPlanOf(block);
  if (outputOf(plan).length === block.list.length) return plan;
  return { kind: 'project', child: plan, projectList: block.list.map(attributeOf) };
}

/** The list and what was put beside it. */
export function grownPlanOf(block: SelectBlock): LogicalPlan {
  const all = [...block.list, ...block.extra];
  const isAggregate = block.grouping !== undefined;
  const staged = block.having.length > 0 || block.qualify.length > 0 || all.some(needsRows);
  if (!staged && !isAggregate) return { kind: 'project', child: block.input, projectList: all };
  if (!staged) return aggregate(block, all);
  let later: readonly NamedExpr[] = all;
  let plan = block.input;
  if (isAggregate) {
    const below: NamedExpr[] = [];
    later = all.map((e) => (needsRows(e) ? (overAggregate(e, block.grouping!, below) as NamedExpr) : keep(e, below)));
    plan = aggregate(block, below);
  }
  for (const condition of block.having) plan = { kind: 'filter', child: plan, condition };
  // Windows see the rows that generators give, but not above groups; what a generator's own arguments need is computed below it.
  const below = liftWindows(plan, isAggregate ? later : later.filter((e) => contains(e, hasWindowInside)));
  if (below.exprs.length > 0) {
    const made = below.exprs as readonly NamedExpr[];
    later = later.map((e) => made.find((m) => m.exprId === e.exprId) ?? e);
  }
  const generated = liftGenerators(below.plan, later, isAggregate);
  const windowed = liftWindows(generated.plan, [...generated.list, ...block.qualify.map((e) => inlined(e, generated.list))]);
  plan = windowed.plan;
  for (const condition of windowed.exprs.slice(later.length)) plan = { kind: 'filter', child: plan, condition };
  return { kind: 'project', child: plan, projectList: windowed.exprs.slice(0, later.length) as readonly NamedExpr[] };
}

const hasWindowInside = (e: Expr): boolean => e.kind === 'generator' && contains(e, (x) => x.kind === 'window');

function aggregate(block: SelectBlock, aggregates: readonly NamedExpr[]): LogicalPlan {
  checkAggregates(aggregates, block.grouping!, block.input);
  return { kind: 'aggregate', child: block.input, grouping: block.grouping!, aggregates };
}

function keep(e: NamedExpr, below: NamedExpr[]): NamedExpr {
  below.push(e);
  return attributeOf(e);
}

/** Aggregates and grouping expressions inside become columns of the aggregate below. */
function overAggregate(e: Expr, grouping: readonly Expr[], below: NamedExpr[]): Expr {
  const keys = new Set(grouping.map(exprKey));
  const lift = (x: Expr): Expr => {
    if (x.kind === 'window') {
      // The function itself stays; only what stands in its arguments is computed below.
      const fn = mapChildren(x.function, lift) as typeof x.function;
      const rest = { partition: x.partition.map(lift), order: x.order.map((o) => ({ ...o, child: lift(o.child) })) };
      return { ...x, ...rest, function: fn };
    }
    if (x.kind === 'aggregateCall' || x.kind === 'attribute') return columnFor(x, below);
    if (keys.has(exprKey(x)) && x.kind !== 'literal') return columnFor(x, below);
    return mapChildren(x, lift);
  };
  return lift(e);
}

function columnFor(e: Expr, below: NamedExpr[]): Attribute {
  if (e.kind === 'attribute') {
    if (!below.some((b) => b.exprId === e.exprId)) below.push(e);
    return e;
  }
  const key = exprKey(e);
  const known = below.find((b) => b.kind === 'alias' && exprKey(b.child) === key);
  const column = known ?? aliasOf(e, prettySql(e));
  if (known === undefined) below.push(column);
  return attributeOf(column);
}

/** References to aliases of the same list → what they stand for. */
function inlined(e: Expr, aliases: readonly NamedExpr[]): Expr {
  if (e.kind === 'attribute') {
    const alias = aliases.find((a) => a.exprId === e.exprId);
    return alias?.kind === 'alias' ? alias.child : e;
  }
  return mapChildren(e, (c) => inlined(c, aliases));
}

/**
 * An expression above the SELECT, over its output and the columns below it → the same over the grown SELECT's output.
 * @returns the block with the columns that it needs besides
 */
export function liftInto(block: SelectBlock, e: Expr): { readonly block: SelectBlock; readonly expr: Expr } {
  const extra: NamedExpr[] = [];
  const keys = new Set(block.grouping?.map(exprKey));
  const known = () => [...block.list, ...block.extra, ...extra];
  const columnOf = (x: Expr): Attribute => {
    const key = exprKey(x);
    const there = known().find((n) => (n.kind === 'alias' ? exprKey(n.child) === key : exprKey(n) === key));
    if (there !== undefined) return attributeOf(there);
    const column = x.kind === 'attribute' ? x : aliasOf(x, prettySql(x));
    extra.push(column);
    return attributeOf(column);
  };
  const lift = (x: Expr): Expr => {
    if (x.kind === 'attribute') {
      if (known().some((n) => n.exprId === x.exprId)) return x;
      if (block.grouping !== undefined && !keys.has(exprKey(x))) throw notInResult(x, block);
      return columnOf(x);
    }
    if (x.kind === 'window') return columnOf(inlined(x, block.list));
    // A subquery's outer columns must come through.
    if ('plan' in x)
      for (const a of outerIn(x.plan)) if (keys.has(exprKey(a)) && !known().some((n) => n.exprId === a.exprId)) extra.push(a);
    if (x.kind === 'aggregateCall') return columnOf(inlined(x, block.list));
    if (x.kind !== 'literal' && keys.has(exprKey(x))) return columnOf(x);
    return mapChildren(x, lift);
  };
  if (block.above === undefined && contains(e, isGroupingCall))
    throw new AnalysisException('UNSUPPORTED_GROUPING_EXPRESSION', {}, e.origin);
  const expr = lift(block.above?.(e) ?? e);
  return { block: extra.length === 0 ? block : { ...block, extra: [...block.extra, ...extra] }, expr };
}

/** A column below an aggregate that is no group: above it, nothing has this name. */
function notInResult(a: Attribute, block: SelectBlock): AnalysisException {
  const name = a.origin === undefined ? [...a.qualifier, a.name] : parseMultipartIdentifier(a.origin.fragment);
  return unresolvedColumn(name, { attributes: block.list.map(attributeOf) }, a.origin);
}

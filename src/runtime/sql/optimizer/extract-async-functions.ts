// Calls of functions that give promises → an EvalAsync operator below the operator that has them: the kernel cannot wait for JavaScript inside of a
// text (../udf/async.ts). All rows of the operator's input are given to them, whatever CASE or AND around a call say. Not a rule of optimizer.ts: it
// holds for queries of one text, too. Source: ExtractPythonUDFs, ExtractPythonUDFFromAggregate of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { type Alias, aliasOf, type Attribute, attributeOf, type Expr, isAsync, type NamedExpr } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { exprsOfPlan, mapPlanExprs, transformPlan, transformPlanUp, visitPlan } from '../logical/plan-tree.ts';
import { type Aggregate, type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { attributesIn, childrenOfExpr, contains, mapChildren } from '../logical/tree.ts';
import { columnPruning } from './column-pruning.ts';
import { eliminateSubqueryAliases } from './eliminate-subquery-aliases.ts';
import { limitPushDown } from './limit-push-down.ts';
import { optimize } from './optimizer.ts';
import { pushDownPredicates } from './push-down-predicates.ts';
import type { Batch } from './rule.ts';
import { isDeterministic, meaningsOf, substitute } from './rule-tools.ts';

const hasAsync = (e: Expr): boolean => contains(e, isAsync);

/** The same plan when there are none. @throws AnalysisException NOT_BUILT where none can be evaluated */
export function extractAsyncFunctions(plan: LogicalPlan, settings: SessionSettings): LogicalPlan {
  let isNeeded = false;
  visitPlan(plan, (node) => {
    isNeeded ||= node.kind !== 'evalAsync' && exprsOfPlan(node).some(hasAsync);
  });
  if (!isNeeded) return plan;
  return transformPlan(optimize(plan, settings, BEFORE), (node) => (exprsOfPlan(node).some(hasAsync) ? extracted(node) : node));
}

/** Rows that nobody asks for are not given to them: what takes rows or columns away comes first. The kernel's own optimiser comes too late. */
const BEFORE: readonly Batch[] = [
  { name: 'Finish Analysis', most: 1, rules: [eliminateSubqueryAliases] },
  { name: 'Take rows away first', most: 100, rules: [pushDownPredicates, limitPushDown, { name: 'TopNBelowAsync', apply: topBelow }] },
  { name: 'Column Pruning', most: 1, rules: [columnPruning] },
];

/** The first rows of a sort by columns that were there before. */
function topBelow(plan: LogicalPlan): LogicalPlan {
  return transformPlanUp(plan, (node) => {
    if (node.kind !== 'limit' || node.child.kind !== 'sort' || node.child.child.kind !== 'project') return node;
    const [sort, project] = [node.child, node.child.child];
    const meanings = meaningsOf(project.projectList);
    const order = sort.order.map((o) => ({ ...o, child: substitute(o.child, meanings) }));
    if (!project.projectList.some(hasAsync) || !project.projectList.every(isDeterministic) || order.some((o) => hasAsync(o.child)))
      return node;
    return { ...project, child: { ...node, child: { ...sort, order, child: project.child } } };
  });
}

/** Innermost calls first: what they give may be another's argument. */
function extracted(node: LogicalPlan): LogicalPlan {
  if (node.kind === 'evalAsync') return node;
  if (node.kind === 'aggregate' && isOverGroups(node)) return ofGroups(node);
  if (node.kind === 'join') return ofJoin(node);
  if (!('child' in node) || node.kind === 'withCte') throw notHere(node);
  const calls = new Map<string, Alias>();
  const changed = mapPlanExprs(node, (e) => replaced(e, calls)) as typeof node;
  const child: LogicalPlan = { kind: 'evalAsync', child: node.child, calls: [...calls.values()] };
  const made = again({ ...changed, child } as LogicalPlan);
  return sameOutput(made, outputOf(node));
}
const again = (node: LogicalPlan): LogicalPlan => (exprsOfPlan(node).some(hasAsync) ? extracted(node) : node);

/** Operators that hand on their child's columns must not hand on the results. */
function sameOutput(plan: LogicalPlan, output: readonly Attribute[]): LogicalPlan {
  return outputOf(plan).length === output.length ? plan : { kind: 'project', child: plan, projectList: output };
}

/** Calls whose arguments hold no other become columns. */
function replaced(e: Expr, calls: Map<string, Alias>): Expr {
  if (!isAsync(e) || e.args.some(hasAsync)) return mapChildren(e, (c) => replaced(c, calls));
  const bad = e.args.find((a) => contains(a, (x) => x.kind === 'lambdaVariable' || x.kind === 'outer' || x.kind === 'aggregateCall'));
  if (bad !== undefined)
    throw new AnalysisException(
      'NOT_BUILT',
      { feature: `The async function ${e.name} inside of a lambda or a correlated subquery` },
      e.origin,
    );
  const key = `${exprKey(e)}${e.deterministic ? '' : ` ${calls.size}`}`;
  let alias = calls.get(key);
  if (alias === undefined) calls.set(key, (alias = aliasOf(e, e.name)));
  return attributeOf(alias);
}

/** Whether a call is made for each group: neither inside of an aggregate function nor of what is grouped by. */
function isOverGroups({ grouping, aggregates }: Aggregate): boolean {
  const keys = new Set(grouping.map(exprKey));
  const isOne = (e: Expr): boolean => {
    if (e.kind === 'aggregateCall' || keys.has(exprKey(e))) return false;
    return isAsync(e) || childrenOfExpr(e).some(isOne);
  };
  return aggregates.some(isOne);
}

/** The aggregate without them, and a projection with them on top. */
function ofGroups(node: Aggregate): LogicalPlan {
  const below = new Map<string, NamedExpr>();
  const named = (e: Expr): Expr => {
    const key = exprKey(e);
    let made = below.get(key);
    if (made === undefined) below.set(key, (made = e.kind === 'attribute' ? e : aliasOf(e, '')));
    return attributeOf(made);
  };
  const keys = new Set(node.grouping.map(exprKey));
  const above = (e: Expr): Expr => {
    if (e.kind === 'aggregateCall' || (e.kind !== 'literal' && keys.has(exprKey(e)))) return named(e);
    return mapChildren(e, above);
  };
  const list = node.aggregates.map((e): NamedExpr => (e.kind === 'alias' ? { ...e, child: above(e.child) } : (above(e) as Attribute)));
  const child = again({ kind: 'aggregate', child: node.child, grouping: node.grouping, aggregates: [...below.values()] });
  return again({ kind: 'project', child, projectList: list });
}

/** Below the side whose columns they are given. */
function ofJoin(node: Join): LogicalPlan {
  const calls = new Map<string, Alias>();
  const condition = node.condition && replaced(node.condition, calls);
  const sides = { left: [] as Alias[], right: [] as Alias[] };
  const [l, r] = [new Set(outputOf(node.left).map((a) => a.exprId)), new Set(outputOf(node.right).map((a) => a.exprId))];
  for (const call of calls.values()) {
    const ids = attributesIn(call.child).map((a) => a.exprId);
    if (ids.every((id) => l.has(id))) sides.left.push(call);
    else if (ids.every((id) => r.has(id))) sides.right.push(call);
    else
      throw new AnalysisException(
        'NOT_BUILT',
        {
          feature: `The async function ${call.name} over columns of both sides in a join's condition (compute it in a select() after a crossJoin())`,
        },
        call.child.origin,
      );
  }
  const over = (child: LogicalPlan, own: readonly Alias[]): LogicalPlan =>
    own.length === 0 ? child : { kind: 'evalAsync', child, calls: own };
  const made = again({ ...node, left: over(node.left, sides.left), right: over(node.right, sides.right), condition });
  return sameOutput(made, outputOf(node));
}

const notHere = (node: LogicalPlan): AnalysisException =>
  new AnalysisException('NOT_BUILT', { feature: `An async function in ${node.kind === 'localRelation' ? 'VALUES' : `a ${node.kind}`}` });

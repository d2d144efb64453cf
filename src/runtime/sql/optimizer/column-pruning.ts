// Only the columns that somebody above needs: scans read fewer, exchanges carry fewer. Source: ColumnPruning of Spark 4.2.
import type { Expr, ExprId, NamedExpr } from '../logical/expressions.ts';
import { attributeOf } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf, type Scan } from '../logical/plans.ts';
import { exprsOfPlan, hasSubquery, mapPlanChildren, mapPlanExprs, transformPlanUp } from '../logical/plan-tree.ts';
import { mapChildren } from '../logical/tree.ts';
import { isDeterministic, projected, referencesOf } from './rule-tools.ts';
import type { Rule } from './rule.ts';

type Ids = ReadonlySet<ExprId>;
const idsIn = (es: readonly Expr[]): ExprId[] => es.flatMap(referencesOf);
const all = (plan: LogicalPlan): Ids => new Set(outputOf(plan).map((a) => a.exprId));

/** @returns a plan with at least the wanted columns */
function pruned(plan: LogicalPlan, wanted: Ids): LogicalPlan {
  switch (plan.kind) {
    case 'project': {
      const list = plan.projectList.filter((e) => wanted.has(e.exprId) || !isDeterministic(e));
      return { ...plan, projectList: list, child: pruned(plan.child, new Set(idsIn(list))) };
    }
    case 'aggregate': {
      const kept = plan.aggregates.filter((e) => wanted.has(e.exprId));
      // Without keys and aggregates there would be a row for each row.
      const list = kept.length === 0 ? plan.aggregates.slice(0, 1) : kept;
      return { ...plan, aggregates: list, child: pruned(plan.child, new Set(idsIn([...plan.grouping, ...list]))) };
    }
    case 'scan':
      return scan(plan, wanted);
    case 'filter':
    case 'sort':
    case 'repartition':
    case 'evalAsync':
    case 'generate':
      return { ...plan, child: pruned(plan.child, new Set([...wanted, ...idsIn(exprsOfPlan(plan))])) } as LogicalPlan;
    case 'window': {
      const windows = plan.windows.filter((w) => wanted.has(attributeOf(w as NamedExpr).exprId));
      if (windows.length === 0) return pruned(plan.child, wanted);
      return { ...plan, windows, child: pruned(plan.child, new Set([...wanted, ...idsIn(windows as readonly Expr[])])) };
    }
    case 'limit':
    case 'offset':
    case 'tail':
    case 'sample':
    case 'hint':
    case 'subqueryAlias':
      return { ...plan, child: narrowed(plan.child, wanted) } as LogicalPlan;
    case 'join': {
      if (plan.isLateral) return mapPlanChildren(plan, (child) => pruned(child, all(child)));
      const needed = new Set([...wanted, ...idsIn(exprsOfPlan(plan))]);
      return { ...plan, left: narrowed(plan.left, needed), right: narrowed(plan.right, needed) };
    }
    case 'union': {
      const places = plan.output.map((a, i) => (wanted.has(a.exprId) ? i : -1)).filter((i) => i >= 0);
      if (places.length === plan.output.length || places.length === 0) return mapPlanChildren(plan, (child) => pruned(child, all(child)));
      const children = plan.children.map((child) => {
        const list = places.map((i) => outputOf(child)[i]!);
        return projected(pruned(child, new Set(list.map((a) => a.exprId))), list);
      });
      return { ...plan, children, output: places.map((i) => plan.output[i]!) };
    }
    default:
      return mapPlanChildren(plan, (child) => pruned(child, all(child)));
  }
}

/** Exactly the wanted ones: a column that only a filter below needed goes no further. */
function narrowed(plan: LogicalPlan, wanted: Ids): LogicalPlan {
  const made = pruned(plan, wanted);
  const output = outputOf(made);
  const kept = output.filter((a) => wanted.has(a.exprId));
  return kept.length === output.length || made.kind === 'project' || kept.length === 0 ? made : projected(made, kept);
}

/** Partition columns cost nothing; `columns` and their attributes go together. */
function scan(plan: Scan, wanted: Ids): LogicalPlan {
  const filters = new Set([...wanted, ...idsIn(plan.pushedFilters ?? [])]);
  const kept = plan.columns.map((_, i) => i).filter((i) => filters.has(plan.output[i]!.exprId));
  if (kept.length === plan.columns.length) return plan;
  const output = [...kept.map((i) => plan.output[i]!), ...plan.output.slice(plan.columns.length)];
  return { ...plan, output, columns: kept.map((i) => plan.columns[i]!) };
}

/** Subqueries' plans give what their queries read of them: of EXISTS no column. */
const withSubqueriesPruned = (plan: LogicalPlan): LogicalPlan =>
  transformPlanUp(plan, (node) => mapPlanExprs(node, (e) => (hasSubquery(e) ? inSubqueries(e) : e)));

function inSubqueries(e: Expr): Expr {
  const mapped = mapChildren(e, inSubqueries);
  if (mapped.kind === 'exists') return { ...mapped, plan: pruned(withSubqueriesPruned(mapped.plan), new Set()) };
  if (mapped.kind !== 'scalarSubquery' && mapped.kind !== 'inSubquery') return mapped;
  return { ...mapped, plan: pruned(withSubqueriesPruned(mapped.plan), all(mapped.plan)) };
}

export const columnPruning: Rule = { name: 'ColumnPruning', apply: (plan) => pruned(withSubqueriesPruned(plan), all(plan)) };

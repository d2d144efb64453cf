// Files of partitions that no row of the answer can come from are left out of scans: conditions over partition columns alone are computed on the
// partitions' values first, and values that a bucket's column must have say which buckets are read. Runs before a query is put into text or stages. Source: PruneFileSourcePartitions of Spark 4.2.
import type { Expr, ExprId } from '../logical/expressions.ts';
import { allOf, conjunctsOf } from '../logical/conjuncts.ts';
import { childrenOf, type LogicalPlan, type Scan } from '../logical/plans.ts';
import { mapChildren } from '../logical/tree.ts';
import { mapPlanChildren } from '../logical/plan-tree.ts';
import { partitionValues } from './partition-values.ts';
import { inferredFrom } from './infer-filters-from-constraints.ts';
import { type Compute, pruneBuckets } from './prune-buckets.ts';
import { idsOf, isMovable, isWithin, meaningsOf, substitute } from './rule-tools.ts';

/** @returns the plan itself when nothing can be left out */
export async function prunePartitions(plan: LogicalPlan, compute: Compute): Promise<LogicalPlan> {
  if (!hasParts(plan)) return plan;
  const wanted = new Map<Scan, readonly Expr[]>();
  find(plan, [], wanted);
  const pruned = new Map<LogicalPlan, Scan>();
  for (const [scan, conditions] of wanted) {
    const fewer = await pruneBuckets(await prune(scan, conditions, compute), conditions, compute);
    if (fewer !== scan) pruned.set(scan, fewer);
  }
  const replace = (p: LogicalPlan): LogicalPlan => pruned.get(p) ?? mapPlanChildren(p, replace);
  return pruned.size === 0 ? plan : replace(plan);
}

const isInParts = (scan: Scan): boolean => scan.partitionColumns.length > 0 || scan.buckets !== undefined;
const hasParts = (plan: LogicalPlan): boolean =>
  (plan.kind === 'scan' && isInParts(plan)) ||
  (plan.kind === 'withCte' && plan.definitions.some((d) => hasParts(d.plan))) ||
  childrenOf(plan).some(hasParts);

/** Scans with the conditions that every row of theirs must meet. */
function find(plan: LogicalPlan, conditions: readonly Expr[], found: Map<Scan, readonly Expr[]>): void {
  switch (plan.kind) {
    case 'filter':
      return find(plan.child, [...conditions, ...conjunctsOf(plan.condition).filter(isMovable)], found);
    case 'subqueryAlias':
    case 'hint':
    case 'sort':
    case 'repartition':
      return find(plan.child, conditions, found);
    case 'project': {
      const meanings = meaningsOf(plan.projectList);
      return find(plan.child, conditions.map((e) => substitute(e, meanings)).filter(isMovable), found);
    }
    case 'join': {
      const own = plan.joinType === 'inner' || plan.joinType === 'cross' ? conjunctsOf(plan.condition).filter(isMovable) : [];
      const direct = [...conditions, ...own];
      const all = [...direct, ...inferredFrom(direct)];
      const [left, right] = [idsOf(plan.left), idsOf(plan.right)];
      const keepsLeft = plan.joinType !== 'rightOuter' && plan.joinType !== 'fullOuter';
      const keepsRight = plan.joinType === 'inner' || plan.joinType === 'cross' || plan.joinType === 'rightOuter';
      find(plan.left, keepsLeft ? all.filter((e) => isWithin(e, left)) : [], found);
      return find(plan.right, keepsRight ? all.filter((e) => isWithin(e, right)) : [], found);
    }
    case 'scan': {
      const useful = conditions.filter((e) => isWithin(e, idsOf(plan)));
      if (isInParts(plan) && useful.length > 0) found.set(plan, useful);
      return;
    }
    default:
      mapPlanChildren(plan, (child) => {
        find(child, [], found);
        return child;
      });
  }
}

/** A field of a struct that is made on the spot is the value itself: of `_metadata`, one that the file says. */
function withoutStructs(e: Expr): Expr {
  const made = mapChildren(e, withoutStructs);
  if (made.kind !== 'getField' || made.child.kind !== 'call' || made.child.spec.name !== 'named_struct') return made;
  return made.child.args[2 * made.ordinal + 1]!;
}

async function prune(scan: Scan, all: readonly Expr[], compute: Compute): Promise<Scan> {
  const ids: ReadonlySet<ExprId> = new Set(
    scan.partitionColumns.filter((_, i) => scan.fileColumns?.[i] !== 'rowIndex').map((a) => a.exprId),
  );
  const conditions = all.map(withoutStructs).filter((e) => isWithin(e, ids));
  if (ids.size === 0 || conditions.length === 0) return scan;
  const partitions = partitionValues(scan);
  if (partitions === undefined) return scan;
  const met: LogicalPlan = { kind: 'filter', child: partitions.rows, condition: allOf(conditions)! };
  try {
    const left = await compute({ kind: 'project', child: met, projectList: [partitions.number] });
    return partitions.only(new Set(left.map(([i]) => Number(i))));
  } catch {
    // A condition that fails on a value fails in the query too, if a row gets there.
    return scan;
  }
}

// Whether a query gives so few rows that they are best computed to the last before the first is given (QueryOptions.atOnce of the kernel).
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';

const MOST_ROWS = 10_000;
/** Groups of what small files have: no more of them than rows, and the kernel has held them all once in any case. */
const MOST_BYTES = 32 * 1024 * 1024;

export function givesFewRows(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'oneRow':
      return true;
    case 'limit':
      return (plan.limit.kind === 'literal' && Number(plan.limit.value) <= MOST_ROWS) || givesFewRows(plan.child);
    case 'aggregate':
      return plan.grouping.length === 0 || bytesOf(plan.child) <= MOST_BYTES;
    case 'project':
    case 'filter':
    case 'sort':
    case 'offset':
    case 'distinct':
    case 'subqueryAlias':
      return givesFewRows(plan.child);
    default:
      return false;
  }
}

/** Infinity where it is no files that are read. */
function bytesOf(plan: LogicalPlan): number {
  if (plan.kind === 'scan') return plan.files.reduce((sum, { size }) => sum + size, 0);
  if (plan.kind === 'generate' || plan.kind === 'withCte') return Infinity;
  const children = childrenOf(plan);
  return children.length === 0 ? Infinity : children.reduce((sum, child) => sum + bytesOf(child), 0);
}

// Whether a plan reads files of a folder: what may not be overwritten by its own rows, and what is stale when the folder has changed.
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';

/** Plans in subqueries of expressions are not looked into. */
export function readsFolder(plan: LogicalPlan, folder: string): boolean {
  if (plan.kind === 'scan') return plan.files.some((f) => f.path === folder || f.path.startsWith(`${folder}/`));
  if (plan.kind === 'withCte' && plan.definitions.some((d) => readsFolder(d.plan, folder))) return true;
  return childrenOf(plan).some((child) => readsFolder(child, folder));
}

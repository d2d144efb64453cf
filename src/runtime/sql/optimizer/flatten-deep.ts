// Hundreds of projections, one on the other (`withColumn` in a loop), would be as many SELECTs, one inside the other: more than the kernel's parser
// holds. Such plans have theirs made one before they are printed; all others are left as they are, for the kernel to flatten.
import type { SessionSettings } from '../functions/spec.ts';
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';
import { collapseProject } from './collapse-project.ts';

const DEEP = 64;
const made = new WeakMap<LogicalPlan, LogicalPlan>();

export function flattenDeep(plan: LogicalPlan, settings: SessionSettings): LogicalPlan {
  let known = made.get(plan);
  if (known === undefined) made.set(plan, (known = isDeep(plan) ? collapseProject.apply(plan, settings) : plan));
  return known;
}

/** Level by level: a plan this deep may be deeper than the stack. */
function isDeep(plan: LogicalPlan): boolean {
  let level: readonly LogicalPlan[] = [plan];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEP) return true;
    level = level.flatMap((p) => (p.kind === 'union' ? [] : childrenOf(p)));
  }
  return false;
}

// Rules that rewrite a plan node by node, children first. A plan that a rule has just left as it is it does not look at again: the last pass of a
// batch, and a batch after one that changed nothing. So `f` must go by the node and what is below it alone.
import type { LogicalPlan } from '../logical/plans.ts';
import { transformPlan, transformPlanUp } from '../logical/plan-tree.ts';

type Rewrite = (plan: LogicalPlan) => LogicalPlan;

export const bottomUp = (f: Rewrite): Rewrite => unlessSeen((plan) => transformPlanUp(plan, f));
/** In the plans of subqueries, too. */
export const bottomUpEverywhere = (f: Rewrite): Rewrite => unlessSeen((plan) => transformPlan(plan, f));

function unlessSeen(rewrite: Rewrite): Rewrite {
  let seen: WeakRef<LogicalPlan> | undefined; // a plan keeps tables of the kernel alive
  return (plan) => {
    if (seen?.deref() === plan) return plan;
    const made = rewrite(plan);
    if (made === plan) seen = new WeakRef(plan);
    return made;
  };
}

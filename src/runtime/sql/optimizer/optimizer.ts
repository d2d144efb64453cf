// Resolved plan → a plan that means the same and costs less: batches of rules, each to its fixed point. Rules are files of their own, with
// Catalyst's names. Source: Optimizer.scala of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';

export type Rule = { readonly name: string; readonly apply: (plan: LogicalPlan, settings: SessionSettings) => LogicalPlan };
/** Rules that feed each other: repeated until none changes anything, at most `most` times. */
export type Batch = { readonly name: string; readonly most: number; readonly rules: readonly Rule[] };

const BATCHES: readonly Batch[] = [];

export function optimize(plan: LogicalPlan, settings: SessionSettings, batches = BATCHES): LogicalPlan {
  let now = plan;
  for (const { most, rules } of batches) {
    for (let i = 0; i < most; i++) {
      const before = now;
      for (const rule of rules) now = rule.apply(now, settings);
      if (now === before) break;
    }
  }
  return now;
}

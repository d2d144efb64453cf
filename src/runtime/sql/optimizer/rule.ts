// What a rule of the optimiser is. The same plan object back means that it changed nothing.
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';

export type Rule = {
  /** Catalyst's, where it has the rule: spark.sql.optimizer.excludedRules names it so. */
  readonly name: string;
  /** Plans cannot be run without it, or not in stages: it is not left out. */
  readonly isRequired?: boolean;
  readonly apply: (plan: LogicalPlan, settings: SessionSettings) => LogicalPlan;
};
/** Rules that feed each other: repeated until none changes anything, at most `most` times. */
export type Batch = { readonly name: string; readonly most: number; readonly rules: readonly Rule[] };

// What the parts of the emitter need of it. The emitter itself is emitter.ts, which stands on all of them.
import type { KernelContext } from '../functions/spec.ts';
import type { Expr, SortOrder } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';

export interface Emit extends KernelContext {
  /** A whole query: SELECT … */
  plan(plan: LogicalPlan): string;
  all(args: readonly Expr[]): string[];
  sortKey(order: SortOrder): string;
}

/** What a column is called in every text. */
export const columnName = (id: number): string => `c${id}`;

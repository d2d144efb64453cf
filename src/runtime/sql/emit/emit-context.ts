// What the parts of the emitter need of it. The emitter itself is emitter.ts, which stands on all of them.
import type { KernelContext } from '../functions/spec.ts';
import type { Expr, SortOrder } from '../logical/expressions.ts';
import type { Aggregate, EvalAsync, LogicalPlan } from '../logical/plans.ts';
import type { Outside } from './outside.ts';

export interface Emit extends KernelContext {
  /** A whole query: SELECT … */
  plan(plan: LogicalPlan): string;
  all(args: readonly Expr[]): string[];
  sortKey(order: SortOrder): string;
  /** A step that runs before the text. @returns the view that it leaves */
  asyncStep(node: EvalAsync): string;
  /** The text of an aggregate whose groups a step computes before it; undefined: the text computes all. */
  groupStep(node: Aggregate): string | undefined;
  /** What the text reads that the kernel does not have. */
  readonly outside: Outside;
}

/** What a column is called in every text. */
export const columnName = (id: number): string => `c${id}`;

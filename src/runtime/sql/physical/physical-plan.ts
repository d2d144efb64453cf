// Physical plans: logical operators that run where their rows are, with the exchanges between them that say where rows go. Made by
// make-physical.ts, run by execute.ts, printed by ../explain/. Source: SparkPlan, Exchange and EnsureRequirements of Spark 4.2.
import type { Attribute, Expr, ExprId, SortOrder } from '../logical/expressions.ts';
import type { Join, LogicalPlan, SetOperation, Union } from '../logical/plans.ts';
import type { BucketUse } from './spread.ts';
import type { InPlace } from './in-place.ts';
import type { BroadcastTable } from './parts.ts';

export type Distribution =
  | { readonly kind: 'single' }
  | { readonly kind: 'hash'; readonly keys: readonly Expr[] }
  | { readonly kind: 'roundRobin' }
  /** Partition after partition in this order; each is to be sorted still. */
  | { readonly kind: 'range'; readonly order: readonly SortOrder[] };

/** Rows of a subquery without outer references: computed first, sent to all tasks as a table of this name. */
export type SubqueryTable = { readonly table: string; readonly output: readonly Attribute[]; readonly plan: PhysicalPlan };

/** `id`: a column of the plan that has to be among the values of a table's column, which is `of` in the join and `column` by its name. */
export type FilterKey = { readonly id: ExprId; readonly of: Attribute; readonly column: string };
/** A key that is a partition column of a scan: files without its values are not read. `by`: whose keys have said so; left out: planned. */
export type PruningKey = FilterKey & { readonly by?: BroadcastTable };
export type BroadcastSide = 'left' | 'right';
export type PhysicalPlan = {
  /** Stays when the node is made anew with other children: by it metrics and what came of the node are found. */
  readonly key?: number;
  /** Of subqueries in this node's expressions. */
  readonly subqueries?: readonly SubqueryTable[];
} /** `buckets`: of a bucketed table; should something rely on them, a task reads one bucket. */ & (
  | { readonly kind: 'leaf'; readonly node: LogicalPlan; readonly buckets?: BucketUse; readonly pruning?: readonly PruningKey[] }
  /** `node` over the child's rows; its own child is not looked at. */
  | { readonly kind: 'narrow'; readonly node: LogicalPlan; readonly child: PhysicalPlan; readonly step?: 'partial' | 'final' }
  | {
      readonly kind: 'join';
      readonly node: Join;
      readonly left: PhysicalPlan;
      readonly right: PhysicalPlan;
      readonly keys: { readonly left: readonly Expr[]; readonly right: readonly Expr[] };
      /** A side that goes to all tasks; undefined: both are partitioned by the keys, or in one task without keys. */
      readonly broadcast: BroadcastSide | undefined;
      /** Sides that may be broadcast, should they turn out small. */
      readonly mayBroadcast: readonly BroadcastSide[];
      /** Both sides are in buckets by the keys: they stay where they are. */
      readonly isInBuckets?: boolean;
      readonly inPlace?: InPlace;
      /** This side is computed first: its keys leave files of the other one out. */
      readonly prunedBy?: BroadcastSide;
    }
  /** Both sides are partitioned by all columns. */
  | { readonly kind: 'set'; readonly node: SetOperation; readonly left: PhysicalPlan; readonly right: PhysicalPlan }
  | { readonly kind: 'union'; readonly node: Union; readonly children: readonly PhysicalPlan[] }
  | {
      readonly kind: 'exchange';
      readonly to: Distribution;
      readonly child: PhysicalPlan;
      /** As the user said; undefined: chosen by size. */
      readonly partitions: number | undefined;
      readonly estimatedBytes: number;
      /** The user said so: it is done wherever the rows are. */
      readonly isAsked?: boolean;
      /** By the plan rows are where they belong; should a join below have been done otherwise than planned, they are brought there. */
      readonly isEnsured?: boolean;
    }
  /**
   * Only made while it runs: rows whose keys are among those of a table, as a join above has found them. `node` is the child's.
   * `isKeysAlone`: instead of them the table's keys that some row has, as a semi or anti join above needs no more.
   */
  | {
      readonly kind: 'filtered';
      readonly node: LogicalPlan;
      readonly child: PhysicalPlan;
      readonly keys: readonly FilterKey[];
      readonly table: BroadcastTable;
      readonly isKeysAlone?: boolean;
    }
  /** Everything in one task as one query: what is small, or cannot be cut. */
  | { readonly kind: 'whole'; readonly node: LogicalPlan; readonly reason: string }
);

export const childrenOf = (plan: PhysicalPlan): readonly PhysicalPlan[] =>
  'child' in plan ? [plan.child] : 'children' in plan ? plan.children : 'left' in plan ? [plan.left, plan.right] : [];

/** The node anew over what `f` makes of its children and of its subqueries' plans. */
export function mapPhysical(plan: PhysicalPlan, f: (plan: PhysicalPlan) => PhysicalPlan): PhysicalPlan {
  const own = plan.subqueries && { subqueries: plan.subqueries.map((s) => ({ ...s, plan: f(s.plan) })) };
  if ('child' in plan) return { ...plan, ...own, child: f(plan.child) };
  if ('left' in plan) return { ...plan, ...own, left: f(plan.left), right: f(plan.right) };
  if ('children' in plan) return { ...plan, ...own, children: plan.children.map(f) };
  return { ...plan, ...own };
}

let lastKey = 0;
/** The same plan, its nodes with keys of their own. */
export const withKeys = (plan: PhysicalPlan): PhysicalPlan => ({ ...mapPhysical(plan, withKeys), key: ++lastKey });

/** What stays of a node that was made anew while the plan ran. */
export const keyOf = (plan: PhysicalPlan): unknown => plan.key ?? (plan.kind === 'filtered' ? plan.keys : plan);

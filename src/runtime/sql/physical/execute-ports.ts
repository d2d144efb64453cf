// What running a physical plan asks of its surroundings (execute.ts): executors, the driver's kernel, who wants to know. Given by ../engine/.
import type { Exchange, FragmentMetrics, SqlBranch, SqlCluster } from '../../rdd/sql-fragment.ts';
import type { CachedRelation, LogicalPlan } from '../logical/plans.ts';
import type { Branch } from './parts.ts';
import type { PhysicalPlan } from './physical-plan.ts';
import type { Consumer } from './run-record.ts';

/** Hears how a plan becomes stages (plan-metrics.ts). */
export type StageWatch = {
  /** `node` is what `plan` became in a stage. */
  mark(node: LogicalPlan, plan: PhysicalPlan): void;
  /** @returns what tasks of the branch are to tell */
  fragment(branch: Branch, made: SqlBranch, to: Consumer): FragmentMetrics | undefined;
};
export type ExecutePorts = {
  readonly cluster: SqlCluster;
  /** Rows of a table of the driver's kernel, as a Parquet file. */
  readonly tableFile: (table: string) => Promise<Uint8Array>;
  /** Values that cut rows of Parquet files into `parts` equal ranges in this order, as texts of the kernel. */
  readonly bounds: (files: readonly Uint8Array[], type: string, isAscending: boolean, parts: number) => Promise<readonly string[]>;
  /** The one column of what a branch of one task gives, which are whole numbers; undefined: it cannot be computed. */
  readonly numbers: (branch: SqlBranch) => Promise<readonly number[] | undefined>;
  /** What executors keep of a plan; they compute it when they are asked for it first. */
  readonly cachedRows: (cached: CachedRelation) => Promise<Exchange>;
  /** Left out: nobody asks what operators do. */
  readonly watch?: StageWatch | undefined;
  readonly nowMs: () => number;
};

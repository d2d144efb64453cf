// Whether groups of rows may be too many to be lists in the kernel: an Aggregator of the program then gets its rows sorted, one group after the other
// (../udf/groups.ts), which takes some statements of the kernel more.
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';
import { statisticsOf } from './statistics.ts';

/** As lists they take some MB. */
const FEW_ROWS = 100_000;

/** What a filter leaves is a guess, so rows below it count: beside reading them a step costs nothing. */
export const hasManyRows = (plan: LogicalPlan): boolean =>
  statisticsOf(plan).rows > FEW_ROWS || (!hasOneRow(plan) && plan.kind !== 'limit' && childrenOf(plan).some(hasManyRows));
const hasOneRow = (plan: LogicalPlan): boolean => plan.kind === 'aggregate' && plan.grouping.length === 0;

/** Of a part of a stage: rows that others made are as many as may be. */
export const hasManyInStage = (plan: LogicalPlan): boolean => hasManyRows(plan) || readsOthers(plan);

const readsOthers = (plan: LogicalPlan): boolean =>
  (plan.kind === 'kernelTable' && plan.cached === undefined) || childrenOf(plan).some(readsOthers);

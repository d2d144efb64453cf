// Joins while they run: the side that is smaller by guess is computed first. Small in truth, it goes to all tasks and the other side stays where
// it is; else its keys say which rows of the other side are of use, before those are computed and moved. Source: the join side of
// AdaptiveSparkPlanExec and DynamicJoinSelection of Spark 4.2; InjectRuntimeFilter.
import type { SqlBranch } from '../../rdd/sql-fragment.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { type InPlace, isSameRanges, rangedBy, rangesOf } from './in-place.ts';
import { meetInBuckets } from './buckets.ts';
import { type Routing, uniqueOf } from './fragments.ts';
import type { ExecuteSettings } from './leaves.ts';
import { asOneTask, type Branch, type BroadcastTable, bytesOf, merged, type Parts, partsOf, stacked } from './parts.ts';
import type { BroadcastSide, PhysicalPlan } from './physical-plan.ts';
import { plainRead, relationOf } from './everywhere.ts';
import type { Consumer, RunRecord } from './run-record.ts';
import { byKeys, byTable } from './told-sides.ts';
import { partitionsFor } from './partition-count.ts';
import { filterKeys, childOf, firstSide, isDeep, isFarLess, MOST_KEYS, nodeOf, other } from './runtime-filters.ts';
import { splittableSide } from './skew.ts';
import { exchangeRows, isExactly, SINGLE, spreadOfJoin } from './spread.ts';
import { baseRows, bytesBelow, statisticsOf } from './statistics.ts';

/** What a join asks of the query that runs (execute.ts). */
export interface Running {
  readonly settings: ExecuteSettings;
  parts(plan: PhysicalPlan): Promise<Parts>;
  tables(plan: PhysicalPlan): Promise<readonly BroadcastTable[]>;
  /** @param plan the exchange that it is */
  shuffled(parts: Parts, routing: Routing | undefined, partitions: number, plan: PhysicalPlan): Promise<Parts>;
  broadcastParts(parts: Parts, to: Consumer): Promise<BroadcastTable>;
  /** What happens is written down here. */
  readonly record: RunRecord;
  numbersOf(branch: SqlBranch): Promise<readonly number[] | undefined>;
}

type JoinPlan = Extract<PhysicalPlan, { kind: 'join' }>;
type Sides<T> = { readonly left: T; readonly right: T };

export async function joinedParts(run: Running, plan: JoinPlan): Promise<Parts> {
  const tables = await run.tables(plan);
  if (plan.broadcast !== undefined) return broadcastJoin(run, plan, plan.broadcast, tables);
  if (plan.keys.left.length === 0) {
    const [l, r] = await Promise.all([run.parts(plan.left), run.parts(plan.right)]);
    return partsOf(joined(plan.node, oneOf(run, l), oneOf(run, r), tables), SINGLE);
  }
  return shuffledJoin(run, plan, tables);
}

async function broadcastJoin(run: Running, plan: JoinPlan, side: BroadcastSide, tables: readonly BroadcastTable[]): Promise<Parts> {
  const kept = plan[other(side)];
  const to: Consumer = { kind: 'broadcast', plan, side };
  if (plan.prunedBy === undefined && (!isDeep(kept) || filterKeys(plan, side).length === 0)) {
    const [parts, table] = await Promise.all([run.parts(kept), run.parts(plan[side]).then((p) => run.broadcastParts(p, to))]);
    return stackJoin(plan, side, parts, table, tables);
  }
  const table = await run.broadcastParts(await run.parts(plan[side]), to);
  const parts = await run.parts(await byTable(run, plan, side, table));
  return stackJoin(plan, side, parts, table, tables);
}

async function shuffledJoin(run: Running, plan: JoinPlan, tables: readonly BroadcastTable[]): Promise<Parts> {
  const first = firstSide(plan);
  const second = other(first);
  const { inPlace, isInBuckets } = plan;
  const isTogether = isInBuckets || inPlace?.sides.length === 2;
  const staysFirst = inPlace?.sides.includes(first) === true && !isFiltered(plan.node[first]);
  if (isTogether || staysFirst || !isTelling(run, plan, first)) {
    const [left, right] = await Promise.all([run.parts(childOf(plan.left)), run.parts(childOf(plan.right))]);
    return withTables(await alike(run, { left, right }, plan, (l, r) => ({ ...plan.node, left: l, right: r })), tables);
  }
  const opened = await run.parts(childOf(plan[first]));
  const limit = run.settings.isAdaptive && plan.mayBroadcast.includes(first) ? run.settings.broadcastBytes : -1;
  const stack = async (parts: Parts): Promise<Parts> => {
    const table = await run.broadcastParts(parts, { kind: 'broadcast', plan, side: first });
    return stackJoin(plan, first, await run.parts(await byTable(run, plan, first, table)), table, tables);
  };
  if ((bytesOf(opened) ?? Number.POSITIVE_INFINITY) <= limit) return stack(opened);
  const n = partitionsFor(Math.max(bytesOf(opened) ?? bytesBelow(plan[first]), bytesBelow(plan[second])), run.settings);
  const isThere = isInPlace(opened, plan.keys[first]) && !isMuchLess(statisticsOf(plan.node[first]).rows, opened);
  const computed = isThere
    ? opened
    : inPlace?.sides.includes(second)
      ? await byValues(run, opened, plan, first, inPlace)
      : await run.shuffled(opened, { kind: 'hash', keys: plan.keys[first] }, n, plan[first]);
  if (!isThere && bytesOf(computed)! <= limit) return stack(computed);
  const rest = await run.parts(await byKeys(run, plan, first, computed));
  const parts = { [first]: computed, [second]: rest } as unknown as Sides<Parts>;
  return withTables(await alike(run, parts, plan, (l, r) => ({ ...plan.node, left: l, right: r })), tables);
}

/** To the tasks of the other side's files. */
const byValues = (
  run: Running,
  parts: Parts,
  plan: JoinPlan,
  side: BroadcastSide,
  { at, bounds }: Omit<InPlace, 'sides'>,
): Promise<Parts> => run.shuffled(parts, { kind: 'values', key: plan.keys[side][at]!, bounds }, bounds.length + 1, plan[side]);

/** Its keys may keep the other side's rows from being moved. */
const isFiltered = (node: LogicalPlan): boolean => statisticsOf(node).rows <= baseRows(node) / 2;

const withTables = (parts: Parts, tables: readonly BroadcastTable[]): Parts => ({
  ...parts,
  branches: parts.branches.map((branch) => ({ ...branch, broadcasts: [...branch.broadcasts, ...tables] })),
});

/** Whether it is likely enough that the first side changes how the other is computed; else both are computed at once. */
function isTelling(run: Running, plan: JoinPlan, first: BroadcastSide): boolean {
  const { rows, bytes } = statisticsOf(plan.node[first]);
  const maySend = run.settings.isAdaptive && plan.mayBroadcast.includes(first);
  return (
    plan.prunedBy === first ||
    (maySend && bytes <= run.settings.broadcastBytes * GUESSED_TIMES) ||
    (rows <= MOST_KEYS * GUESSED_TIMES && filterKeys(plan, first).length > 0)
  );
}
/** By so much guesses may be wrong. */
const GUESSED_TIMES = 4;

const isInPlace = ({ branches, spread }: Parts, keys: JoinPlan['keys']['left']): boolean =>
  branches.length === 1 && isExactly(spread, keys) && branches[0]!.source.kind === 'exchanges' && !branches[0]!.source.isOneTask;

/** Rows that are in place, and much fewer than were read for them: it pays to have them counted, even if they are written once more. */
const isMuchLess = (guessed: number, { spread }: Parts): boolean =>
  spread.kind === 'hash' && spread.bound !== undefined && guessed * MUCH_LESS < exchangeRows(spread.bound.exchange);
const MUCH_LESS = 4;

function stackJoin(plan: JoinPlan, side: BroadcastSide, parts: Parts, table: BroadcastTable, tables: readonly BroadcastTable[]): Parts {
  const { node } = plan;
  const sent = relationOf(table, uniqueOf(outputOf(nodeOf(plan[side]))));
  // The kernel makes its hash table of the right side.
  const isRight = side === 'right' || node.joinType === 'inner';
  const over = (below: LogicalPlan): LogicalPlan => ({
    ...node,
    ...(isRight ? { left: below, right: sent } : { left: sent, right: below }),
  });
  return { ...parts, branches: parts.branches.map((branch) => stacked(branch, over, [table, ...tables])) };
}

/** Both sides by their keys into as many partitions, or both in one task. */
export async function alike(
  run: Running,
  { left, right }: Sides<Parts>,
  plan: Extract<PhysicalPlan, { kind: 'join' | 'set' }>,
  over: (left: LogicalPlan, right: LogicalPlan) => LogicalPlan,
): Promise<Parts> {
  const keys = plan.kind === 'join' ? plan.keys : { left: outputOf(nodeOf(plan.left)), right: outputOf(nodeOf(plan.right)) };
  const [oneL, oneR] = [asOneTask(left, run.settings), asOneTask(right, run.settings)];
  if (oneL !== undefined && oneR !== undefined) return partsOf(merged(over(oneL.plan, oneR.plan), oneL, oneR), SINGLE);
  if (plan.kind === 'join') {
    const there = meetInBuckets({ left, right }, plan.keys) ? { left, right } : await inRanges(run, { left, right }, plan);
    if (there !== undefined) return joinedInPlace(there, plan, over);
  }
  const there = { left: isInPlace(left, keys.left), right: isInPlace(right, keys.right) };
  const width = (parts: Parts) => (parts.branches[0]!.source as { exchanges: readonly { partitions: number }[] }).exchanges[0]!.partitions;
  const n = there.left
    ? width(left)
    : there.right
      ? width(right)
      : partitionsFor(Math.max(bytesOf(left) ?? bytesBelow(plan.left), bytesOf(right) ?? bytesBelow(plan.right)), run.settings);
  const brought = (parts: Parts, side: BroadcastSide) =>
    there[side] && width(parts) === n ? parts : run.shuffled(parts, { kind: 'hash', keys: keys[side] }, n, plan[side]);
  const [l, r] = await Promise.all([brought(left, 'left'), brought(right, 'right')]);
  const [a, b] = [l.branches[0]!, r.branches[0]!];
  const spread = plan.kind === 'join' ? spreadOfJoin(plan.node, l.spread, r.spread) : l.spread;
  const made = merged(over(a.plan, b.plan), a, b);
  const sides = { left: plainRead(l), right: plainRead(r) };
  const isPlain = plan.kind === 'join' && sides.left !== undefined && sides.right !== undefined && sides.left !== sides.right;
  const side = isPlain ? splittableSide(plan.node.joinType, plan.node.isNullAware, l, r) : undefined;
  const splittable = side && sides[side]!.name;
  return partsOf({ ...made, ...(splittable !== undefined && { splittable }) }, n === 1 ? SINGLE : spread);
}

/** Where a side lies in ranges of a key's values, the other one is brought there, if it is not. */
async function inRanges(run: Running, { left, right }: Sides<Parts>, plan: JoinPlan): Promise<Sides<Parts> | undefined> {
  const at = { left: rangedBy(left.spread, plan.keys.left), right: rangedBy(right.spread, plan.keys.right) };
  const isOne = (parts: Parts): boolean => parts.branches.length === 1;
  const stays: BroadcastSide | undefined =
    at.left !== undefined && isOne(left) ? 'left' : at.right !== undefined && isOne(right) ? 'right' : undefined;
  if (stays === undefined) return undefined;
  if (at.left === at.right && isOne(left) && isOne(right) && isSameRanges(left.spread, right.spread)) return { left, right };
  const [there, moved] = stays === 'left' ? [left, right] : [right, left];
  const bounds = rangesOf(there.spread)!;
  const brought = await byValues(run, moved, plan, other(stays), { at: at[stays]!, bounds });
  return stays === 'left' ? { left, right: brought } : { left: brought, right };
}

/** Both sides' rows lie in one task: the kernel sees all of them. */
function joinedInPlace(
  { left, right }: Sides<Parts>,
  { node }: JoinPlan,
  over: (left: LogicalPlan, right: LogicalPlan) => LogicalPlan,
): Parts {
  const [l, r] = [left.branches[0]!, right.branches[0]!];
  const rows = { left: statisticsOf(node.left).rows, right: statisticsOf(node.right).rows };
  const isTurned = node.joinType === 'inner' && rows.left < rows.right;
  const made = isTurned ? over(r.plan, l.plan) : over(l.plan, r.plan);
  const isByLeftKeys = (node.joinType === 'leftSemi' || node.joinType === 'leftAnti') && isFarLess(rows.left, rows.right);
  const plan = isByLeftKeys ? ({ ...made, isByLeftKeys } as LogicalPlan) : made;
  return partsOf(merged(plan, l, r), spreadOfJoin(node, left.spread, right.spread));
}

function joined(node: JoinPlan['node'], l: Branch, r: Branch, tables: readonly BroadcastTable[]): Branch {
  const both = merged({ ...node, left: l.plan, right: r.plan }, l, r);
  return { ...both, broadcasts: [...both.broadcasts, ...tables] };
}

function oneOf(run: Running, parts: Parts): Branch {
  const one = asOneTask(parts, run.settings);
  if (one === undefined) throw new Error('a side of a join is not in one task: a defect of the planner');
  return one;
}

// A side of a join that is to be computed, told of the keys that the other one has: files and rows without them are left out.
// What joins do else while they run: joins.ts. Source: InjectRuntimeFilter and PlanDynamicPruningFilters of Spark 4.2.
import type { FragmentColumn } from '../../rdd/sql-fragment.ts';
import { conjunctsOf } from '../logical/conjuncts.ts';
import { aliasOf, type Attribute, attributeOf, type ExprId } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { readBranch } from './branches.ts';
import { withoutFiles } from './dynamic-pruning.ts';
import { everywhere, MOST_READERS } from './everywhere.ts';
import { uniqueOf } from './fragments.ts';
import type { Running } from './joins.ts';
import { type BroadcastTable, exchangeBytes, type Parts, partsOf, stacked } from './parts.ts';
import type { BroadcastSide, FilterKey, PhysicalPlan } from './physical-plan.ts';
import {
  childOf,
  filterKeys,
  hasFilter,
  isDeep,
  isFarLess,
  type KeyPair,
  MOST_KEYS,
  nodeOf,
  other,
  pushFilter,
  type RowFilter,
  rowFilter,
} from './runtime-filters.ts';
import { exchangeRows, type KeyBound, UNKNOWN } from './spread.ts';
import { baseRows, statisticsOf } from './statistics.ts';

type JoinPlan = Extract<PhysicalPlan, { kind: 'join' }>;

/** The other side, told of the keys of a table that this side is. */
export function byTable(run: Running, plan: JoinPlan, side: BroadcastSide, table: BroadcastTable): Promise<PhysicalPlan> {
  const names = namesOf(outputOf(nodeOf(plan[side])), table.input);
  const keys = filterKeys(plan, side).map((key) => ({ ...key, column: names.get(key.of.exprId)! }));
  // Rows that stay where they are the join itself would drop at once.
  const isFiltering = isDeep(childOf(plan[other(side)]));
  return toldOf(run, plan, side, { table, rows: table.rows, base: baseRows(nodeOf(plan[side])) }, keys, isFiltering);
}

/** Files are left out first; rows are filtered where that is worth more than what the join itself would save. */
async function toldOf(
  run: Running,
  plan: JoinPlan,
  side: BroadcastSide,
  from: Pick<RowFilter, 'table' | 'rows' | 'base'>,
  keys: readonly FilterKey[],
  isFiltering = true,
): Promise<PhysicalPlan> {
  const kept = childOf(plan[other(side)]);
  const leastBytes = isFiltering ? run.settings.runtimeFilterBytes : undefined;
  if (leastBytes === undefined && plan.prunedBy !== side) return kept;
  const pruned = plan.prunedBy === side ? await withoutFiles(run, kept, keys, from.table) : kept;
  const told =
    leastBytes === undefined
      ? pruned
      : isForKeysAlone(plan, side, keys, from.rows)
        ? ({ kind: 'filtered', node: nodeOf(pruned), child: pruned, keys, table: from.table, isKeysAlone: true } as const)
        : pushFilter(pruned, { keys, put: rowFilter({ ...from, leastBytes }) });
  run.record.ranAs(plan, other(side), told);
  return told;
}

/**
 * Whether it is enough to know which of the left side's keys the right one has: then not its rows are moved but these keys, and the kernel
 * looks the rows up in the few keys.
 */
function isForKeysAlone({ node, keys, right }: JoinPlan, side: BroadcastSide, told: readonly FilterKey[], rows: number): boolean {
  if (side !== 'left' || (node.joinType !== 'leftSemi' && node.joinType !== 'leftAnti') || isDeep(childOf(right))) return false;
  const isAllOfIt = told.length === keys.left.length && told.length === conjunctsOf(node.condition).length;
  return isAllOfIt && isFarLess(rows, statisticsOf(node.right).rows);
}

/** The second side, told of the keys that the first one has or had before other joins took of them. */
export async function byKeys(run: Running, plan: JoinPlan, first: BroadcastSide, { spread }: Parts): Promise<PhysicalPlan> {
  const second = childOf(plan[other(first)]);
  const bound = spread.kind === 'hash' ? spread.bound : undefined;
  const keys = filterKeys(plan, first);
  if (bound === undefined || keys.length === 0) return second;
  const rows = exchangeRows(bound.exchange);
  if (rows > MOST_KEYS || statisticsOf(nodeOf(second)).rows < rows) return second;
  const base = baseRows(nodeOf(plan[first]));
  if (plan.prunedBy !== first && !isWorthFilter(run, second, keys, { rows, base })) return second;
  const { table, columns } = await keyTable(run, bound);
  return toldOf(
    run,
    plan,
    first,
    { table, rows, base },
    keys.map(({ id, i }) => ({ id, ...columns[i]! })),
  );
}

/** Whether a filter by as many keys would be put anywhere. */
function isWorthFilter(run: Running, plan: PhysicalPlan, keys: readonly KeyPair[], size: Pick<RowFilter, 'rows' | 'base'>): boolean {
  const leastBytes = run.settings.runtimeFilterBytes;
  if (leastBytes === undefined) return false;
  const put = rowFilter({ ...size, table: NO_TABLE, leastBytes });
  return hasFilter(pushFilter(plan, { keys: keys.map((key) => ({ ...key, column: '' })), put }), NO_TABLE);
}
/** Rows with more bytes than this are not read for their keys alone. */
const MOST_READ_BYTES = 32 << 20;
/** To see whether a filter would be of use at all. */
const NO_TABLE: BroadcastTable = { input: { name: '', columns: [] }, from: { kind: 'driver', value: undefined }, rows: 0 };

/** The keys of rows that are there: the rows themselves, where every task may read them; else the keys alone go by way of the driver. */
async function keyTable(
  run: Running,
  { exchange, output, keys }: KeyBound,
): Promise<{ table: BroadcastTable; columns: Omit<FilterKey, 'id'>[] }> {
  const isPlain = keys.every((key) => key.kind === 'attribute');
  if (isPlain && run.settings.slots <= MOST_READERS && exchangeBytes([exchange]) <= MOST_READ_BYTES) {
    const names = namesOf(output, exchange);
    return { table: everywhere(exchange), columns: keys.map((key) => ({ of: attributeOf(key), column: names.get(key.exprId)! })) };
  }
  const list = keys.map((key, i) => aliasOf(key, `k${i}`));
  const distinct = (child: LogicalPlan): LogicalPlan => ({ kind: 'distinct', child: { kind: 'project', child, projectList: list } });
  const branch = stacked(readBranch(exchange, output, false), distinct);
  const table = await run.broadcastParts(partsOf(branch, UNKNOWN), { kind: 'engine' });
  return { table, columns: list.map((alias, i) => ({ of: attributeOf(alias), column: table.input.columns[i]![0] })) };
}

/** What a plan's columns are called where its rows lie, which may have been made for an equal plan. */
const namesOf = (output: readonly Attribute[], { columns }: { readonly columns: readonly FragmentColumn[] }): ReadonlyMap<ExprId, string> =>
  new Map(uniqueOf(output).map((a, i) => [a.exprId, columns[i]![0]]));

// Files of partitions that a join cannot need are not read: where one side's keys are partition columns of a scan on the other, they are known
// before that scan becomes tasks. Which joins do so is planned, so that explain says it; which files are left is found while the query runs.
// Source: PartitionPruning and PlanDynamicPruningFilters of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan, Scan } from '../logical/plans.ts';
import { isSelective } from '../optimizer/selective.ts';
import { partitionValues } from '../optimizer/partition-values.ts';
import { filteredBy } from './branches.ts';
import type { Running } from './joins.ts';
import { closed, resultText } from './fragments.ts';
import { type Branch, type BroadcastTable, oneTask } from './parts.ts';
import { childrenOf, type FilterKey, mapPhysical, type PhysicalPlan } from './physical-plan.ts';
import { filterKeys, firstSide, MOST_KEYS, other, pushFilter } from './runtime-filters.ts';

export const isDynamicPruning = (session: SessionSettings): boolean =>
  session.get('spark.sql.optimizer.dynamicPartitionPruning.enabled')?.toLowerCase() !== 'false';

/** The plan; joins say which side's keys prune, scans by which columns. */
export const withDynamicPruning = (plan: PhysicalPlan, session: SessionSettings): PhysicalPlan =>
  isDynamicPruning(session) && hasPartitions(plan) ? planned(plan) : plan;

function planned(plan: PhysicalPlan): PhysicalPlan {
  const inside = mapPhysical(plan, planned);
  if (inside.kind !== 'join' || inside.keys.left.length === 0 || inside.isInBuckets || inside.inPlace !== undefined) return inside;
  const side = inside.broadcast ?? firstSide(inside);
  if (!isSelective(inside.node[side])) return inside;
  let isPruned = false;
  const put = (leaf: PhysicalPlan, keys: readonly FilterKey[]): PhysicalPlan => {
    const own = pruningKeys(leaf, keys);
    if (own.length === 0) return leaf;
    isPruned = true;
    const { pruning = [] } = leaf as { pruning?: readonly FilterKey[] };
    return { ...leaf, pruning: [...pruning, ...own] } as PhysicalPlan;
  };
  const keys = filterKeys(inside, side).map((key) => ({ ...key, column: '' }));
  const told = pushFilter(inside[other(side)], { keys, put });
  return isPruned ? { ...inside, [other(side)]: told, prunedBy: side } : inside;
}

/** Those of the keys that are partition columns of a scan: what input_file_name() and its kin say of files is none. */
function pruningKeys(plan: PhysicalPlan, keys: readonly FilterKey[]): readonly FilterKey[] {
  if (plan.kind !== 'leaf' || plan.node.kind !== 'scan' || plan.node.jdbc !== undefined || plan.node.files.length < 2) return [];
  const { partitionColumns, fileColumns } = plan.node;
  const ids = new Set(partitionColumns.filter((_, i) => fileColumns?.[i] === undefined).map((a) => a.exprId));
  return keys.filter(({ id }) => ids.has(id));
}

/** The plan, its scans without the files that have none of the keys. */
export async function withoutFiles(
  run: Running,
  plan: PhysicalPlan,
  keys: readonly FilterKey[],
  table: BroadcastTable,
): Promise<PhysicalPlan> {
  if (table.rows > MOST_KEYS) return plan;
  const found = new Map<PhysicalPlan, readonly FilterKey[]>();
  const look = (leaf: PhysicalPlan, own: readonly FilterKey[]): PhysicalPlan => {
    const partitions = pruningKeys(leaf, own);
    if (partitions.length > 0) found.set(leaf, partitions);
    return leaf;
  };
  pushFilter(plan, { keys, put: look });
  const made = new Map<PhysicalPlan, PhysicalPlan>();
  for (const [leaf, own] of found) {
    const { node, pruning = [] } = leaf as Extract<PhysicalPlan, { kind: 'leaf' }>;
    const scan = await fewerFiles(run, node as Scan, own, table);
    const planned = pruning.filter(({ id, by }) => by !== undefined || !own.some((key) => key.id === id));
    if (scan !== undefined)
      made.set(leaf, { ...leaf, node: scan, pruning: [...planned, ...own.map((key) => ({ ...key, by: table }))] } as PhysicalPlan);
  }
  return made.size === 0 ? plan : pushFilter(plan, { keys, put: (leaf) => made.get(leaf) ?? leaf });
}

async function fewerFiles(run: Running, scan: Scan, keys: readonly FilterKey[], table: BroadcastTable): Promise<Scan | undefined> {
  const partitions = partitionValues(scan);
  if (partitions === undefined) return undefined;
  const { session } = run.settings;
  const met = filteredBy({ keys, table }, partitions.rows);
  const plan: LogicalPlan = { kind: 'project', child: met, projectList: [partitions.number] };
  const branch: Branch = { ...oneTask(plan), broadcasts: [table] };
  const numbers = await run.numbersOf(closed(branch, resultText(plan, [partitions.number], session), undefined, session, run.settings));
  return numbers && partitions.only(new Set(numbers));
}

const hasPartitions = (plan: PhysicalPlan): boolean =>
  (plan.kind === 'leaf' && plan.node.kind === 'scan' && plan.node.partitionColumns.length > 0) ||
  childrenOf(plan).some(hasPartitions) ||
  (plan.subqueries ?? []).some((s) => hasPartitions(s.plan));

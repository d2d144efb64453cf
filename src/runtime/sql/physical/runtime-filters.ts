// What one side of a join has told of its keys, brought to the other side before that is computed: through projections, groupings and other
// joins down to the files. Source: InjectRuntimeFilter of Spark 4.2, with the keys themselves where Spark has a Bloom filter.
import { attributeOf, type Expr, type ExprId, sourceOf } from '../logical/expressions.ts';
import { conjunctsOf, equalColumns } from '../logical/conjuncts.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { exprsOfPlan } from '../logical/plan-tree.ts';
import { isDeterministic } from '../optimizer/rule-tools.ts';
import { idsOf } from './join-keys.ts';
import type { BroadcastTable } from './parts.ts';
import type { BroadcastSide, FilterKey, PhysicalPlan } from './physical-plan.ts';
import { windowsIn } from './spread.ts';
import { distinctOf, statisticsOf } from './statistics.ts';

/** Keys on their way down; `put` makes what they come to where they can go no further. */
export type KeyFilter = {
  readonly keys: readonly FilterKey[];
  readonly put: (plan: PhysicalPlan, keys: readonly FilterKey[]) => PhysicalPlan;
};
export type RowFilter = {
  readonly table: BroadcastTable;
  /** How many keys at most. */
  readonly rows: number;
  /** How many rows the side has that they come from, before its filters. */
  readonly base: number;
  /** Fewer bytes are not worth a filter. */
  readonly leastBytes: number;
};

/** More keys than this cost every task more than they save. */
export const MOST_KEYS = 500_000;
/** The share of rows that a filter may leave at most. */
const WORTH_SHARE = 0.5;

/** Whether the keys of one side say which rows of the other have no use. */
function mayFilter(from: BroadcastSide, joinType: string): boolean {
  switch (joinType) {
    case 'inner':
    case 'leftSemi':
      return true;
    case 'leftOuter':
    case 'leftAnti':
    case 'existence':
      return from === 'left';
    case 'rightOuter':
      return from === 'right';
    default:
      return false;
  }
}

/** A key of the second side and the first side's that it equals, the i-th of the join. */
export type KeyPair = Omit<FilterKey, 'column'> & { readonly i: number };
/** The smaller side by guess, if the join can make use of its being computed first. */
export function firstSide(plan: Extract<PhysicalPlan, { kind: 'join' }>): BroadcastSide {
  const rows = { left: statisticsOf(plan.node.left).rows, right: statisticsOf(plan.node.right).rows };
  const smaller: BroadcastSide = rows.right <= rows.left ? 'right' : 'left';
  const isOfUse = (side: BroadcastSide) => plan.mayBroadcast.includes(side) || filterKeys(plan, side).length > 0;
  return isOfUse(smaller) || !isOfUse(other(smaller)) ? smaller : other(smaller);
}
export const other = (side: BroadcastSide): BroadcastSide => (side === 'left' ? 'right' : 'left');

/** Equalities between two columns alone; others say nothing of the one without the other, and `<=>` keeps NULLs. */
export function filterKeys(plan: Extract<PhysicalPlan, { kind: 'join' }>, from: BroadcastSide): readonly KeyPair[] {
  if (plan.node.isNullAware || !mayFilter(from, plan.node.joinType)) return [];
  const to = from === 'left' ? 'right' : 'left';
  const equal = conjunctsOf(plan.node.condition).map(equalColumns);
  return plan.keys[to].flatMap((e, i) => {
    const of = plan.keys[from][i]!;
    if (e.kind !== 'attribute' || of.kind !== 'attribute') return [];
    return equal.some((pair) => pair?.includes(e) && pair.includes(of)) ? [{ id: e.exprId, of: attributeOf(of), i }] : [];
  });
}

export function pushFilter(plan: PhysicalPlan, filter: KeyFilter): PhysicalPlan {
  const { keys } = filter;
  if (keys.length === 0) return plan;
  switch (plan.kind) {
    case 'exchange':
      return { ...plan, child: pushFilter(plan.child, filter) };
    case 'filtered':
      return { ...plan, child: pushFilter(plan.child, filter) };
    case 'narrow':
      return throughNode(plan, filter);
    case 'join':
      return throughJoin(plan, filter);
    case 'union': {
      const { output } = plan.node;
      const children = plan.children.map((child) => {
        const inner = outputOf(nodeOf(child));
        const renamed = keys.map((key) => ({ ...key, id: inner[output.findIndex((a) => a.exprId === key.id)]!.exprId }));
        return pushFilter(child, { ...filter, keys: renamed });
      });
      return { ...plan, children };
    }
    default:
      return filter.put(plan, keys);
  }
}

/** Rows are filtered when there are enough to be worth it, and few are left of them: of as many values as there are keys at most. */
export const rowFilter =
  ({ table, rows, base, leastBytes }: RowFilter): KeyFilter['put'] =>
  (plan, keys) => {
    if (keys.every(({ id }) => isPrunedBy(plan, id, table))) return plan;
    const node = nodeOf(plan);
    const { rows: there, bytes } = statisticsOf(node);
    if (bytes < leastBytes || there < rows) return plan;
    const values = Math.max(...keys.map(({ id }) => distinctOf(node, id) ?? there));
    return rows > WORTH_SHARE * Math.min(values, base) ? plan : { kind: 'filtered', node, child: plan, keys, table };
  };

/** Of its files only those are left whose rows have the keys. */
const isPrunedBy = (plan: PhysicalPlan, id: ExprId, table: BroadcastTable): boolean =>
  plan.kind === 'leaf' && plan.pruning?.some((key) => key.id === id && key.by === table) === true;

/** Whether a filter by this table was found to be of use somewhere. */
export function hasFilter(plan: PhysicalPlan, table: BroadcastTable): boolean {
  switch (plan.kind) {
    case 'filtered':
      return plan.table === table || hasFilter(plan.child, table);
    case 'exchange':
    case 'narrow':
      return hasFilter(plan.child, table);
    case 'join':
      return hasFilter(plan.left, table) || hasFilter(plan.right, table);
    case 'union':
      return plan.children.some((child) => hasFilter(child, table));
    default:
      return false;
  }
}

/** What can go below goes below, the rest stays here. */
function split(
  plan: PhysicalPlan,
  filter: KeyFilter,
  below: (id: ExprId) => ExprId | undefined,
  push: (f: KeyFilter) => PhysicalPlan,
): PhysicalPlan {
  const down = filter.keys.flatMap((key) => {
    const inner = below(key.id);
    return inner === undefined ? [] : [{ ...key, id: inner }];
  });
  const stay = filter.keys.filter(({ id }) => below(id) === undefined);
  const made = down.length === 0 ? plan : push({ ...filter, keys: down });
  return stay.length === 0 ? made : filter.put(made, stay);
}

function throughNode(plan: Extract<PhysicalPlan, { kind: 'narrow' }>, filter: KeyFilter): PhysicalPlan {
  const { node } = plan;
  if (!exprsOfPlan(node).every(isDeterministic)) return filter.put(plan, filter.keys);
  const push = (f: KeyFilter): PhysicalPlan => ({ ...plan, child: pushFilter(plan.child, f) });
  switch (node.kind) {
    case 'project':
      return split(plan, filter, (id) => sourceOf(node.projectList, id), push);
    case 'aggregate': {
      const groups = new Set(node.grouping.flatMap((e) => (e.kind === 'attribute' ? [e.exprId] : [])));
      const below = (id: ExprId) => {
        const source = sourceOf(node.aggregates, id);
        return source !== undefined && groups.has(source) ? source : undefined;
      };
      return split(plan, filter, below, push);
    }
    case 'window': {
      const partitions = node.windows.flatMap((w) => windowsIn(w as Expr)).map((w) => w.partition);
      const isKey = (id: ExprId) =>
        partitions.length > 0 && partitions.every((p) => p.some((e) => e.kind === 'attribute' && e.exprId === id));
      return split(plan, filter, (id) => (isKey(id) ? id : undefined), push);
    }
    case 'filter':
    case 'subqueryAlias':
    case 'hint':
    case 'distinct':
      return push(filter);
    default:
      return filter.put(plan, filter.keys);
  }
}

/** To the side that has the column; through an equality to the other side, too. */
function throughJoin(plan: Extract<PhysicalPlan, { kind: 'join' }>, filter: KeyFilter): PhysicalPlan {
  const { joinType } = plan.node;
  if (joinType === 'fullOuter' || joinType === 'cross') return filter.put(plan, filter.keys);
  const [ls, rs] = [idsOf(nodeOf(plan.left)), idsOf(nodeOf(plan.right))];
  const may = { left: joinType !== 'rightOuter', right: joinType === 'inner' || joinType === 'rightOuter' };
  const left = filter.keys.filter(({ id }) => may.left && ls.has(id));
  const right = filter.keys.filter(({ id }) => may.right && rs.has(id));
  const stay = filter.keys.filter((key) => !left.includes(key) && !right.includes(key));
  const equal = (from: BroadcastSide, own: readonly FilterKey[]): FilterKey[] => {
    return filterKeys(plan, from).flatMap(({ id, of }) => own.filter((key) => key.id === of.exprId).map((key) => ({ ...key, id })));
  };
  const side = (child: PhysicalPlan, keys: readonly FilterKey[]) => pushFilter(child, { ...filter, keys });
  const made: PhysicalPlan = {
    ...plan,
    left: side(plan.left, [...left, ...equal('right', right)]),
    right: side(plan.right, [...right, ...equal('left', left)]),
  };
  return stay.length === 0 ? made : filter.put(made, stay);
}

/** Rows of a left side that are looked up by the right side's, not the other way. */
export const isFarLess = (few: number, many: number): boolean => few * 4 <= many;

export const childOf = (plan: PhysicalPlan): PhysicalPlan => (plan.kind === 'exchange' ? plan.child : plan);
export const nodeOf = (plan: PhysicalPlan): LogicalPlan => (plan.kind === 'exchange' ? nodeOf(plan.child) : plan.node);

/** Whether a filter can save more than the rows that the join would drop at once: something is computed or moved below. */
export const isDeep = (plan: PhysicalPlan): boolean => {
  switch (plan.kind) {
    case 'exchange':
      return true;
    case 'narrow':
    case 'filtered':
      return isDeep(plan.child);
    case 'join':
      return isDeep(plan.left) || isDeep(plan.right);
    case 'union':
      return plan.children.some(isDeep);
    default:
      return plan.kind === 'set';
  }
};

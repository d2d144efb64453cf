// What the operators of a fragment did, found in the kernel's profile of its text. The kernel's plan is not ours: it merges filters into scans,
// drops projections and adds some. So both trees are walked from the top, and what ours has no operator for counts with the one above it.
// Which operators there are is sql/physical/plan-metrics.ts's; who asks is sql-fragment-rows.ts.
import type { KernelOperator, KernelProfile } from '../../common/sql-kernel.ts';
import type { FragmentOperator, OperatorKind } from './sql-fragment.ts';

/** The kernel's words → ours. Those that are not here are nobody's own work: writing the result, materialising, reading it again. */
const KINDS: Readonly<Record<string, OperatorKind>> = {
  FILTER: 'filter',
  PROJECTION: 'project',
  HASH_GROUP_BY: 'aggregate',
  PERFECT_HASH_GROUP_BY: 'aggregate',
  PARTITIONED_AGGREGATE: 'aggregate',
  UNGROUPED_AGGREGATE: 'aggregate',
  SIMPLE_AGGREGATE: 'aggregate',
  HASH_JOIN: 'join',
  NESTED_LOOP_JOIN: 'join',
  BLOCKWISE_NL_JOIN: 'join',
  PIECEWISE_MERGE_JOIN: 'join',
  IE_JOIN: 'join',
  CROSS_PRODUCT: 'join',
  ORDER_BY: 'sort',
  TOP_N: 'sort',
  LIMIT: 'limit',
  STREAMING_LIMIT: 'limit',
  WINDOW: 'window',
  STREAMING_WINDOW: 'window',
  UNNEST: 'generate',
  INOUT_FUNCTION: 'generate',
  UNION: 'union',
};
/** What the kernel may do without: it went into another operator, or was not needed. A union of ours is several texts. */
const MAY_VANISH: ReadonlySet<OperatorKind> = new Set(['project', 'filter', 'limit', 'sort', 'union']);

/** By accumulator id. Of rows every operator that has an id is told, be they 0. */
export type Figures = Map<number, number>;

export function figuresOf({ root, peakMemoryBytes, peakSpilledBytes }: KernelProfile, top: FragmentOperator): Figures {
  const figures: Figures = new Map();
  const add = (id: number | undefined, value: number): void => {
    if (id !== undefined) figures.set(id, (figures.get(id) ?? 0) + value);
  };
  const addTime = (to: FragmentOperator, seconds: number) => seconds > 0 && add(to.timeNs, Math.round(seconds * 1e9));

  /** All that stands at and below `op` is the work of one leaf of ours. */
  const whole = (op: KernelOperator, leaf: FragmentOperator): void => {
    addTime(leaf, secondsIn(op));
    add(leaf.rows, op.rows);
  };
  /** @param at ours whose rows `op` gives; @param above the one that has taken the kernel's operators above it */
  const place = (op: KernelOperator, at: FragmentOperator, above: FragmentOperator): void => {
    const found = matching(op, at);
    if (found !== undefined) {
      // What vanished between them gives what this one gives.
      for (let gone = at; gone !== found; gone = gone.children[0]!) add(gone.rows, op.rows);
      if (found.children.length === 0) return whole(op, found);
      addTime(found, op.seconds);
      add(found.rows, op.rows);
      for (const [i, child] of found.children.entries()) {
        const below = op.children[i];
        if (below !== undefined) place(below, child, found);
      }
      for (const more of op.children.slice(found.children.length)) addTime(found, secondsIn(more));
      return;
    }
    addTime(above, op.seconds);
    const [first, ...others] = op.children;
    for (const other of others) addTime(above, secondsIn(other));
    if (first !== undefined) return place(first, at, above);
    // Nothing is left of what ours stands for: the kernel knew the answer.
    for (let gone: FragmentOperator | undefined = at; gone !== undefined; gone = gone.children.length === 1 ? gone.children[0] : undefined)
      add(gone.rows, op.rows);
  };
  place(root, top, top);
  const holder = holderIn(top);
  if (holder !== undefined) {
    if (peakMemoryBytes > 0) add(holder.peakMemory, peakMemoryBytes);
    if (peakSpilledBytes > 0) add(holder.spilled, peakSpilledBytes);
  }
  return figures;
}

/** Ours that `op` is: on the way down from `at`, past what may have vanished. A leaf of the kernel's is the leaf of ours, whatever is between. */
function matching(op: KernelOperator, at: FragmentOperator): FragmentOperator | undefined {
  const kind = KINDS[op.name];
  const isLeaf = op.children.length === 0 || kind === 'union';
  if (!isLeaf && kind === undefined) return undefined;
  if (kind === 'project' && !isLeaf) return at.kind === 'project' ? at : undefined;
  for (let node: FragmentOperator | undefined = at; node !== undefined; node = node.children[0]) {
    if (isLeaf ? node.children.length === 0 : isKind(node, kind!)) return node;
    if (isLeaf ? node.children.length > 1 : !MAY_VANISH.has(node.kind)) return undefined;
  }
  return undefined;
}

/** Grouping sets are a product with a list of numbers, generators a join with what they give. */
const isKind = (node: FragmentOperator, kind: OperatorKind): boolean =>
  node.kind === kind || (kind === 'join' && (node.kind === 'expand' || node.kind === 'generate'));

const secondsIn = (op: KernelOperator): number => op.children.reduce((sum, child) => sum + secondsIn(child), op.seconds);

/** The topmost operator that has a place for memory. */
function holderIn(node: FragmentOperator): FragmentOperator | undefined {
  if (node.peakMemory !== undefined || node.spilled !== undefined) return node;
  for (const child of node.children) {
    const found = holderIn(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

// What a plan's references mean in this task: user functions out of the rebuilt table, engine functions by name.
import { cloneValue } from '../../rdd/clone-value.ts';
import { type Compare, naturalOrder } from '../../rdd/natural-order.ts';
import { FirstHalfPartitioner, HashPartitioner, type Partitioner, RangePartitioner } from '../../rdd/partitioner.ts';
import { decodeRows } from '../../rdd/row-codec.ts';
import type { PlanAggregator, PlanPartitioner, Ref } from '../../plan/stage-plan.ts';
import type { Combiner } from '../../shuffle/aggregate-table.ts';
import { appended, joined } from './value-lists.ts';

type Any = any;
export type Functions = readonly Any[];

export const lookUp = (functions: Functions, ref: Ref): Any => (ref < 0 ? undefined : functions[ref]);
export const lookUpAll = (functions: Functions, refs: readonly Ref[] = []): Any[] => refs.map((ref) => lookUp(functions, ref));

export function combinerOf(aggregator: PlanAggregator, functions: Functions): Combiner {
  const [a, b, c] = lookUpAll(functions, aggregator.refs);
  const { method } = aggregator;
  switch (aggregator.kind) {
    case 'reduce':
      return { create: undefined, merge: a, combine: a, method };
    case 'fold':
      return { create: (value) => b(cloneValue(a), value), merge: b, combine: c, method };
    case 'combine':
      return { create: a, merge: b, combine: c, method };
    case 'group':
      return { create: (value) => [value], merge: appended, combine: joined };
    case 'sum':
      return { create: undefined, merge: plus, combine: plus };
    case 'first':
      return { create: undefined, merge: first, combine: first };
  }
}

const plus = (x: number, y: number) => x + y;
const first = (x: unknown) => x;

export function partitionerOf(plan: PlanPartitioner, functions: Functions): Partitioner {
  if (plan.kind === 'hash') return new HashPartitioner(plan.n);
  if (plan.kind === 'range') return new RangePartitioner(plan.n, plan.ascending, lookUp(functions, plan.compare), decodeRows(plan.bounds));
  if (plan.kind === 'firstHalf') return new FirstHalfPartitioner(partitionerOf(plan.of, functions));
  return checkedPartitioner(lookUp(functions, plan.object), plan.n);
}

/** A user's partitioner, whose answers are checked: a partition that does not exist would lose the record. */
function checkedPartitioner(own: Partitioner, n: number): Partitioner {
  const getPartition = (key: unknown) => {
    const p = own.getPartition(key);
    if (!Number.isInteger(p) || p < 0 || p >= n)
      throw new RangeError(`getPartition gave ${String(p)}; expected a whole number in [0, ${n})`);
    return p;
  };
  return { numPartitions: n, getPartition, equals: () => false };
}

export type KeyOrder = { readonly compare: Compare; readonly ascending: boolean; readonly natural: boolean };

export function keyOrderOf(order: { readonly ascending: boolean; readonly compare: Ref }, functions: Functions): KeyOrder {
  const own = lookUp(functions, order.compare) as Compare | undefined;
  return { compare: own ?? naturalOrder, ascending: order.ascending, natural: own === undefined };
}

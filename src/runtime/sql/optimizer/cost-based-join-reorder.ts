// Inner joins of up to eight inputs in the order that makes the fewest rows in between, bushy trees too: dynamic programming over the sets of
// inputs that conditions connect. Larger ones are reorder-join.ts's. Source: CostBasedJoinReorder of Spark 4.2 (Selinger et al., 1979).
import { allOf } from '../logical/conjuncts.ts';
import type { Expr } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { outputOf } from '../logical/plans.ts';
import { statisticsOf } from '../physical/statistics.ts';
import { referencesOf } from './rule-tools.ts';

export const MOST_INPUTS = 8;
/** Rows that go to every task cost this much of a row that stays; rows that change places, of both sides, as much again. */
const BROADCAST_ROW = 4;
const SHUFFLED_ROW = 3;

type Plan = { readonly plan: LogicalPlan; readonly cost: number };
type Condition = { readonly e: Expr; readonly mask: number };

/** @returns undefined when conditions do not connect all inputs; `rest` are conditions that no join could take */
export function bestOrder(
  given: readonly LogicalPlan[],
  conditions: readonly Expr[],
  broadcastBytes: number,
): { readonly plan: LogicalPlan; readonly rest: readonly Expr[] } | undefined {
  // Ties are decided by what the inputs are, not by where they stood.
  const inputs = [...given].sort((a, b) => firstId(a) - firstId(b));
  const owner = new Map(inputs.flatMap((input, i) => outputOf(input).map((a) => [a.exprId, 1 << i] as const)));
  const masked: Condition[] = conditions.map((e) => ({ e, mask: referencesOf(e).reduce((m, id) => m | (owner.get(id) ?? 0), 0) }));
  const isOne = (mask: number) => (mask & (mask - 1)) === 0;
  const usable = masked.filter(({ mask }) => !isOne(mask));
  const best = new Map<number, Plan>(inputs.map((plan, i) => [1 << i, { plan, cost: 0 }]));
  const all = (1 << inputs.length) - 1;
  for (let set = 1; set <= all; set++) {
    if (isOne(set)) continue;
    for (let a = (set - 1) & set; a > 0; a = (a - 1) & set) {
      const b = set ^ a;
      const [left, right] = [best.get(a), best.get(b)];
      if (left === undefined || right === undefined) continue;
      // The side with more rows streams: it is the left one.
      if (statisticsOf(left.plan).rows < statisticsOf(right.plan).rows || (a < b && sameRows(left, right))) continue;
      const on = usable.filter(({ mask }) => (mask & ~set) === 0 && (mask & a) !== 0 && (mask & b) !== 0 && isNew(mask, a, b));
      if (on.length === 0) continue;
      const plan = { kind: 'join', left: left.plan, right: right.plan, joinType: 'inner', condition: allOf(on.map(({ e }) => e)) } as const;
      const cost = left.cost + right.cost + costOf(plan, broadcastBytes);
      if (cost < (best.get(set)?.cost ?? Number.POSITIVE_INFINITY)) best.set(set, { plan, cost });
    }
  }
  const found = best.get(all);
  return found && { plan: found.plan, rest: masked.filter(({ mask }) => isOne(mask)).map(({ e }) => e) };
}

const firstId = (plan: LogicalPlan): number => Math.min(...outputOf(plan).map((a) => a.exprId));
const sameRows = (a: Plan, b: Plan): boolean => statisticsOf(a.plan).rows === statisticsOf(b.plan).rows;
/** Conditions within one side have been taken below. */
const isNew = (mask: number, a: number, b: number): boolean => (mask & ~a) !== 0 && (mask & ~b) !== 0;

function costOf(join: Extract<LogicalPlan, { kind: 'join' }>, broadcastBytes: number): number {
  const [left, right, out] = [statisticsOf(join.left), statisticsOf(join.right), statisticsOf(join)];
  const moved = right.bytes <= broadcastBytes ? right.rows * BROADCAST_ROW : (left.rows + right.rows) * SHUFFLED_ROW;
  return out.rows + moved;
}

// What became of a physical plan while it ran: exchanges with their sizes, sides of joins that went everywhere, plans that took the place of others
// (filters by keys). The final plan of explain and of the pages is the physical plan with this. Written by execute.ts and joins.ts.
// Source: what AdaptiveSparkPlanExec keeps of its query stages.
import type { Exchange } from '../../rdd/sql-fragment.ts';
import { exchangeBytes } from './parts.ts';
import { type BroadcastSide, keyOf, type PhysicalPlan } from './physical-plan.ts';
import { exchangeRows } from './spread.ts';

type Of<K extends PhysicalPlan['kind']> = Extract<PhysicalPlan, { kind: K }>;
/** Whom the rows of a stage are for. */
export type Consumer =
  | { readonly kind: 'exchange'; readonly plan: Of<'exchange'> }
  | { readonly kind: 'broadcast'; readonly plan: Of<'join'>; readonly side: BroadcastSide }
  | { readonly kind: 'result' | 'subquery' }
  /** The engine's own: keys, samples, rows that are to stay. */
  | { readonly kind: 'engine' };

export type RanExchange = {
  /** Number of the query stage, from 0 in the order in which they ended. */
  readonly stage: number;
  readonly exchange: Exchange;
  /** The rows were there already: another exchange of the query had computed them. */
  readonly isReused: boolean;
  readonly partitions: number;
  readonly bytes: number;
  readonly rows: number;
};
/** `text`: each task computes the rows itself. */
export type RanBroadcast = { readonly stage: number; readonly how: 'sent' | 'text'; readonly bytes: number; readonly ms: number };
type RanJoin = { readonly [side in BroadcastSide]?: { readonly plan?: PhysicalPlan; readonly broadcast?: RanBroadcast } };

export class RunRecord {
  readonly #exchanges = new Map<unknown, RanExchange>();
  readonly #joins = new Map<unknown, RanJoin>();
  readonly #tasks = new Map<Exchange, number>();
  #stages = 0;

  /** How many query stages have ended. */
  get stages(): number {
    return this.#stages;
  }

  exchanged(plan: PhysicalPlan, exchange: Exchange): void {
    const isReused = [...this.#exchanges.values()].some((ran) => ran.exchange === exchange);
    const { partitions } = exchange;
    const stage = isReused ? -1 : this.#stages++;
    this.#exchanges.set(keyOf(plan), {
      stage,
      exchange,
      isReused,
      partitions,
      bytes: exchangeBytes([exchange]),
      rows: exchangeRows(exchange),
    });
  }

  exchangeOf(plan: PhysicalPlan): RanExchange | undefined {
    return this.#exchanges.get(keyOf(plan));
  }

  /** A stage of so many tasks reads it by partitions. */
  read(exchange: Exchange, tasks: number): void {
    this.#tasks.set(exchange, tasks);
  }

  /** undefined: nobody reads it partition by partition. */
  tasksOf(exchange: Exchange): number | undefined {
    return this.#tasks.get(exchange);
  }

  sent(to: Consumer, how: RanBroadcast['how'], bytes: number, ms: number): void {
    if (to.kind !== 'broadcast') return;
    const broadcast = { stage: how === 'text' ? -1 : this.#stages++, how, bytes, ms };
    this.#side(to.plan, to.side, { broadcast });
  }

  /** `plan` ran as this side of a join. */
  ranAs(join: PhysicalPlan, side: BroadcastSide, plan: PhysicalPlan): void {
    this.#side(join, side, { plan });
  }

  #side(join: PhysicalPlan, side: BroadcastSide, more: NonNullable<RanJoin[BroadcastSide]>): void {
    const known = this.#joins.get(keyOf(join));
    this.#joins.set(keyOf(join), { ...known, [side]: { ...known?.[side], ...more } });
  }

  /** A side that went to all tasks, as planned or because it turned out small. */
  broadcastOf(join: PhysicalPlan, side: BroadcastSide): RanBroadcast | undefined {
    return this.#joins.get(keyOf(join))?.[side]?.broadcast;
  }

  /** A side as it ran, under the exchange that it has by plan. */
  sideOf(join: Of<'join'>, side: BroadcastSide): PhysicalPlan {
    const planned = join[side];
    const ran = this.#joins.get(keyOf(join))?.[side]?.plan;
    if (ran === undefined) return planned;
    return planned.kind === 'exchange' && ran.kind !== 'exchange' ? { ...planned, child: ran } : ran;
  }
}

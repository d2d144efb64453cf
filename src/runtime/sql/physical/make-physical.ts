// Optimised logical plan → physical plan: where rows must be brought together, by what, and which sides of joins go everywhere.
// Sizes are guesses here; execute.ts corrects them when exchanges are there. Source: SparkStrategies, EnsureRequirements of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import type { Expr } from '../logical/expressions.ts';
import { type Aggregate, type Join, type LogicalPlan, outputOf, type Window } from '../logical/plans.ts';
import { exprsOfPlan, mapPlanExprs } from '../logical/plan-tree.ts';
import { contains, transformUp } from '../logical/tree.ts';
import { aggregateThroughJoin } from './aggregate-through-join.ts';
import { broadcastSide } from './broadcast-side.ts';
import { areInBuckets, bucketSpread, relyOn, withoutBuckets } from './buckets.ts';
import { withDynamicPruning } from './dynamic-pruning.ts';
import { withFilterAbove } from './few-matches.ts';
import { joinKeys } from './join-keys.ts';
import { type InPlace, inPlaceOf, rangesBy, spreadOfScan } from './in-place.ts';
import type { BroadcastSide, Distribution, PhysicalPlan, SubqueryTable } from './physical-plan.ts';
import { bytesBelow, statisticsOf } from './statistics.ts';
import {
  type BucketUse,
  hashOf,
  hasOuter,
  isByTask,
  isClustered,
  isExactly,
  nextTable,
  NotStaged,
  renamed,
  sameKeys,
  sidesToBroadcast,
  SINGLE,
  type Spread,
  spreadOfJoin,
  UNKNOWN,
  windowsIn,
} from './spread.ts';
import { twoSteps } from './two-step-aggregates.ts';

export type PhysicalSettings = {
  readonly session: SessionSettings;
  /** spark.sql.autoBroadcastJoinThreshold, bytes; -1: never. */
  readonly broadcastBytes: number;
};

type Planned = { readonly plan: PhysicalPlan; readonly spread: Spread };

export function makePhysical(plan: LogicalPlan, settings: PhysicalSettings): PhysicalPlan {
  return withDynamicPruning(new Planner(settings).plan(plan).plan, settings.session);
}

class Planner {
  readonly #settings: PhysicalSettings;

  constructor(settings: PhysicalSettings) {
    this.#settings = settings;
  }

  plan(node: LogicalPlan): Planned {
    if (exprsOfPlan(node).some((e) => contains(e, isByTask))) return this.#narrow(node, (child) => this.#gather(child), SINGLE);
    switch (node.kind) {
      case 'kernelTable':
        return { plan: { kind: 'leaf', node }, spread: node.rdd === undefined && node.cached === undefined ? SINGLE : UNKNOWN };
      case 'oneRow':
      case 'localRelation':
        return { plan: { kind: 'leaf', node }, spread: SINGLE };
      case 'range':
        return { plan: { kind: 'leaf', node }, spread: UNKNOWN };
      case 'scan': {
        if (node.buckets === undefined) return { plan: { kind: 'leaf', node }, spread: spreadOfScan(node) };
        const buckets: BucketUse = { isUsed: false };
        return { plan: { kind: 'leaf', node, buckets }, spread: bucketSpread(node, buckets) };
      }
      case 'project':
        return this.#project(node);
      case 'filter':
      case 'subqueryAlias':
      case 'hint':
      case 'expand':
      case 'generate':
      case 'evalAsync':
      case 'sample':
        return this.#narrow(node, (child) => child);
      case 'aggregate':
        return this.#aggregate(node);
      case 'distinct':
        return this.#distinct(node);
      case 'deduplicate':
        return this.#narrow(node, (child) => this.#clustered(child, node.keys));
      case 'window':
        return this.#window(node);
      case 'sort':
        if (!node.isGlobal) return this.#narrow(node, (child) => child);
        return this.#narrow(node, (child) => this.#exchanged(child, { kind: 'range', order: node.order }));
      case 'limit':
        return this.#limit(node);
      case 'offset':
      case 'tail':
        return this.#narrow(node, (child) => this.#gather(child), SINGLE);
      case 'union': {
        const children = node.children.map((child) => this.plan(child).plan);
        return { plan: { kind: 'union', node, children }, spread: UNKNOWN };
      }
      case 'intersect':
      case 'except': {
        const [l, r] = [outputOf(node.left), outputOf(node.right)];
        const [left, right] = [node.left, node.right].map((side, i) => this.#hashed(withoutBuckets(this.plan(side)), i === 0 ? l : r)) as [
          Planned,
          Planned,
        ];
        return { plan: { kind: 'set', node, left: left.plan, right: right.plan }, spread: hashOf(l) };
      }
      case 'repartition':
        return this.#repartition(node);
      case 'join':
        return this.#join(node);
      case 'withCte':
      case 'cteRef':
        throw new NotStaged('a recursive or shared common table expression');
    }
  }

  /** Over the child as `prepare` brings it. */
  #narrow(node: LogicalPlan & { child?: LogicalPlan }, prepare: (child: Planned) => Planned, spread?: Spread): Planned {
    return this.#over(node, prepare(this.plan(node.child!)), spread);
  }

  #over(given: LogicalPlan, child: Planned, spread?: Spread, step?: 'partial'): Planned {
    const { node, subqueries } = this.#withTables(given);
    return {
      plan: { kind: 'narrow', node, child: child.plan, ...(subqueries.length > 0 && { subqueries }), ...(step && { step }) },
      spread: child.spread.kind === 'single' ? SINGLE : (spread ?? child.spread),
    };
  }

  #project(node: Extract<LogicalPlan, { kind: 'project' }>): Planned {
    const made = this.#narrow(node, (child) => child);
    return { ...made, spread: renamed(made.spread, node.projectList) };
  }

  #aggregate(given: Aggregate): Planned {
    const isMoved = (plan: LogicalPlan, keys: readonly Expr[]) => !isClustered(this.plan(plan).spread, keys);
    const node = (given.isOfTask ? undefined : aggregateThroughJoin(given, { ...this.#settings, isMoved })) ?? given;
    const child = this.plan(node.child);
    if (node.isOfTask) return this.#over(node, child, renamed(child.spread, node.aggregates), 'partial');
    if (child.spread.kind === 'single' || isClustered(child.spread, node.grouping))
      return { ...this.#over(node, this.#clustered(child, node.grouping)), spread: renamed(child.spread, node.aggregates) };
    const grouping = node.grouping.length === 0 ? undefined : node.grouping;
    const { node: whole, subqueries } = this.#withTables(node);
    const steps = twoSteps(whole as Aggregate, this.#settings.session);
    if (steps === undefined) {
      const brought = grouping === undefined ? this.#gather(child) : this.#hashed(child, grouping);
      return { ...this.#over(node, brought), spread: grouping === undefined ? SINGLE : renamed(brought.spread, node.aggregates) };
    }
    const tables = subqueries.length > 0 && { subqueries };
    const partial: PhysicalPlan = { kind: 'narrow', node: steps.partial, child: child.plan, step: 'partial', ...tables };
    const between = this.#brought({ plan: partial, spread: UNKNOWN }, steps.final.grouping, steps.partial);
    const final: PhysicalPlan = { kind: 'narrow', node: steps.final, child: between.plan, step: 'final', ...tables };
    return { plan: final, spread: grouping === undefined ? SINGLE : renamed(between.spread, steps.final.aggregates) };
  }

  /** By keys, or all together when there are none. */
  #brought(child: Planned, keys: readonly Expr[], node: LogicalPlan): Planned {
    return this.#exchanged(child, keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, undefined, statisticsOf(node).bytes);
  }

  #distinct(node: Extract<LogicalPlan, { kind: 'distinct' }>): Planned {
    const child = this.plan(node.child);
    const output = outputOf(node);
    if (child.spread.kind === 'single' || isClustered(child.spread, output)) return this.#over(node, this.#clustered(child, output));
    if (output.length === 0) return this.#over(node, this.#gather(child), SINGLE);
    const partial: PhysicalPlan = { kind: 'narrow', node, child: child.plan, step: 'partial' };
    const between = this.#brought({ plan: partial, spread: UNKNOWN }, output, node);
    return { plan: { kind: 'narrow', node, child: between.plan, step: 'final' }, spread: between.spread };
  }

  /** Window expressions of one node may be of several partitions: then all rows come together. */
  #window(node: Window): Planned {
    const partitions = node.windows.flatMap((w) => windowsIn(w as Expr)).map((w) => w.partition);
    const first = partitions[0];
    const isSame = first !== undefined && partitions.every((p) => sameKeys(p, first));
    return this.#narrow(node, (child) => (isSame && first.length > 0 ? this.#clustered(child, first) : this.#gather(child)));
  }

  #limit(node: Extract<LogicalPlan, { kind: 'limit' }>): Planned {
    const sort = node.child.kind === 'sort' && node.child.isGlobal ? node.child : undefined;
    const child = this.plan(sort === undefined ? node.child : sort.child);
    const over = (plan: LogicalPlan): LogicalPlan => ({ ...node, child: sort === undefined ? plan : { ...sort, child: plan } });
    const top = (below: PhysicalPlan, base: LogicalPlan, step?: 'partial' | 'final'): PhysicalPlan => {
      const ordered: PhysicalPlan =
        sort === undefined ? below : { kind: 'narrow', node: { ...sort, child: base }, child: below, ...(step && { step }) };
      return { kind: 'narrow', node: over(base) as typeof node, child: ordered, ...(step && { step }) };
    };
    const base = sort === undefined ? node.child : sort.child;
    if (child.spread.kind === 'single') return { plan: top(child.plan, base), spread: SINGLE };
    // Rows of a range sort below keep their order in the one task: partitions are read in turn.
    const partial = top(child.plan, base, 'partial');
    const between = this.#exchanged({ plan: partial, spread: UNKNOWN }, { kind: 'single' }, undefined, statisticsOf(node).bytes);
    return { plan: top(between.plan, base, 'final'), spread: SINGLE };
  }

  #repartition(node: Extract<LogicalPlan, { kind: 'repartition' }>): Planned {
    const child = this.plan(node.child);
    const { numPartitions, expressions, order } = node;
    if (!node.shuffle) return numPartitions === 1 ? this.#gather(child) : child;
    const to: Distribution = order?.length
      ? { kind: 'range', order }
      : expressions.length > 0
        ? { kind: 'hash', keys: expressions }
        : numPartitions === 1
          ? { kind: 'single' }
          : { kind: 'roundRobin' };
    const made = this.#exchanged(child, to, numPartitions, statisticsOf(node).bytes);
    return { plan: { ...made.plan, isAsked: true } as PhysicalPlan, spread: made.spread.kind === 'hash' ? UNKNOWN : made.spread };
  }

  #join(given: Join): Planned {
    if (given.isLateral) throw new NotStaged('a lateral join');
    const { node, subqueries } = this.#withTables(withFilterAbove(given)) as { node: Join; subqueries: readonly SubqueryTable[] };
    const keys = joinKeys(node);
    const planned = { left: this.plan(node.left), right: this.plan(node.right) };
    const mayBroadcast = sidesToBroadcast(node);
    const inPlace = inPlaceOf(planned.left.spread, planned.right.spread, keys);
    // Rows that lie together need not be sent anywhere, however few they are.
    const isTogether = inPlace?.sides.length === 2 && node.leftHint === undefined && node.rightHint === undefined;
    const most = this.#settings.broadcastBytes;
    const broadcast = isTogether ? undefined : broadcastSide(node, keys.left.length > 0, mayBroadcast, most);
    const isInBuckets = broadcast === undefined && keys.left.length > 0 && areInBuckets(planned.left.spread, planned.right.spread, keys);
    const [left, right] =
      isInBuckets || broadcast !== undefined
        ? [planned.left, planned.right]
        : [withoutBuckets(planned.left), withoutBuckets(planned.right)];
    const common = { kind: 'join', node, keys, broadcast, ...(subqueries.length > 0 && { subqueries }) } as const;
    if (left.spread.kind === 'single' && right.spread.kind === 'single')
      return {
        plan: { ...common, broadcast: undefined, mayBroadcast: [], left: left.plan, right: right.plan, keys: { left: [], right: [] } },
        spread: SINGLE,
      };
    if (broadcast !== undefined) {
      const kept = broadcast === 'right' ? left : right;
      return { plan: { ...common, mayBroadcast: [], left: left.plan, right: right.plan }, spread: kept.spread };
    }
    if (keys.left.length === 0)
      return { plan: { ...common, mayBroadcast: [], left: this.#gather(left).plan, right: this.#gather(right).plan }, spread: SINGLE };
    const [l, r] = isInBuckets
      ? [this.#ensured(left, keys.left), this.#ensured(right, keys.right)]
      : inPlace === undefined
        ? [this.#hashed(left, keys.left, node.left), this.#hashed(right, keys.right, node.right)]
        : [this.#ranged(left, 'left', node.left, keys.left, inPlace), this.#ranged(right, 'right', node.right, keys.right, inPlace)];
    const how = { mayBroadcast: isInBuckets || most < 0 ? [] : mayBroadcast, isInBuckets, ...(inPlace && { inPlace }) };
    return { plan: { ...common, ...how, left: l.plan, right: r.plan }, spread: spreadOfJoin(node, l.spread, r.spread) };
  }

  /** As the files of a side, or of both, are cut. */
  #ranged(child: Planned, side: BroadcastSide, node: LogicalPlan, keys: readonly Expr[], { sides, at, bounds }: InPlace): Planned {
    if (sides.includes(side)) return this.#ensured(child, [keys[at]!]);
    return { ...this.#hashed(child, [keys[at]!], node), spread: rangesBy(keys[at]!, bounds) };
  }

  #gather(child: Planned): Planned {
    return child.spread.kind === 'single' ? child : this.#exchanged(child, { kind: 'single' });
  }

  /** Equal keys in one task; what is so already stays, as Spark's ClusteredDistribution. */
  #clustered(child: Planned, keys: readonly Expr[]): Planned {
    if (child.spread.kind === 'single') return child;
    return isClustered(child.spread, keys) ? this.#ensured(child, keys) : this.#hashed(child, keys);
  }

  /** By exactly these keys in this order, so that two sides fit. */
  #hashed(child: Planned, keys: readonly Expr[], node?: LogicalPlan): Planned {
    if (isExactly(child.spread, keys)) return this.#ensured(child, keys);
    return this.#exchanged(child, { kind: 'hash', keys }, undefined, node && statisticsOf(node).bytes);
  }

  #ensured(child: Planned, keys: readonly Expr[]): Planned {
    const { plan } = this.#exchanged(child, { kind: 'hash', keys });
    relyOn(child.spread);
    return { plan: { ...plan, isEnsured: true } as PhysicalPlan, spread: child.spread };
  }

  #exchanged(child: Planned, to: Distribution, partitions?: number, bytes?: number): Planned {
    const plan: PhysicalPlan = { kind: 'exchange', to, child: child.plan, partitions, estimatedBytes: bytes ?? bytesBelow(child.plan) };
    return { plan, spread: to.kind === 'single' ? SINGLE : to.kind === 'hash' ? hashOf(to.keys) : UNKNOWN };
  }

  /** Subqueries of the node's expressions that stand alone become tables. @throws NotStaged for those that look outside */
  #withTables<N extends LogicalPlan>(node: N): { node: N; subqueries: readonly SubqueryTable[] } {
    const subqueries: SubqueryTable[] = [];
    const changed = mapPlanExprs(node, (e) =>
      transformUp(e, (x) => {
        if (x.kind !== 'scalarSubquery' && x.kind !== 'exists' && x.kind !== 'inSubquery') return x;
        if (x.plan.kind === 'kernelTable') return x;
        if (hasOuter(x.plan)) throw new NotStaged('a correlated subquery in this place');
        const table = nextTable('sub');
        const output = outputOf(x.plan);
        subqueries.push({ table, output, plan: this.plan(x.plan).plan });
        return { ...x, plan: { kind: 'kernelTable', output, columns: output.map((a) => `c${a.exprId}`), table } };
      }),
    ) as N;
    return { node: changed, subqueries };
  }
}

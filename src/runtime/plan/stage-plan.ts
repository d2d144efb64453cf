// One stage's pipeline as bytes: the lineage from its last RDD back to the shuffles and sources, engine operations by name, the user's functions
// as indexes into one table that closure/capture.ts ships. The interpreter is executor/compile-stage.ts.
import { Packr } from 'msgpackr';
import type { Aggregator, Op, ResultAction, RowArgs, ShuffleSpec } from '../rdd/ops.ts';
import { FirstHalfPartitioner, HashPartitioner, type Partitioner, RangePartitioner } from '../rdd/partitioner.ts';
import { encodeRows } from '../rdd/row-codec.ts';
import { encodeLiteral, type LiteralRows } from '../rdd/literal-rows.ts';
import type { RddNode, ShuffleDependency, StorageLevel } from './lineage.ts';

export type StageWork =
  | { readonly kind: 'result'; readonly action: ResultAction }
  | { readonly kind: 'shuffleMap'; readonly dependency: ShuffleDependency };

export type PlannedStage = {
  /** msgpack of StagePlan */
  readonly plan: Uint8Array;
  /** User functions and values, to be captured as one table. */
  readonly functions: readonly unknown[];
  /** Shuffles whose map outputs the install must carry. */
  readonly shufflesRead: readonly number[];
  /** Persisted RDDs in this pipeline, for locality. */
  readonly cachedRdds: readonly number[];
  /** What only this partition's task needs: a parallelize slice, file splits. Encoded when called. */
  payload(partition: number): Uint8Array | undefined;
};

/** An index into the function table; -1: none. */
export type Ref = number;

export type PlanPartitioner =
  | { readonly kind: 'hash'; readonly n: number }
  | { readonly kind: 'range'; readonly n: number; readonly ascending: boolean; readonly compare: Ref; readonly bounds: Uint8Array }
  | { readonly kind: 'firstHalf'; readonly n: number; readonly of: PlanPartitioner }
  | { readonly kind: 'user'; readonly n: number; readonly object: Ref };

export type PlanAggregator = { readonly kind: Aggregator['kind']; readonly method?: string | undefined; readonly refs: readonly Ref[] };

export type PlanShuffle = {
  readonly shuffleId: number;
  readonly partitioner: PlanPartitioner;
  readonly aggregator: PlanAggregator | undefined;
  readonly mapSideCombine: boolean;
  readonly order: { readonly ascending: boolean; readonly compare: Ref } | undefined;
};

export type PlanNode = {
  readonly id: number;
  readonly tag: Op['tag'];
  readonly partitions: number;
  /** Persisted, and how. */
  readonly level: StorageLevel | undefined;
  /** Indexes of narrow parents; -1 - i: shuffle i of `shuffles`. */
  readonly parents: readonly number[];
  readonly name?: string;
  readonly refs?: readonly Ref[];
  readonly args?: Readonly<Record<string, unknown>>;
  readonly groups?: readonly (readonly number[])[];
  readonly aggregator?: PlanAggregator;
  readonly range?: { readonly start: number; readonly step: number; readonly count: number; readonly slices: number };
};

export type StagePlan = {
  /** Parents before children; the last is the stage's RDD. */
  readonly nodes: readonly PlanNode[];
  readonly shuffles: readonly PlanShuffle[];
  readonly work:
    | { readonly kind: 'result'; readonly action: Record<string, unknown> & { kind: ResultAction['kind'] }; readonly refs: readonly Ref[] }
    | { readonly kind: 'shuffleMap'; readonly shuffle: PlanShuffle };
};

/** Inputs of one task: node index and partition of a source, and what it reads there. */
export type TaskInput = readonly [node: number, partition: number, input: unknown];

const packr = new Packr({ useRecords: false, mapsAsObjects: true, moreTypes: true, copyBuffers: true } as ConstructorParameters<
  typeof Packr
>[0]);
export const decodeStagePlan = (bytes: Uint8Array): StagePlan => packr.unpack(bytes) as StagePlan;
export const decodeTaskInputs = (bytes: Uint8Array): TaskInput[] => packr.unpack(bytes) as TaskInput[];

export function planStage(root: RddNode, work: StageWork): PlannedStage {
  return new StagePlanner(root, work).plan();
}

class StagePlanner {
  readonly #root: RddNode;
  readonly #work: StageWork;
  readonly #functions: unknown[] = [];
  readonly #refs = new Map<unknown, Ref>();
  readonly #indexes = new Map<RddNode, number>();
  readonly #order: RddNode[] = [];
  readonly #nodes: PlanNode[] = [];
  readonly #shuffles: PlanShuffle[] = [];

  constructor(root: RddNode, work: StageWork) {
    this.#root = root;
    this.#work = work;
  }

  plan(): PlannedStage {
    for (const node of parentsFirst(this.#root)) {
      this.#indexes.set(node, this.#nodes.length);
      this.#order.push(node);
      this.#nodes.push(this.#node(node));
    }
    const plan: StagePlan = { nodes: this.#nodes, shuffles: this.#shuffles, work: this.#planWork() };
    const hasInputs = this.#order.some((node) => PAYLOAD_TAGS.has((node.op as Op).tag));
    return {
      plan: packr.pack(plan),
      functions: this.#functions,
      shufflesRead: this.#shuffles.map((shuffle) => shuffle.shuffleId),
      cachedRdds: this.#order.filter((node) => node.storageLevel).map((node) => node.id),
      payload: (partition) => (hasInputs ? this.#payload(partition) : undefined),
    };
  }

  #planWork(): StagePlan['work'] {
    if (this.#work.kind === 'shuffleMap') return { kind: 'shuffleMap', shuffle: this.#shuffle(this.#work.dependency) };
    const { functions = [], ...action } = this.#work.action as ResultAction & { functions?: readonly unknown[] };
    return { kind: 'result', action, refs: functions.map((fn) => this.#ref(fn)) };
  }

  #node(node: RddNode): PlanNode {
    const op = node.op as Op;
    const parents = node.dependencies.map((dependency) => {
      if (dependency.kind === 'narrow') return this.#indexes.get(dependency.parent)!;
      return -this.#shuffles.push(this.#shuffle(dependency));
    });
    const common = { id: node.id, tag: op.tag, partitions: node.partitions, level: levelFlags(node.storageLevel), parents };
    switch (op.tag) {
      case 'rows':
        return { ...common, name: op.name, refs: op.functions.map((fn) => this.#ref(fn)), ...(op.args && { args: planArgs(op.args) }) };
      case 'range':
        return { ...common, range: { start: op.start, step: op.step, count: op.count, slices: op.slices } };
      case 'checkpoint':
        return { ...common, args: { folder: op.folder } };
      case 'lostCheckpoint':
        return { ...common, args: { of: op.of } };
      case 'coalesce':
        return { ...common, groups: op.groups };
      case 'combineLocal':
        return { ...common, aggregator: this.#aggregator(op.aggregator) };
      default:
        return common;
    }
  }

  #ref(value: unknown): Ref {
    if (value === undefined) return -1;
    const shared = typeof value === 'function' || (typeof value === 'object' && value !== null);
    const known = shared ? this.#refs.get(value) : undefined;
    if (known !== undefined) return known;
    const ref = this.#functions.push(value) - 1;
    if (shared) this.#refs.set(value, ref);
    return ref;
  }

  #shuffle(dependency: ShuffleDependency): PlanShuffle {
    const { partitioner, aggregator, mapSideCombine, order } = dependency.spec as ShuffleSpec;
    return {
      shuffleId: dependency.shuffleId,
      partitioner: this.#partitioner(partitioner),
      aggregator: aggregator && this.#aggregator(aggregator),
      mapSideCombine,
      order: order && { ascending: order.ascending, compare: this.#ref(order.compare) },
    };
  }

  #aggregator(aggregator: Aggregator): PlanAggregator {
    const { kind, method } = aggregator;
    if (kind === 'reduce') return { kind, method, refs: [this.#ref(aggregator.reduce)] };
    if (kind === 'fold')
      return { kind, method, refs: [this.#ref(aggregator.zero), this.#ref(aggregator.merge), this.#ref(aggregator.combine)] };
    if (kind === 'combine')
      return { kind, method, refs: [this.#ref(aggregator.create), this.#ref(aggregator.merge), this.#ref(aggregator.combine)] };
    return { kind, refs: [] };
  }

  #partitioner(partitioner: Partitioner): PlanPartitioner {
    const n = partitioner.numPartitions;
    if (partitioner instanceof HashPartitioner) return { kind: 'hash', n };
    if (partitioner instanceof RangePartitioner) {
      return {
        kind: 'range',
        n,
        ascending: partitioner.ascending,
        compare: this.#ref(partitioner.compare),
        bounds: encodeRows(partitioner.bounds!),
      };
    }
    if (partitioner instanceof FirstHalfPartitioner) return { kind: 'firstHalf', n, of: this.#partitioner(partitioner.of) };
    return { kind: 'user', n, object: this.#ref(partitioner) };
  }

  #payload(partition: number): Uint8Array | undefined {
    const inputs: TaskInput[] = [];
    this.#gather(this.#root, partition, inputs);
    return inputs.length === 0 ? undefined : packr.pack(inputs);
  }

  /** Follows a partition through the narrow dependencies to the sources that it reads. */
  #gather(node: RddNode, partition: number, inputs: TaskInput[]): void {
    const op = node.op as Op;
    const index = this.#indexes.get(node)!;
    if (op.tag === 'parallelize') inputs.push([index, partition, encodeLiteral(op.slice(partition), node.callSite) satisfies LiteralRows]);
    else if (op.tag === 'textFile') inputs.push([index, partition, op.splits[partition]]);
    else if (op.tag === 'wholeTextFiles') inputs.push([index, partition, op.groups[partition]]);
    else for (const [parent, p] of narrowParents(node, partition)) this.#gather(parent, p, inputs);
  }
}

/** Only the flags of a level travel. */
const levelFlags = (level: StorageLevel | undefined): StorageLevel | undefined =>
  level && {
    useDisk: level.useDisk,
    useMemory: level.useMemory,
    useOffHeap: level.useOffHeap,
    deserialized: level.deserialized,
    replication: level.replication,
  };

/** lookup's key may be any value. */
const planArgs = (args: RowArgs): RowArgs => (args.key === undefined ? args : { key: encodeRows(args.key as unknown[]) });

const PAYLOAD_TAGS: ReadonlySet<Op['tag']> = new Set(['parallelize', 'textFile', 'wholeTextFiles']);

/** Which partitions of which narrow parents a partition is made of. */
function narrowParents(node: RddNode, partition: number): [RddNode, number][] {
  const op = node.op as Op;
  if (op.tag === 'union') {
    let p = partition;
    for (const { parent } of node.dependencies) {
      if (p < parent.partitions) return [[parent, p]];
      p -= parent.partitions;
    }
    return [];
  }
  const parents = node.dependencies.filter((dependency) => dependency.kind === 'narrow').map((dependency) => dependency.parent);
  if (op.tag === 'coalesce') return op.groups[partition]!.map((p) => [parents[0]!, p]);
  return parents.map((parent) => [parent, partition]);
}

/** The stage's RDDs, each once, cut at shuffles. Without recursion: an iterative program's lineage can be thousands deep. */
function parentsFirst(root: RddNode): RddNode[] {
  const order: RddNode[] = [];
  const seen = new Set<RddNode>();
  const stack: [RddNode, boolean][] = [[root, false]];
  while (stack.length > 0) {
    const [node, expanded] = stack.pop()!;
    if (expanded) order.push(node);
    else if (!seen.has(node)) {
      seen.add(node);
      stack.push([node, true]);
      for (const dependency of node.dependencies) if (dependency.kind === 'narrow') stack.push([dependency.parent, false]);
    }
  }
  return order;
}

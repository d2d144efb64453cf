// The part of an RDD that is lineage: its node, its names, persistence, and how a new RDD is derived from one or more.
// Transformations are in transformations.ts and pair-transformations.ts, actions in actions.ts; rdd.ts puts them together.
// Source: Spark's RDD.scala.
import type { Dependency, RddNode } from '../plan/lineage.ts';
import { scopeOf } from './api-calls.ts';
import { checkpointOf, localCheckpointLevel, markCheckpoint } from './checkpoint.ts';
import type { RddContext } from './context.ts';
import { debugString } from './debug-string.ts';
import type { Op, Pending, RowArgs, RowOpName } from './ops.ts';
import { NOT_AWAITED } from './not-awaited.ts';
import type { Partitioner } from './partitioner.ts';
import type { RDD } from './rdd.ts';
import type { ResourceProfile } from './resource-profile.ts';
import { sameLevel, StorageLevel } from './storage-level.ts';

export type Derivation = {
  readonly kind?: string;
  readonly op: Op;
  readonly dependencies: readonly Dependency[];
  readonly partitions: number;
  readonly partitioner?: Partitioner | undefined;
  readonly callSite: string;
  readonly pending?: Pending | undefined;
  readonly preferredHosts?: (partition: number) => readonly string[];
  readonly barrier?: boolean;
};

export const narrow = (rdd: { readonly node: RddNode }): Dependency => ({ kind: 'narrow', parent: rdd.node });

/** Driver work that nodes wait for; found by walking the lineage before a job (prepare-lineage.ts). */
export const pendingOf = new WeakMap<RddNode, Pending>();

export abstract class RddBase<T> {
  /** Never there at run time: keeps RDD<A> and RDD<B> apart for the compiler. */
  declare readonly _row: T;
  readonly context: RddContext;
  readonly node: RddNode;
  /** How the keys of a pair RDD are spread; undefined when not known. */
  readonly partitioner: Partitioner | undefined;

  constructor(context: RddContext, node: RddNode, partitioner: Partitioner | undefined) {
    this.context = context;
    this.node = node;
    this.partitioner = partitioner;
  }

  get [Symbol.for('spark.closure.refuse')](): string {
    return 'is an RDD: it only exists in the driver (SPARK-5063)';
  }

  get id(): number {
    return this.node.id;
  }

  get name(): string | undefined {
    return this.node.name;
  }

  setName(name: string): this {
    this.node.name = name;
    return this;
  }

  getNumPartitions(): number {
    return this.node.partitions;
  }

  /** StorageLevel.NONE when it is not persisted. */
  getStorageLevel(): StorageLevel {
    return (this.node.storageLevel as StorageLevel | undefined) ?? StorageLevel.NONE;
  }

  /** persist() with the default level, MEMORY_ONLY. */
  cache(): this {
    return this.persist();
  }

  /**
   * Keeps the partitions, each where the first action that needs it computes it, at a level of StorageLevel.
   * @throws Error when the RDD has another level already, as Spark does
   */
  persist(level: StorageLevel = StorageLevel.MEMORY_ONLY): this {
    const now = this.node.storageLevel;
    if (now !== undefined && !sameLevel(now, level))
      throw new Error('Cannot change storage level of an RDD after it was already assigned a level');
    if (now !== undefined || !level.isValid) return this;
    this.node.storageLevel = level;
    this.context.persisted(this as never);
    return this;
  }

  /**
   * The stages that compute this RDD run with these resources. @throws AppError BAD_ARGUMENT when the master or the settings do not allow it
   */
  withResources(profile: ResourceProfile): this {
    this.context.addResourceProfile(profile);
    this.node.resources = profile;
    return this;
  }

  /** What withResources was given; undefined: nothing. */
  getResourceProfile(): ResourceProfile | undefined {
    return this.node.resources as ResourceProfile | undefined;
  }

  /** Forgets what is cached. @param blocking resolves only when every executor has deleted it */
  async unpersist(blocking = false): Promise<this> {
    this.node.storageLevel = undefined;
    await this.context.unpersist(this.node.id, blocking);
    return this;
  }

  /**
   * Cuts the lineage after the next job: the partitions are written below the checkpoint folder and read from there.
   * @throws Error when sc.setCheckpointDir was not called
   */
  checkpoint(): void {
    if (this.context.getCheckpointDir() === undefined) throw new Error('Checkpoint directory has not been set in the SparkContext');
    markCheckpoint(this.node, 'reliable');
  }

  /** Cuts the lineage after the next job without files elsewhere: what executors hold is all there is, and is lost with them. */
  localCheckpoint(): this {
    markCheckpoint(this.node, 'local');
    this.node.storageLevel = localCheckpointLevel(this.node.storageLevel);
    this.context.persisted(this as never);
    return this;
  }

  /** Whether a checkpoint, reliable or local, was made. */
  isCheckpointed(): boolean {
    return checkpointOf(this.node)?.state === 'DONE';
  }

  /** Where the reliable checkpoint lies, once it was made. */
  getCheckpointFile(): string | undefined {
    const folder = checkpointOf(this.node)?.folder;
    return folder && `file:${folder}`;
  }

  /** The lineage in Spark's layout. */
  toDebugString(): string {
    return debugString(this.node);
  }

  toString(): string {
    return `${this.node.name === undefined ? '' : `${this.node.name} `}${this.node.kind}[${this.node.id}] at ${this.node.callSite}`;
  }

  /** @internal */
  derive<U>(derivation: Derivation): RDD<U> {
    return newRdd<U>(this.context, derivation);
  }

  /** @internal A row operation on the same partitions. The user's functions are checked here, on the user's line. */
  rows<U>(
    method: string,
    name: RowOpName,
    functions: readonly unknown[],
    options: { args?: RowArgs; keepPartitioner?: boolean; barrier?: boolean } = {},
  ): RDD<U> {
    const callSite = this.context.callSite(method);
    for (const fn of functions) checked(this.context, fn, callSite);
    const op: Op = { tag: 'rows', name, functions, ...(options.args && { args: options.args }) };
    const partitioner = options.keepPartitioner ? this.partitioner : undefined;
    const { barrier = false } = options;
    return newRdd<U>(this.context, { op, dependencies: [narrow(this)], partitions: this.node.partitions, partitioner, callSite, barrier });
  }
}

/** @throws TypeError when a function is missing, TaskNotSerializableError when it can't travel */
export function checked(context: RddContext, value: unknown, callSite: string): void {
  if (typeof value === 'function') context.checkSerializable(value, callSite);
}

/** @throws TypeError naming the method, on the user's line and not in a task */
export function demandFunction(fn: unknown, method: string): void {
  if (typeof fn !== 'function') throw new TypeError(`${method}: expected a function, got ${fn === null ? 'null' : typeof fn}`);
  const kind = (fn as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if ((kind === 'AsyncFunction' || kind === 'AsyncGeneratorFunction') && !AWAITED.has(method))
    throw new TypeError(`${method}: ${NOT_AWAITED}`);
}

/** Methods whose tasks await what the function gives. Elsewhere a promise would be the row: a filter would keep everything, a count be right by chance. */
const AWAITED: ReadonlySet<string> = new Set(['mapPartitions', 'mapPartitionsWithIndex', 'foreach', 'foreachPartition']);

type RddConstructor = new <T>(context: RddContext, node: RddNode, partitioner: Partitioner | undefined) => RDD<T>;
let rddConstructor: RddConstructor;

/** rdd.ts says which class is made: the parts of the class below it must not import it. */
export function setRddConstructor(constructor: RddConstructor): void {
  rddConstructor = constructor;
}

export function newRdd<T>(context: RddContext, derivation: Derivation): RDD<T> {
  const { op, dependencies, partitions, callSite, preferredHosts } = derivation;
  const node: RddNode = {
    id: context.nextRddId(),
    kind: derivation.kind ?? 'MapPartitionsRDD',
    name: undefined,
    callSite,
    scope: scopeOf(callSite),
    partitions,
    dependencies,
    op,
    storageLevel: undefined,
    ...(preferredHosts && { preferredHosts }),
    ...(derivation.barrier === true && { barrier: true }),
  };
  if (derivation.pending) pendingOf.set(node, derivation.pending);
  return new rddConstructor<T>(context, node, derivation.partitioner);
}

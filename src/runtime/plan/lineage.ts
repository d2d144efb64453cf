// Lineage as the DAG scheduler sees it: RDDs as nodes, narrow and shuffle dependencies. What a node computes is `op`, known to
// plan/stage-plan.ts (driver) and executor/ (interpreter); user functions sit in it as functions until a stage is captured.
// Source: Spark's RDD.scala, Dependency.scala.
import type { StageResources } from './stage-resources.ts';

/** Spark's StorageLevel as flags; the class with the names is rdd/storage-level.ts. */
export type StorageLevel = {
  readonly useDisk: boolean;
  readonly useMemory: boolean;
  readonly useOffHeap: boolean;
  readonly deserialized: boolean;
  readonly replication: number;
};

export type NarrowDependency = { readonly kind: 'narrow'; readonly parent: RddNode };

export type ShuffleDependency = {
  readonly kind: 'shuffle';
  readonly shuffleId: number;
  readonly parent: RddNode;
  /** Reduce partitions that each map task writes. */
  readonly reducePartitions: number;
  /** How records are keyed, combined and ordered; opaque here, understood by plan/stage-plan.ts and executor/. */
  readonly spec: unknown;
};

export type Dependency = NarrowDependency | ShuffleDependency;

export type RddNode = {
  readonly id: number;
  /** Spark's class-like name in toDebugString: `MapPartitionsRDD`, `ShuffledRDD`. */
  readonly kind: string;
  /** User-given name (setName), shown before the kind. */
  name: string | undefined;
  /** `map at job.ts:14` */
  readonly callSite: string;
  /** The API call that made it: RDDs of one call are drawn together. Absent: not known. */
  readonly scope?: { readonly id: string; readonly name: string };
  readonly partitions: number;
  readonly dependencies: readonly Dependency[];
  readonly op: unknown;
  /** Made by rdd.barrier(): the tasks of its stage start together. */
  readonly barrier?: boolean;
  /** Set by persist/cache, cleared by unpersist; read when a job is submitted. */
  storageLevel: StorageLevel | undefined;
  /** Set by withResources; read when a job is submitted. */
  resources?: StageResources;
  /** Hosts on which the partition's input lies; empty: anywhere. */
  readonly preferredHosts?: (partition: number) => readonly string[];
};

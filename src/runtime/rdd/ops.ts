// What the nodes of the lineage compute, as data: engine operations have names, and only the user's functions are functions, so only they
// are captured (closures.md §2.4). plan/stage-plan.ts turns a stage's ops into bytes; executor/compute/ runs them.
import type { Compare } from './natural-order.ts';
import type { Partitioner } from './partitioner.ts';

export type UserFunction = Function;

/** A byte range of a file. `length` -1: to its end (compressed files can't be split). */
export type FileSplit = { readonly path: string; readonly start: number; readonly length: number };

/** One parent, same partition: rows in, rows out. `functions` are the user's, in the order that executor/compute/row-ops.ts expects. */
export type RowsOp = { readonly tag: 'rows'; readonly name: RowOpName; readonly functions: readonly unknown[]; args?: RowArgs };
export type RowArgs = Readonly<Record<string, unknown>>;

export type RowOpName =
  | 'identity'
  | 'map'
  | 'filter'
  | 'flatMap'
  | 'mapPartitions'
  | 'mapPartitionsWithIndex'
  | 'glom'
  | 'keyBy'
  | 'mapValues'
  | 'flatMapValues'
  | 'keys'
  | 'values'
  | 'withNull'
  | 'withOne'
  | 'valuesToOne'
  | 'sample'
  | 'withIndex'
  | 'distribute'
  | 'joinInner'
  | 'joinLeft'
  | 'joinRight'
  | 'joinFull'
  | 'subtract'
  | 'intersect'
  | 'hasKey'
  | 'aggregatePartition'
  | 'reducePartition'
  | 'modKey'
  /** args: sql-fragment.ts; functions: its broadcasts, then bodies of the program's functions */
  | 'sqlFragment'
  /** Files of a fragment → values of the program. args: shape; functions: its classes */
  | 'sqlDecode'
  /** Values of the program → files that a fragment reads. args: name, columns, shape */
  | 'sqlEncode'
  /** What a function gave, as it would be after a way through columns. args: shape; functions: its classes */
  | 'typedValue'
  /** f(key, values) of groups, one row or several; of groups of two. */
  | 'mapGroups'
  | 'flatMapGroups'
  | 'cogroupGroups'
  /** What the rows of a partition look like, as JSON. args: names */
  | 'inferRows';

export type Op =
  | { readonly tag: 'parallelize'; readonly slice: (partition: number) => readonly unknown[] }
  | { readonly tag: 'range'; readonly start: number; readonly step: number; readonly count: number; readonly slices: number }
  | { readonly tag: 'textFile'; readonly splits: readonly FileSplit[] }
  | { readonly tag: 'wholeTextFiles'; readonly groups: readonly (readonly string[])[] }
  | RowsOp
  /** Partitions of the parents one after another. */
  | { readonly tag: 'union' }
  /** Partition p is partition p of every parent, one after another: all of them are partitioned alike. */
  | { readonly tag: 'unionByPartition' }
  /** Partition p is the parent's partitions groups[p], one after another. */
  | { readonly tag: 'coalesce'; readonly groups: readonly (readonly number[])[] }
  /** Reads the one shuffle dependency; what is done with the records is in the ShuffleSpec. */
  | { readonly tag: 'shuffled' }
  /** Rows [key, [values of parent 0, values of parent 1, …]]; a narrow parent is partitioned already. */
  | { readonly tag: 'cogroup' }
  /** Combines values of one key inside each partition: the keys are where they belong already. */
  | { readonly tag: 'combineLocal'; readonly aggregator: Aggregator }
  | { readonly tag: 'empty' }
  /** Partition p is the file of that number in the folder. */
  | { readonly tag: 'checkpoint'; readonly folder: string }
  /** Nothing to compute: the RDD of this id was its own checkpoint, and this partition of it is gone. */
  | { readonly tag: 'lostCheckpoint'; readonly of: number };

/**
 * How values of one key become one combiner. `group` collects into arrays, `sum` adds numbers, `first` keeps the first.
 * `zero` is cloned for each key. `method` is the user's, for messages.
 */
export type Aggregator = { readonly method?: string } & (
  | { readonly kind: 'reduce'; readonly reduce: UserFunction }
  | { readonly kind: 'fold'; readonly zero: unknown; readonly merge: UserFunction; readonly combine: UserFunction }
  | { readonly kind: 'combine'; readonly create: UserFunction; readonly merge: UserFunction; readonly combine: UserFunction }
  | { readonly kind: 'group' }
  | { readonly kind: 'sum' }
  | { readonly kind: 'first' }
);

export type ShuffleSpec = {
  readonly partitioner: Partitioner;
  readonly aggregator: Aggregator | undefined;
  readonly mapSideCombine: boolean;
  /** Rows of a reduce partition come in the order of their keys. */
  readonly order: { readonly ascending: boolean; readonly compare: Compare | undefined } | undefined;
};

/** What a result stage does with the rows of a partition. Its answer is a number or bytes (row-codec.ts). */
export type ResultAction =
  | { readonly kind: 'collect' }
  | { readonly kind: 'count' }
  | { readonly kind: 'take'; readonly limit: number }
  | { readonly kind: 'reduce'; readonly functions: readonly [UserFunction] }
  | { readonly kind: 'fold'; readonly method: string; readonly functions: readonly [zero: unknown, merge: UserFunction] }
  | { readonly kind: 'foreach'; readonly functions: readonly [UserFunction] }
  | { readonly kind: 'foreachPartition'; readonly functions: readonly [UserFunction] }
  | { readonly kind: 'top'; readonly limit: number; readonly largest: boolean; readonly functions: readonly [Compare | undefined] }
  | { readonly kind: 'extreme'; readonly largest: boolean; readonly functions: readonly [Compare | undefined] }
  | { readonly kind: 'stats' }
  | { readonly kind: 'sum' }
  | { readonly kind: 'reservoir'; readonly perPartition: number; readonly shift: number }
  | { readonly kind: 'sampleKeys'; readonly fraction: number; readonly seeds: Readonly<Record<number, string>> }
  | { readonly kind: 'saveCheckpoint'; readonly folder: string; readonly compress: boolean }
  | { readonly kind: 'saveAsTextFile'; readonly path: string; readonly jobId: string };

/** Work on the driver that must be done before a node's op is complete: a sample for bounds, counts for an index. Memoised. */
export type Pending = { done: Promise<void> | undefined; readonly run: () => Promise<void> };

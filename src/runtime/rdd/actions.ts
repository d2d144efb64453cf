// Actions: what runs jobs. Each answers with a promise. Order of results and scanning as Spark's RDD.scala.
import { AppError } from '../../common/errors.ts';
import { cloneValue } from './clone-value.ts';
import type { OnResult, PartitionResult } from './context.ts';
import type { Widened } from './inference.ts';
import { type Compare, naturalOrder } from './natural-order.ts';
import { commitOutput, prepareOutput, abortOutput } from './output-commit.ts';
import type { ResultAction } from './ops.ts';
import { PairTransformations, type Partitioning } from './pair-transformations.ts';
import { refusePromise } from './not-awaited.ts';
import { prepareLineage } from './prepare-lineage.ts';
import { checked, demandFunction } from './rdd-base.ts';
import type { RDD } from './rdd.ts';
import { decodeRows } from './row-codec.ts';
import { StatCounter } from './stat-counter.ts';
import { partitionsToTry } from './take-growth.ts';
import type { PartitionRows } from './transformations.ts';
import { treeFold, treeReduced } from './tree-aggregate.ts';

type Ordering<T> = (a: T, b: T) => number;

export abstract class Actions<T> extends PairTransformations<T> {
  async collect(): Promise<T[]> {
    const parts = await this.perPartition<T[]>(this.context.callSite('collect'), { kind: 'collect' }, rowsOf);
    return joined(parts);
  }

  async count(): Promise<number> {
    let sum = 0;
    await this.run(this.context.callSite('count'), { kind: 'count' }, undefined, (_, n) => {
      sum += n as number;
    });
    return sum;
  }

  /** The first rows, looking at one partition, then four times as many, and so on. */
  async take(limit: number): Promise<T[]> {
    return this.taken(this.context.callSite('take'), limit);
  }

  /** @throws AppError EMPTY_COLLECTION */
  async first(): Promise<T> {
    const rows = await this.taken(this.context.callSite('first'), 1);
    if (rows.length === 0) throw emptyCollection();
    return rows[0]!;
  }

  async isEmpty(): Promise<boolean> {
    return this.node.partitions === 0 || (await this.taken(this.context.callSite('isEmpty'), 1)).length === 0;
  }

  /** `f` must be associative and commutative. @throws AppError EMPTY_COLLECTION */
  async reduce(f: (a: Widened<T>, b: Widened<T>) => Widened<T>): Promise<Widened<T>> {
    demandFunction(f, 'reduce');
    const parts = await this.perPartition(this.context.callSite('reduce'), { kind: 'reduce', functions: [f] }, optionalValue);
    const values = parts.flat(1) as Widened<T>[];
    if (values.length === 0) throw emptyCollection();
    return settled(
      'reduce',
      values.reduce((a, b) => f(a, b)),
    );
  }

  /** @param zero each partition, and the merge at the end, begin with a copy of it */
  async fold(zero: T, f: (a: T, b: T) => T): Promise<T> {
    return this.folded('fold', zero, f, f);
  }

  async aggregate<U>(zero: U, merge: (acc: U, row: T) => U, combine: (a: U, b: U) => U): Promise<U> {
    return this.folded('aggregate', zero, merge, combine);
  }

  /** reduce in `depth` levels of shuffles, for many partitions with large results. */
  async treeReduce(f: (a: Widened<T>, b: Widened<T>) => Widened<T>, depth = 2): Promise<Widened<T>> {
    demandFunction(f, 'treeReduce');
    return treeReduced(this as unknown as RDD<Widened<T>>, f, depth);
  }

  async treeAggregate<U>(zero: U, merge: (acc: U, row: T) => U, combine: (a: U, b: U) => U, depth = 2): Promise<U> {
    demandFunction(merge, 'treeAggregate');
    demandFunction(combine, 'treeAggregate');
    return treeFold(this as unknown as RDD<T>, zero, merge, combine, depth);
  }

  /** May be asynchronous: the task waits for each row. */
  async foreach(f: (row: T) => unknown): Promise<void> {
    demandFunction(f, 'foreach');
    await this.run(this.context.callSite('foreach'), { kind: 'foreach', functions: [f] }, undefined, () => {});
  }

  async foreachPartition(f: (rows: PartitionRows<T>) => unknown): Promise<void> {
    demandFunction(f, 'foreachPartition');
    await this.run(this.context.callSite('foreachPartition'), { kind: 'foreachPartition', functions: [f] }, undefined, () => {});
  }

  /** The largest rows, largest first. */
  async top(limit: number, compare?: Ordering<T>): Promise<T[]> {
    return this.ordered('top', limit, true, compare);
  }

  /** The smallest rows, smallest first. */
  async takeOrdered(limit: number, compare?: Ordering<T>): Promise<T[]> {
    return this.ordered('takeOrdered', limit, false, compare);
  }

  async min(compare?: Ordering<T>): Promise<T> {
    return this.extreme('min', false, compare);
  }

  async max(compare?: Ordering<T>): Promise<T> {
    return this.extreme('max', true, compare);
  }

  async sum(this: RDD<number>): Promise<number> {
    const parts = await this.perPartition(this.context.callSite('sum'), { kind: 'sum' }, (n) => (n ?? 0) as number);
    return parts.reduce((a, b) => a + b, 0);
  }

  async stats(this: RDD<number>): Promise<StatCounter> {
    return this.counted('stats');
  }

  async mean(this: RDD<number>): Promise<number> {
    return (await this.counted('mean')).mean;
  }

  async variance(this: RDD<number>): Promise<number> {
    return (await this.counted('variance')).variance;
  }

  async stdev(this: RDD<number>): Promise<number> {
    return (await this.counted('stdev')).stdev;
  }

  /** How often each row occurs; counted on the executors, the answer must fit into the driver. */
  async countByValue(): Promise<Map<T, number>> {
    const ones = this.rows<[T, number]>('countByValue', 'withOne', []);
    return new Map(await (ones as unknown as Actions<[T, number]>).counts('countByValue'));
  }

  async countByKey<K, V>(this: RDD<[K, V]>): Promise<Map<K, number>> {
    const ones = this.rows<[K, number]>('countByKey', 'valuesToOne', [], { keepPartitioner: true });
    return new Map((await ones.counts('countByKey')) as [K, number][]);
  }

  /** The values of one key. With a known partitioner only its partition is read. */
  async lookup<K, V>(this: RDD<[K, V]>, key: K): Promise<V[]> {
    const found = this.rows<[K, V]>('lookup', 'hasKey', [], { args: { key: [key] } }).rows<V>('lookup', 'values', []);
    const only = this.partitioner;
    const callSite = this.context.callSite('lookup');
    await prepareLineage(this.node);
    const parts = await found.perPartition<V[]>(callSite, { kind: 'collect' }, rowsOf, only && [only.getPartition(key)]);
    return joined(parts);
  }

  /** Later pairs of a key win. */
  async collectAsMap<K, V>(this: RDD<[K, V]>): Promise<Map<K, V>> {
    return new Map(await this.collect());
  }

  /** Partition by partition, one job each: needs memory for the largest partition only. */
  toLocalIterator(): AsyncGenerator<T, void, undefined> {
    return this.partByPart(this.context.callSite('toLocalIterator'));
  }

  /**
   * One file per partition, a line per row, `_SUCCESS` at the end; nothing is visible before the whole job has succeeded.
   * @throws AppError OUTPUT_EXISTS
   */
  async saveAsTextFile(path: string): Promise<void> {
    const callSite = this.context.callSite('saveAsTextFile');
    const output = await prepareOutput(this.context.resolvePath(path));
    try {
      await this.run(callSite, { kind: 'saveAsTextFile', path: output.path, jobId: output.jobId }, undefined, () => {});
      await commitOutput(output);
    } catch (error) {
      await abortOutput(output);
      throw error;
    }
  }

  /** @internal */
  async *partByPart(callSite: string): AsyncGenerator<T, void, undefined> {
    for (let p = 0; p < this.node.partitions; p++) {
      const [rows] = await this.perPartition<T[]>(callSite, { kind: 'collect' }, rowsOf, [p]);
      yield* rows!;
    }
  }

  /** @internal `callSite` is found before the first await: later the user's frame is gone from the stack. */
  async run(callSite: string, action: ResultAction, partitions: readonly number[] | undefined, onResult: OnResult): Promise<void> {
    for (const value of 'functions' in action ? action.functions : []) checked(this.context, value, callSite);
    await prepareLineage(this.node);
    if (this.node.partitions === 0 || partitions?.length === 0) return;
    await this.context.runJob(this.node, action, partitions, onResult, { callSite });
  }

  /** @internal */
  async perPartition<R>(
    callSite: string,
    action: ResultAction,
    decode: (result: PartitionResult) => R,
    partitions?: readonly number[],
  ): Promise<R[]> {
    const answers: R[] = new Array(partitions?.length ?? this.node.partitions);
    await this.run(callSite, action, partitions, (index, result) => {
      answers[index] = decode(result);
    });
    return answers;
  }

  /** @internal */
  async taken(callSite: string, limit: number): Promise<T[]> {
    const rows: T[] = [];
    const total = this.node.partitions;
    for (let scanned = 0; rows.length < limit && scanned < total; ) {
      const n = Math.min(partitionsToTry({ found: rows.length, limit, scanned }), total - scanned);
      const from = scanned;
      const partitions = Array.from({ length: n }, (_, i) => from + i);
      const parts = await this.perPartition<T[]>(callSite, { kind: 'take', limit: limit - rows.length }, rowsOf, partitions);
      for (const part of parts) for (const row of part) if (rows.length < limit) rows.push(row);
      scanned += n;
    }
    return rows;
  }

  /** @internal */
  async folded<U>(method: string, zero: U, merge: (acc: U, row: T) => U, combine: (a: U, b: U) => U): Promise<U> {
    demandFunction(merge, method);
    demandFunction(combine, method);
    const start = cloneValue(zero);
    const parts = await this.perPartition(this.context.callSite(method), { kind: 'fold', method, functions: [zero, merge] }, optionalValue);
    return settled(
      method,
      (parts.flat(1) as U[]).reduce((a, b) => combine(a, b), start),
    );
  }

  /** @internal */
  async ordered(method: string, limit: number, largest: boolean, compare: Ordering<T> | undefined): Promise<T[]> {
    if (limit <= 0) return [];
    const order = (compare ?? naturalOrder) as Ordering<T>;
    const action = { kind: 'top', limit, largest, functions: [compare as Compare | undefined] } as const;
    const parts = await this.perPartition<T[]>(this.context.callSite(method), action, rowsOf);
    const all = joined(parts).sort(largest ? (a, b) => order(b, a) : order);
    return all.slice(0, limit);
  }

  /** @internal */
  async extreme(method: string, largest: boolean, compare: Ordering<T> | undefined): Promise<T> {
    const order = (compare ?? naturalOrder) as Ordering<T>;
    const action = { kind: 'extreme', largest, functions: [compare as Compare | undefined] } as const;
    const parts = await this.perPartition(this.context.callSite(method), action, optionalValue);
    const values = parts.flat(1) as T[];
    if (values.length === 0) throw emptyCollection();
    return values.reduce((a, b) => ((largest ? order(a, b) >= 0 : order(a, b) <= 0) ? a : b));
  }

  /** @internal */
  async counted(method: string): Promise<StatCounter> {
    const parts = await this.perPartition(this.context.callSite(method), { kind: 'stats' }, (bytes) => {
      const [count, mean, m2, max, min] = decodeRows(bytes as Uint8Array) as number[];
      return Object.assign(new StatCounter(), { count, mean, m2, max, min });
    });
    return parts.reduce((a, b) => a.mergeCounter(b), new StatCounter());
  }

  /** @internal Sums the second halves of pairs by the first, and brings them home. */
  async counts(method: string, partitioning?: Partitioning): Promise<any[]> {
    const callSite = this.context.callSite(method);
    return this.combined(method, { kind: 'sum' }, partitioning, true)
      .perPartition<any[]>(callSite, { kind: 'collect' }, rowsOf)
      .then((parts) => parts.flat(1));
  }
}

/** So many arrays in one call: beyond about 120,000 arguments V8 throws a RangeError. */
const AT_ONCE = 8192;

function joined<T>(parts: readonly T[][]): T[] {
  if (parts.length === 1) return parts[0]!;
  if (parts.length <= AT_ONCE) return ([] as T[]).concat(...parts);
  const groups = Array.from({ length: Math.ceil(parts.length / AT_ONCE) }, (_, i) => parts.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
  return ([] as T[]).concat(...groups.map((group) => ([] as T[]).concat(...group)));
}

const rowsOf = (result: PartitionResult): any[] => (result === undefined ? [] : decodeRows(result as Uint8Array));

/** Nothing or one value, as an array. A number travels as itself. */
const optionalValue = (result: PartitionResult): unknown[] =>
  result === undefined ? [] : typeof result === 'number' ? [result] : decodeRows(result);

/** @throws TypeError for a promise, which the caller's own await would hide */
function settled<U>(method: string, value: U): U {
  refusePromise(value, method);
  return value;
}

const emptyCollection = () => new AppError('EMPTY_COLLECTION', {});

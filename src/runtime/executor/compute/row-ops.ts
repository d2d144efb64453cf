// The operations that turn rows of a partition into rows of the same partition, by the names of rdd/ops.ts. Loops over chunks; what needs
// state across rows (flatMap, mapPartitions) has a file of its own.
import { cloneValue } from '../../rdd/clone-value.ts';
import { XorShiftRandom } from '../../rdd/java-random.ts';
import { sameKey } from '../../rdd/key-identity.ts';
import { refusePromise } from '../../rdd/not-awaited.ts';
import type { RowOpName } from '../../rdd/ops.ts';
import { decodeRows } from '../../rdd/row-codec.ts';
import { FlatMapRows } from './flat-map.ts';
import { PartitionFunctionRows } from './partition-function.ts';
import { after, ArrayRows, ChunkOp, drain, END, RowForRow, Rows } from './rows.ts';
import { copiesOf } from './sampler.ts';
import type { SqlThread } from './sql-thread.ts';
import { InferredRows } from './sql-typed-rows.ts';

type Any = any;
export type OpenRows = (
  parent: Rows,
  functions: readonly Any[],
  args: Readonly<Record<string, Any>>,
  partition: number,
  sql: SqlThread,
) => Rows;

class EachRow extends RowForRow {
  readonly #f: (row: Any) => unknown;

  constructor(parent: Rows, f: (row: Any) => unknown) {
    super(parent);
    this.#f = f;
  }

  protected override apply(source: unknown[], from: number, n: number): void {
    const f = this.#f;
    const out = this.rows;
    for (let i = 0; i < n; i++) out[i] = f(source[from + i]);
    if (out[0] instanceof Promise) refusePromise(out[0], 'map');
  }
}

/** Pairs of f's key and the row, for keyBy, groupBy and sortBy. */
class KeyEachRow extends RowForRow {
  readonly #f: (row: Any) => unknown;
  readonly #method: string;

  constructor(parent: Rows, f: (row: Any) => unknown, method: string) {
    super(parent);
    this.#f = f;
    this.#method = method;
  }

  protected override apply(source: unknown[], from: number, n: number): void {
    const f = this.#f;
    const out = this.rows;
    for (let i = 0; i < n; i++) {
      const row = source[from + i];
      out[i] = [f(row), row];
    }
    refusePromise((out[0] as [unknown])[0], this.#method);
  }
}

class Filter extends ChunkOp {
  readonly #f: (row: Any) => unknown;

  constructor(parent: Rows, f: (row: Any) => unknown) {
    super(parent);
    this.#f = f;
  }

  protected override apply(source: unknown[], n: number): number {
    const f = this.#f;
    const out = this.rows;
    const first = f(source[0]);
    refusePromise(first, 'filter');
    let kept = 0;
    if (first) out[kept++] = source[0];
    for (let i = 1; i < n; i++) {
      const row = source[i];
      if (f(row)) out[kept++] = row;
    }
    return kept;
  }
}

class MapValues extends RowForRow {
  readonly #f: (value: Any) => unknown;

  constructor(parent: Rows, f: (value: Any) => unknown) {
    super(parent);
    this.#f = f;
  }

  protected override apply(source: unknown[], from: number, n: number): void {
    const f = this.#f;
    const out = this.rows;
    for (let i = 0; i < n; i++) {
      const pair = source[from + i] as [unknown, unknown];
      out[i] = [pair[0], f(pair[1])];
    }
    refusePromise((out[0] as [unknown, unknown])[1], 'mapValues');
  }
}

/** Rows with a running number from `first`, as `combine` puts them together. */
class Numbered extends ChunkOp {
  #index: number;
  readonly #combine: (row: unknown, index: number) => unknown;

  constructor(parent: Rows, first: number, combine: (row: unknown, index: number) => unknown) {
    super(parent);
    this.#index = first;
    this.#combine = combine;
  }

  protected override apply(source: unknown[], n: number): number {
    for (let i = 0; i < n; i++) this.rows[i] = this.#combine(source[i], this.#index++);
    return n;
  }
}

/** All rows of the partition become the rows that `finish` gives, in one chunk. */
class WholePartition extends Rows {
  readonly #parent: Rows;
  readonly #each: (row: Any) => void;
  readonly #finish: () => unknown[];
  #done = false;

  constructor(parent: Rows, each: (row: Any) => void, finish: () => unknown[]) {
    super();
    this.#parent = parent;
    this.#each = each;
    this.#finish = finish;
  }

  override next(): number | Promise<number> {
    if (this.#done) return END;
    this.#done = true;
    const each = this.#each;
    const drained = drain(this.#parent, (rows, n) => {
      for (let i = 0; i < n; i++) each(rows[i]);
    });
    return after(drained, () => {
      this.rows = this.#finish();
      return this.rows.length;
    });
  }
}

class Sample extends ChunkOp {
  readonly #copies: () => number;

  constructor(parent: Rows, copies: () => number) {
    super(parent);
    this.#copies = copies;
  }

  protected override apply(source: unknown[], n: number): number {
    let kept = 0;
    for (let i = 0; i < n; i++) for (let c = this.#copies(); c > 0; c--) this.rows[kept++] = source[i];
    return kept;
  }
}

const each =
  (f: (row: Any) => unknown): OpenRows =>
  (parent) =>
    new EachRow(parent, f);
const flat =
  (f: (row: Any) => Iterable<unknown>): OpenRows =>
  (parent) =>
    new FlatMapRows(parent, f);

/** One side of an outer join that has no values joins as one absent value. */
const orAbsent = (values: unknown[]): unknown[] => (values.length === 0 ? [undefined] : values);

/** More pairs than this are not made before they are pulled: two hot keys would fill the memory. */
const AT_ONCE = 4096;

/** Every pair of a left and a right value under the key. */
function crossed(key: unknown, left: unknown[], right: unknown[]): Iterable<unknown> {
  if (left.length * right.length > AT_ONCE) return crossedLazily(key, left, right);
  const out: unknown[] = [];
  for (const a of left) for (const b of right) out.push([key, [a, b]]);
  return out;
}

function* crossedLazily(key: unknown, left: unknown[], right: unknown[]): Generator<unknown> {
  for (const a of left) for (const b of right) yield [key, [a, b]];
}

function underKey(key: unknown, given: Iterable<unknown>): Iterable<unknown> {
  return Array.isArray(given) ? given.map((x) => [key, x]) : Iterator.from(given).map((x) => [key, x]);
}

/** Spark deals rows out from a place that depends on the partition (RDD.coalesce, distributePartition). */
const distribute: OpenRows = (parent, _, { numPartitions }, partition) => {
  const first = new XorShiftRandom(partition).nextInt(numPartitions) + 1;
  return new Numbered(parent, first, (row, index) => [index, row]);
};

function glom(parent: Rows): Rows {
  const all: unknown[] = [];
  return new WholePartition(
    parent,
    (row) => all.push(row),
    () => [all],
  );
}

const aggregatePartition: OpenRows = (parent, [zero, merge]) => {
  let acc = cloneValue(zero);
  return new WholePartition(
    parent,
    (row) => {
      acc = merge(acc, row);
    },
    () => {
      refusePromise(acc, 'treeAggregate');
      return [acc];
    },
  );
};

const reducePartition: OpenRows = (parent, [f]) => {
  let acc: unknown;
  let empty = true;
  return new WholePartition(
    parent,
    (row) => {
      acc = empty ? row : f(acc, row);
      empty = false;
    },
    () => {
      refusePromise(acc, 'treeReduce');
      return empty ? [] : [acc];
    },
  );
};

export const ROW_OPS: Readonly<Record<Exclude<RowOpName, 'sqlFragment' | 'sqlDecode' | 'sqlEncode'>, OpenRows>> = {
  identity: (parent) => parent,
  map: (parent, [f]) => new EachRow(parent, f),
  filter: (parent, [f]) => new Filter(parent, f),
  flatMap: (parent, [f]) => new FlatMapRows(parent, f),
  mapPartitions: (parent, [f]) => new PartitionFunctionRows(parent, f),
  mapPartitionsWithIndex: (parent, [f], _, partition) => new PartitionFunctionRows(parent, (rows) => f(partition, rows)),
  glom,
  keyBy: (parent, [f], { method }) => new KeyEachRow(parent, f, method),
  mapValues: (parent, [f]) => new MapValues(parent, f),
  flatMapValues: (parent, [f]) => new FlatMapRows(parent, ([key, value]) => underKey(key, f(value))),
  keys: each((pair) => pair[0]),
  values: each((pair) => pair[1]),
  withNull: each((row) => [row, null]),
  withOne: each((row) => [row, 1]),
  valuesToOne: each((pair) => [pair[0], 1]),
  sample: (parent, _, { withReplacement, fraction, seeds }, partition) =>
    new Sample(parent, copiesOf(withReplacement, fraction, BigInt(seeds[partition]))),
  withIndex: (parent, _, { offsets }, partition) => new Numbered(parent, offsets[partition] ?? 0, (row, index) => [row, index]),
  distribute,
  joinInner: flat(([key, [left, right]]) => crossed(key, left, right)),
  joinLeft: flat(([key, [left, right]]) => crossed(key, left, orAbsent(right))),
  joinRight: flat(([key, [left, right]]) => crossed(key, orAbsent(left), right)),
  joinFull: flat(([key, [left, right]]) => crossed(key, orAbsent(left), orAbsent(right))),
  subtract: flat(([key, [left, right]]) => (right.length === 0 ? left.map((value: unknown) => [key, value]) : [])),
  intersect: (parent) => new Filter(parent, ([, [left, right]]) => left.length > 0 && right.length > 0),
  hasKey: (parent, _, { key }) => {
    const [wanted] = decodeRows(key);
    return new Filter(parent, (pair) => sameKey(pair[0], wanted));
  },
  aggregatePartition,
  reducePartition,
  mapGroups: (parent, [f]) => new EachRow(parent, ([key, values]) => f(key, values.values())),
  flatMapGroups: (parent, [f]) => new FlatMapRows(parent, ([key, values]) => f(key, values.values())),
  cogroupGroups: (parent, [f]) => new FlatMapRows(parent, ([key, [left, right]]) => f(key, left.values(), right.values())),
  typedValue: (parent, classes, { shape }, _, sql) => new EachRow(parent, sql.functions.normaliserOf(shape, classes)),
  inferRows: (parent, _, { names }, __, sql) => new InferredRows(parent, names, sql.functions),
  modKey: (parent, _, { modulus }, partition) => new EachRow(parent, (row) => [partition % modulus, row]),
};

export const emptyRows = (): Rows => new ArrayRows([]);

// DataFrame's methods that bring rows together or apart: joins, set operations, groups, samples, partitions. Source: Dataset of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { JoinType, Relation, SetOpType } from '../plan/relations.ts';
import { Column, type ColumnOrName, columnOf, givenColumn, sortOrderOf } from './column.ts';
import { type AnyRow, type DataFrameBase, expressionsOf, type Simplify } from './dataframe-base.ts';
import { DataFrameColumns } from './dataframe-columns.ts';
import type { DataFrame } from './dataframe.ts';
import { text, wholeNumber, wrongType } from './arguments.ts';
import { GroupedData } from './grouped-data.ts';
import type { Selected } from './row-types.ts';

const JOINS = {
  inner: 'inner',
  cross: 'cross',
  outer: 'fullOuter',
  full: 'fullOuter',
  fullouter: 'fullOuter',
  left: 'leftOuter',
  leftouter: 'leftOuter',
  right: 'rightOuter',
  rightouter: 'rightOuter',
  semi: 'leftSemi',
  leftsemi: 'leftSemi',
  anti: 'leftAnti',
  leftanti: 'leftAnti',
} as const satisfies { readonly [name: string]: JoinType };
export type JoinName = keyof typeof JOINS | 'full_outer' | 'left_outer' | 'right_outer' | 'left_semi' | 'left_anti';
type LeftOnly = 'semi' | 'leftsemi' | 'left_semi' | 'anti' | 'leftanti' | 'left_anti';
/** The row of a join: USING columns once. Columns that may be missing from outer joins are nullable. */
export type Joined<L, R, H> = H extends LeftOnly
  ? L
  : Simplify<
      (H extends 'right' | 'rightouter' | 'right_outer' | 'outer' | 'full' | 'fullouter' | 'full_outer' ? Nullable<L> : L) &
        Omit<H extends 'left' | 'leftouter' | 'left_outer' | 'outer' | 'full' | 'fullouter' | 'full_outer' ? Nullable<R> : R, keyof L>
    >;
type Nullable<T> = { [K in keyof T]: T[K] | null };

export function joinType(name: string): JoinType {
  const type = (JOINS as { readonly [name: string]: JoinType })[text(name, 'how').toLowerCase().replaceAll('_', '')];
  if (type === undefined)
    throw new SparkIllegalArgumentException(
      'UNSUPPORTED_JOIN_TYPE',
      '0A000',
      `Unsupported join type '${name}'. Supported join types include: ${Object.keys(JOINS)
        .map((n) => `'${n}'`)
        .join(', ')}.`,
    );
  return type;
}

function relationOf(other: unknown): Relation {
  const relation = (other as { relation?: Relation } | null | undefined)?.relation;
  if (relation === undefined) throw wrongType('NOT_DATAFRAME', 'other', 'a DataFrame', other);
  return relation;
}

const randomSeed = (): bigint => BigInt(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER));

export abstract class DataFrameRelational<T = AnyRow> extends DataFrameColumns<T> {
  /**
   * @param on a condition, or names of columns that both have: those come once
   * @param how `inner` when left out, and then without `on` every row with every row
   */
  join<R, H extends JoinName = 'inner'>(
    other: DataFrameBase<R>,
    on?: Column | readonly Column[] | (keyof T & keyof R & string) | readonly (keyof T & keyof R & string)[],
    how?: H,
  ): DataFrame<Joined<T, R, H>> {
    const given = (on === undefined || on === null ? [] : [on].flat()).map((c) =>
      typeof c === 'string' ? c : new Column(givenColumn(c, 'on')),
    );
    const conditions = given.filter((c) => c instanceof Column);
    const usingColumns = given.filter((c) => typeof c === 'string');
    const joinCondition = conditions.slice(1).reduce((a, b) => a.and(b), conditions[0]!);
    return this.derive({
      kind: 'join',
      left: this.relation,
      right: relationOf(other),
      joinType: joinType(how ?? 'inner'),
      usingColumns,
      ...(joinCondition && { joinCondition: joinCondition.expr }),
    });
  }
  crossJoin<R>(other: DataFrameBase<R>): DataFrame<Joined<T, R, 'cross'>> {
    return this.derive({ kind: 'join', left: this.relation, right: relationOf(other), joinType: 'cross', usingColumns: [] });
  }
  lateralJoin<R>(other: DataFrameBase<R>, on?: Column, how: JoinName = 'inner'): DataFrame {
    return this.derive({
      kind: 'lateralJoin',
      left: this.relation,
      right: relationOf(other),
      joinType: joinType(how),
      ...(on && { joinCondition: givenColumn(on, 'on') }),
    });
  }

  #set(setOpType: SetOpType, other: DataFrameBase<any>, isAll: boolean, more: { byName?: boolean; allowMissingColumns?: boolean } = {}) {
    return this.again({ kind: 'setOperation', leftInput: this.relation, rightInput: relationOf(other), setOpType, isAll, ...more });
  }
  /** By position; equal rows stay (as SQL's UNION ALL). */
  union(other: DataFrameBase<any>): this {
    return this.#set('union', other, true);
  }
  unionAll(other: DataFrameBase<any>): this {
    return this.union(other);
  }
  /** @param options.allowMissingColumns columns that one side has not are NULL there */
  unionByName(other: DataFrameBase<any>, options: { readonly allowMissingColumns?: boolean } | boolean = {}): this {
    const allowMissingColumns = typeof options === 'boolean' ? options : (options.allowMissingColumns ?? false);
    return this.#set('union', other, true, { byName: true, allowMissingColumns });
  }
  intersect(other: DataFrameBase<any>): this {
    return this.#set('intersect', other, false);
  }
  intersectAll(other: DataFrameBase<any>): this {
    return this.#set('intersect', other, true);
  }
  except(other: DataFrameBase<any>): this {
    return this.#set('except', other, false);
  }
  exceptAll(other: DataFrameBase<any>): this {
    return this.#set('except', other, true);
  }
  subtract(other: DataFrameBase<any>): this {
    return this.except(other);
  }

  groupBy<const C extends readonly ColumnOrName[]>(...columns: C): GroupedData<Selected<T, C>>;
  groupBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): GroupedData;
  groupBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): GroupedData {
    return this.#grouped('groupBy', columns);
  }
  groupby(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): GroupedData {
    return this.groupBy(...columns);
  }
  rollup(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): GroupedData {
    return this.#grouped('rollup', columns);
  }
  cube(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): GroupedData {
    return this.#grouped('cube', columns);
  }
  /** @param sets what is grouped by, set by set; @param columns all grouping columns, in the order of the result */
  groupingSets(sets: readonly (readonly ColumnOrName[])[], ...columns: readonly ColumnOrName[]): GroupedData {
    return new GroupedData(this, 'groupingSets', expressionsOf(columns), { sets: sets.map((set) => expressionsOf(set)) });
  }
  #grouped(type: 'groupBy' | 'rollup' | 'cube', columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): GroupedData {
    return new GroupedData(
      this,
      type,
      columns.flat().map((c) => columnOf(c as ColumnOrName).expr),
    );
  }
  /** Over all rows, as one group: `agg(sum('a'))`, `agg({ a: 'sum' })`. */
  agg(...aggregates: readonly Column[] | readonly [{ readonly [column: string]: string }]): DataFrame {
    return this.groupBy().agg(...(aggregates as readonly Column[]));
  }

  /** @param fraction of the rows, about; @param seed the same gives the same rows */
  sample(fraction: number, seed?: number | bigint): this;
  sample(withReplacement: boolean, fraction: number, seed?: number | bigint): this;
  sample(...args: readonly (boolean | number | bigint | undefined)[]): this {
    const [withReplacement, fraction, seed] = typeof args[0] === 'boolean' ? args : [false, ...args];
    if (typeof fraction !== 'number' || !(fraction >= 0) || (withReplacement !== true && fraction > 1))
      throw new SparkIllegalArgumentException(
        'INVALID_SAMPLING_FRACTION',
        '42000',
        `Sampling fraction (${String(fraction)}) must be on interval [0, 1]${withReplacement === true ? ', or more than that,' : ''} ${withReplacement === true ? 'with' : 'without'} replacement.`,
      );
    return this.again({
      kind: 'sample',
      input: this.relation,
      lowerBound: 0,
      upperBound: fraction,
      withReplacement: withReplacement as boolean,
      seed: seed === undefined ? randomSeed() : BigInt(seed as number),
    });
  }
  /** As many DataFrames as weights; each row is in one of them. */
  randomSplit(weights: readonly number[], seed?: number | bigint): this[] {
    const sum = weights.reduce((a, b) => a + b, 0);
    if (weights.some((w) => !(w >= 0)) || !(sum > 0))
      throw new SparkIllegalArgumentException('INVALID_WEIGHTS', '42000', 'Weights must be nonnegative, and their sum positive.');
    const given = seed === undefined ? randomSeed() : BigInt(seed);
    let below = 0;
    return weights.map((weight, i) => {
      const lowerBound = below;
      below = i === weights.length - 1 ? 1 : below + weight / sum;
      return this.again({
        kind: 'sample',
        input: this.relation,
        lowerBound,
        upperBound: below,
        withReplacement: false,
        seed: given,
        deterministicOrder: true,
      });
    });
  }

  repartition(numPartitions: number, ...columns: readonly ColumnOrName[]): this;
  repartition(...columns: readonly ColumnOrName[]): this;
  repartition(...args: readonly (number | ColumnOrName)[]): this {
    const { count, columns } = countAndColumns(args);
    if (columns.length === 0) return this.again({ kind: 'repartition', input: this.relation, numPartitions: count!, shuffle: true });
    return this.again({
      kind: 'repartitionByExpression',
      input: this.relation,
      partitionExprs: columns.map((c) => columnOf(c).expr),
      ...(count !== undefined && { numPartitions: count }),
    });
  }
  repartitionByRange(numPartitions: number, ...columns: readonly ColumnOrName[]): this;
  repartitionByRange(...columns: readonly ColumnOrName[]): this;
  repartitionByRange(...args: readonly (number | ColumnOrName)[]): this {
    const { count, columns } = countAndColumns(args);
    if (columns.length === 0)
      throw new SparkIllegalArgumentException('CANNOT_BE_EMPTY', '42000', 'At least one partition-by expression must be specified.');
    return this.again({
      kind: 'repartitionByExpression',
      input: this.relation,
      partitionExprs: columns.map(sortOrderOf),
      ...(count !== undefined && { numPartitions: count }),
    });
  }
  coalesce(numPartitions: number): this {
    return this.again({ kind: 'repartition', input: this.relation, numPartitions: partitionCount(numPartitions), shuffle: false });
  }
}

function countAndColumns(args: readonly (number | ColumnOrName)[]): { count: number | undefined; columns: readonly ColumnOrName[] } {
  const [first, ...rest] = args;
  if (typeof first !== 'number') return { count: undefined, columns: args as readonly ColumnOrName[] };
  return { count: partitionCount(first), columns: rest as readonly ColumnOrName[] };
}

function partitionCount(n: unknown): number {
  const count = wholeNumber(n, 'numPartitions');
  if (count > 0) return count;
  throw new SparkIllegalArgumentException('VALUE_NOT_POSITIVE', '42000', `Number of partitions (${count}) must be positive.`);
}

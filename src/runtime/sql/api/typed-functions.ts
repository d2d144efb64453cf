// Functions of the program over rows: map, filter, reduce, groupByKey, joinWith … They run in tasks, over an RDD of the query's last stage, and what
// they give is read by the next query where it lies. V is what they are given. Source: org.apache.spark.sql.Dataset of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { RowOpName } from '../../rdd/ops.ts';
import { recordCodecsFrom, useRecordCodecs } from '../../rdd/record-classes.ts';
import { demandFunction } from '../../rdd/rdd-base.ts';
import type { RDD } from '../../rdd/rdd.ts';
import type { PartitionOutput, PartitionRows } from '../../rdd/transformations.ts';
import type { Relation } from '../plan/relations.ts';
import { type Column, namedColumn, sqlColumn } from './column.ts';
import { DataFrameStatistics } from './dataframe-statistics.ts';
import { type JoinName, joinType } from './dataframe-relational.ts';
import type { DataFrame } from './dataframe.ts';
import type { Dataset } from './dataset.ts';
import { Encoder, Encoders, type EncoderLike } from './encoders.ts';
import { KeyValueGroupedDataset } from './key-value-grouped.ts';
import { once } from './once.ts';
import { datasetOf, datasetOfRdd, isDataset, rowsOfRdd } from './typed-rdd.ts';
import { VALUE_CODECS } from './value-records.ts';

recordCodecsFrom(() => VALUE_CODECS);

/** A DataFrame or a Dataset whose values are U. */
type HasEncoder<U> = { readonly relation: Relation; encoder(): Promise<Encoder<U>> };

export abstract class TypedFunctions<T, O, V> extends DataFrameStatistics<T, O> {
  /** @internal How V stands in the columns. */
  abstract encoder(): Promise<Encoder<V>>;

  /** @internal The rows as V, where they are. */
  protected async values(callSite = this.session.context().callSite('rdd')): Promise<RDD<V>> {
    useRecordCodecs();
    const { shape, classes, columns } = await this.encoder();
    const files = (await (
      await this.engine()
    ).files({ kind: 'typed', input: this.relation, columns, keepsColumns: false })) as RDD<unknown>;
    return rowsOfRdd<V>(files, 'sqlDecode', classes, { shape }, callSite);
  }

  /** @internal */
  typed<U>(method: string, name: RowOpName, f: Function, encoder: EncoderLike<U> | (() => Promise<Encoder<U>>) | undefined): Dataset<U> {
    demandFunction(f, method);
    const context = this.session.context();
    const callSite = context.callSite(method);
    context.checkSerializable(f, callSite); // on the program's line
    return datasetOfRdd(this.session, async () => rowsOfRdd(await this.values(callSite), name, [f], { method }, callSite), encoder);
  }

  /** Rows as they are, of a type that the program knows: nothing is checked. */
  as<U>(): Dataset<U>;
  /** Values of the program by an encoder. @throws AnalysisException when it is used: UNRESOLVED_COLUMN, CANNOT_UP_CAST_DATATYPE */
  as<U>(encoder: Encoder<U>): Dataset<U>;
  /** A name for its columns: `df.as('t')`, then `col('t.a')`. */
  as(alias: string): this;
  as<U>(given?: Encoder<U> | string): Dataset<U> | this {
    if (typeof given === 'string') return this.alias(given);
    if (given === undefined) return datasetOf<U>(this.session, this.relation, () => this.encoder() as Promise<Encoder<any>>);
    if (!(given instanceof Encoder))
      throw new SparkIllegalArgumentException(
        'NOT_STR_OR_ENCODER',
        '42K09',
        `as() takes an alias or an Encoder (Encoders.STRING, Encoders.of('a INT, b STRING')), not ${typeof given}`,
      );
    const relation: Relation = { kind: 'typed', input: this.relation, columns: given.columns, keepsColumns: true };
    return datasetOf<U>(this.session, relation, async () => given);
  }

  /** Without types; new names for all columns where they are given. */
  toDF(): DataFrame<T>;
  toDF<N extends string>(...names: readonly N[]): DataFrame<{ readonly [K in N]: any }>;
  toDF(...names: readonly string[]): DataFrame<any> {
    return names.length === 0 ? this.derive(this.relation) : this.derive({ kind: 'toDf', input: this.relation, columnNames: names });
  }

  /**
   * @param encoder of what `f` gives: an Encoder, `int`, `a INT, b STRING`. Left out: all rows are looked at in a job of its own, and BIGINT columns
   * come back as numbers where numbers stood
   */
  map<U>(f: (row: V) => U, encoder?: EncoderLike<U>): Dataset<U> {
    return this.typed('map', 'map', f, encoder);
  }
  flatMap<U>(f: (row: V) => Iterable<U>, encoder?: EncoderLike<U>): Dataset<U> {
    return this.typed('flatMap', 'flatMap', f, encoder);
  }
  mapPartitions<U>(f: (rows: PartitionRows<V>) => PartitionOutput<U>, encoder?: EncoderLike<U>): Dataset<U> {
    return this.typed('mapPartitions', 'mapPartitions', f, encoder);
  }

  /** A Column or SQL text; or a function that says of each row whether it stays. */
  override filter(of: Column | string | ((row: V) => unknown)): this {
    if (typeof of !== 'function') return super.filter(of);
    const kept = this.typed<V>('filter', 'filter', of, () => this.encoder());
    return this.sameAs(kept);
  }
  override where(of: Column | string | ((row: V) => unknown)): this {
    return this.filter(of);
  }
  /** @internal A Dataset of the same values as this kind of frame. */
  protected sameAs(made: Dataset<V>): this {
    return (isDataset(this) ? made : this.derive(made.relation)) as unknown as this;
  }

  /** All values to one: `f` must not care about order. @throws Error when there are none */
  async reduce(f: (a: V, b: V) => V): Promise<V> {
    return (await this.values()).reduce(f as never) as Promise<V>;
  }

  /** @param encoder of the keys, where a result has them: keys(), count(), agg(), reduceGroups(); left out: inferred */
  groupByKey<K>(f: (row: V) => K, encoder?: EncoderLike<K>): KeyValueGroupedDataset<K, V> {
    demandFunction(f, 'groupByKey');
    const context = this.session.context();
    const callSite = context.callSite('groupByKey');
    context.checkSerializable(f, callSite);
    const pairs = once(async () => rowsOfRdd<[K, V]>(await this.values(callSite), 'keyBy', [f], { method: 'groupByKey' }, callSite));
    return new KeyValueGroupedDataset<K, V>(this.session, pairs, encoder, () => this.encoder());
  }

  /** Pairs of rows that fit: `[left, right]`, null for the side that an outer join has none of. */
  joinWith<U>(other: HasEncoder<U>, on: Column | string, how: JoinName = 'inner'): Dataset<[V, U]> {
    const type = joinType(how);
    if (type === 'leftSemi' || type === 'leftAnti')
      throw new SparkIllegalArgumentException(
        'INVALID_JOIN_TYPE_IN_JOINWITH',
        '42613',
        `Invalid join type in joinWith: ${type === 'leftSemi' ? 'LeftSemi' : 'LeftAnti'}.`,
      );
    const condition = typeof on === 'string' ? sqlColumn(on) : on;
    const load = async () => {
      const [left, right] = await Promise.all([this.encoder(), other.encoder()]);
      return (await this.engine()).analyze({
        kind: 'joinWith',
        left: this.relation,
        right: other.relation,
        columns: [left.columns, right.columns],
        joinCondition: condition.expr,
        joinType: type,
      });
    };
    const encoder = once(async () => Encoders.tuple(await this.encoder(), await other.encoder()) as Encoder<[V, U]>);
    return datasetOf<[V, U]>(this.session, { kind: 'deferred', source: { load } }, encoder);
  }

  /** The rows with their place in the order of partitions, from 0, in one more column. With several partitions a job counts them first. */
  zipWithIndex(name = 'index'): DataFrame {
    const rows = this.toDF() as unknown as TypedFunctions<T, O, unknown>; // single values have a column, too
    const numbered = async () => (await rows.values()).zipWithIndex();
    const encoder = async () => Encoders.tuple(await rows.encoder(), Encoders.LONG) as Encoder<[unknown, bigint]>;
    const pairs = datasetOfRdd<[unknown, bigint]>(this.session, numbered, encoder);
    return pairs.toDF().select('_1.*', namedColumn('_2').as(name)) as DataFrame;
  }

  /** Calls `f` with each row, in tasks. */
  async foreach(f: (row: V) => unknown): Promise<void> {
    await (await this.values()).foreach(f as (row: V) => void);
  }
  /** Calls `f` with each partition's rows, in tasks. */
  async foreachPartition(f: (rows: Iterable<V>) => unknown): Promise<void> {
    await (await this.values()).foreachPartition(f as never);
  }
  /** The rows as an RDD where they are: what is below the query's last exchange is computed now. @param slices so many partitions instead */
  async rdd(slices?: number): Promise<RDD<V>> {
    const rdd = await this.values();
    return slices === undefined || slices === rdd.getNumPartitions() ? rdd : rdd.repartition(slices);
  }
}

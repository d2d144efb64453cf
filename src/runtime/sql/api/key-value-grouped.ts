// ds.groupByKey(f): groups of a Dataset's values by what a function gave. They are brought together by an RDD shuffle; equal keys are equal by
// contents. Source: org.apache.spark.sql.KeyValueGroupedDataset of Spark 4.2.
import type { RowOpName } from '../../rdd/ops.ts';
import { defaultPartitioner } from '../../rdd/default-partitioner.ts';
import { demandFunction } from '../../rdd/rdd-base.ts';
import type { RDD } from '../../rdd/rdd.ts';
import { shuffle } from '../../rdd/shuffled.ts';
import type { Aggregator } from './aggregator.ts';
import { Column, namedColumn } from './column.ts';
import type { DataFrameSession } from './dataframe-base.ts';
import type { DataFrame } from './dataframe.ts';
import type { Dataset } from './dataset.ts';
import { type Encoder, Encoders, type EncoderLike, partOf } from './encoders.ts';
import { once } from './once.ts';
import { datasetOfRdd, rowsOfRdd } from './typed-rdd.ts';
import { udaf } from './udaf.ts';

/** What no column of a value is called, as long as both are columns. */
const KEY = '__key of the group';

/** The values of a group; they are in memory together. */
type Values<V> = IteratorObject<V, undefined, unknown>;
type EncoderSource<T> = EncoderLike<T> | (() => Promise<Encoder<T>>) | undefined;

export class KeyValueGroupedDataset<K, V> {
  readonly #session: DataFrameSession;
  readonly #pairs: () => Promise<RDD<[K, V]>>;
  readonly #keys: Dataset<K>;
  readonly #valueEncoder: EncoderSource<V>;

  /** @internal Programs use groupByKey. */
  constructor(session: DataFrameSession, pairs: () => Promise<RDD<[K, V]>>, keyEncoder: EncoderSource<K>, valueEncoder: EncoderSource<V>) {
    this.#session = session;
    this.#pairs = pairs;
    this.#valueEncoder = valueEncoder;
    this.#keys = datasetOfRdd<K>(session, async () => (await pairs()).keys().distinct() as RDD<K>, keyEncoder);
  }

  /** Each key once. */
  keys(): Dataset<K> {
    return this.#keys;
  }

  /** One value for each group. `f` is given the key and an iterator of the group's values. */
  mapGroups<U>(f: (key: K, values: Values<V>) => U, encoder?: EncoderLike<U>): Dataset<U> {
    return this.#groups('mapGroups', 'mapGroups', f, encoder);
  }
  /** Any number of values for each group. */
  flatMapGroups<U>(f: (key: K, values: Values<V>) => Iterable<U>, encoder?: EncoderLike<U>): Dataset<U> {
    return this.#groups('flatMapGroups', 'flatMapGroups', f, encoder);
  }
  #groups<U>(method: string, name: RowOpName, f: Function, encoder: EncoderLike<U> | undefined): Dataset<U> {
    const callSite = this.#checked(f, method);
    return datasetOfRdd<U>(this.#session, async () => rowsOfRdd((await this.#pairs()).groupByKey(), name, [f], {}, callSite), encoder);
  }
  #checked(f: Function, method: string): string {
    demandFunction(f, method);
    const context = this.#session.context();
    const callSite = context.callSite(method);
    context.checkSerializable(f, callSite);
    return callSite;
  }

  /** All values of each group to one. Values of a partition are put together before they travel. */
  reduceGroups(f: (a: V, b: V) => V): Dataset<[K, V]> {
    this.#checked(f, 'reduceGroups');
    return this.#pairsDataset(async () => (await this.#pairs()).reduceByKey(f as never) as unknown as RDD<[K, V]>, this.#valueEncoder);
  }

  /** How many values each group has. */
  count(): Dataset<[K, bigint]> {
    const callSite = this.#session.context().callSite('count');
    const made = async () => {
      const ones = rowsOfRdd<[K, number]>(await this.#pairs(), 'valuesToOne', [], {}, callSite);
      const partitioner = defaultPartitioner([ones]);
      return shuffle<K, number, bigint>(ones, { partitioner, aggregator: { kind: 'sum' }, mapSideCombine: true, callSite });
    };
    const counted = this.#pairsDataset<bigint>(made, Encoders.LONG);
    return counted.again({ kind: 'toDf', input: counted.relation, columnNames: ['key', 'count(1)'] });
  }

  /**
   * Aggregates over the values' columns; the key is the column `key`. An Aggregator of the program gets the values as they are, and only their encoder
   * says which columns that needs: `people.groupByKey((p) => p.city).agg(new Oldest())`.
   */
  agg(...aggregates: readonly [Column | Aggregator<V>, ...(Column | Aggregator<V>)[]]): DataFrame {
    const pairs = this.#pairsDataset<V>(this.#pairs, this.#valueEncoder);
    const load = async () => {
      const encoder = await pairs.encoder();
      const [, value] = encoder.schema.fields;
      const columnOf = (a: Column | Aggregator<V>) => (a instanceof Column ? a : udaf(a, partOf(encoder, 1)).toColumn());
      const isStruct = value!.dataType.tag === 'struct';
      const columns = pairs.toDF(KEY, 'value').select(KEY, ...(isStruct ? [namedColumn('value.*')] : ['value']));
      const [first, ...more] = aggregates.map(columnOf);
      const grouped = columns.groupBy(KEY).agg(first!, ...more);
      return this.#session.engine().analyze(grouped.withColumnRenamed(KEY, 'key').relation);
    };
    return pairs.derive({ kind: 'deferred', source: { load } });
  }

  /** The same groups of other values. */
  mapValues<W>(f: (value: V) => W, encoder?: EncoderLike<W>): KeyValueGroupedDataset<K, W> {
    const callSite = this.#checked(f, 'mapValues');
    const pairs = once(async () => rowsOfRdd<[K, W]>(await this.#pairs(), 'mapValues', [f], {}, callSite));
    return new KeyValueGroupedDataset<K, W>(this.#session, pairs, () => this.#keys.encoder(), encoder);
  }

  /** Groups of two Datasets by equal keys; a key that only one has comes with no values of the other. */
  cogroup<W, U>(
    other: KeyValueGroupedDataset<K, W>,
    f: (key: K, values: Values<V>, others: Values<W>) => Iterable<U>,
    encoder?: EncoderLike<U>,
  ): Dataset<U> {
    const callSite = this.#checked(f, 'cogroup');
    const made = async () => rowsOfRdd((await this.#pairs()).cogroup((await other.#pairs()) as never), 'cogroupGroups', [f], {}, callSite);
    return datasetOfRdd<U>(this.#session, made, encoder);
  }

  #pairsDataset<W>(made: () => Promise<RDD<[K, W]>>, values: EncoderSource<W>): Dataset<[K, W]> {
    const rdd = once(made);
    const ofValues = datasetOfRdd<W>(this.#session, async () => (await rdd()).values() as unknown as RDD<W>, values);
    return datasetOfRdd<[K, W]>(
      this.#session,
      rdd,
      async () => Encoders.tuple(await this.#keys.encoder(), await ofValues.encoder()) as unknown as Encoder<[K, W]>,
    );
  }
}

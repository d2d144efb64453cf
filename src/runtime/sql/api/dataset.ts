// Dataset: a plan whose rows are values of the program, by an encoder. Methods that leave the columns as they are give Datasets, all others DataFrames.
// Functions over the values are typed-functions.ts. Source: org.apache.spark.sql.Dataset of Spark 4.2.
import type { ResultGuard } from './result-guard.ts';
import type { RDD } from '../../rdd/rdd.ts';
import type { KernelValue } from '../../../common/sql-kernel.ts';
import type { Relation } from '../plan/relations.ts';
import type { DataFrameSession } from './dataframe-base.ts';
import type { Encoder } from './encoders.ts';
import { decoderOf } from './shapes.ts';
import { setDatasetClass } from './typed-rdd.ts';
import { TypedFunctions } from './typed-functions.ts';
import type { ColumnsOf } from './row-types.ts';

export class Dataset<T> extends TypedFunctions<ColumnsOf<T>, T, T> {
  readonly #encoder: () => Promise<Encoder<T>>;
  readonly #values: (() => Promise<RDD<T>>) | undefined;

  /** @internal Programs use createDataset, df.as and functions. @param values the rows themselves, where they came from a function and no query since */
  constructor(session: DataFrameSession, relation: Relation, encoder: () => Promise<Encoder<T>>, values?: () => Promise<RDD<T>>) {
    super(session, relation);
    this.#encoder = encoder;
    this.#values = values;
  }

  /** @internal */
  override again(relation: Relation): this {
    return new Dataset<T>(this.session, relation, this.#encoder) as this;
  }

  /** @internal */
  override encoder(): Promise<Encoder<T>> {
    return this.#encoder();
  }

  /** @internal */
  protected override values(): Promise<RDD<T>> {
    return this.#values === undefined || this.isCached ? super.values() : this.#values();
  }

  protected override async *batches(guard?: ResultGuard): AsyncGenerator<T[]> {
    const { shape, classes, columns } = await this.#encoder();
    const query = await this.prepared({ kind: 'typed', input: this.relation, columns, keepsColumns: false }, 'collect');
    const decode = decoderOf(shape, classes as readonly { prototype: object }[]) as (values: readonly KernelValue[]) => T;
    for await (const chunk of this.chunks(query, guard)) {
      const rows = new Array<T>(chunk.rows);
      for (let r = 0; r < chunk.rows; r++) rows[r] = decode(chunk.columns.map((c) => c[r]!));
      yield rows;
    }
  }
}

setDatasetClass(Dataset);

// DataFrame: an unresolved plan and the session that can compute it; its rows are Rows. Transformations (dataframe-columns.ts,
// dataframe-relational.ts) only make larger plans; actions (dataframe-actions.ts) are promises. Rows as values of the program: dataset.ts.
// Source: org.apache.spark.sql.Dataset of Spark 4.2, whose DataFrame is Dataset[Row].
import { type AnyRow, setDataFrameClass } from './dataframe-base.ts';
import { Encoder } from './encoders.ts';
import type { ResultGuard } from './result-guard.ts';
import { rowsMaker, type TypedRow } from './rows.ts';
import { schemaOf } from './schema.ts';
import { TypedFunctions } from './typed-functions.ts';
import { converterOf } from './values.ts';

export type { DataFrameSession } from './dataframe-base.ts';

/** Functions of the program (map, filter …) are given plain objects. */
export class DataFrame<T = AnyRow> extends TypedFunctions<T, TypedRow<T>, T> {
  protected override async *batches(guard?: ResultGuard): AsyncGenerator<TypedRow<T>[]> {
    const query = await this.prepared(this.relation, 'collect');
    const schema = schemaOf(query.plan);
    const make = rowsMaker(
      schema,
      schema.fields.map((f) => converterOf(f.dataType)),
    );
    for await (const chunk of this.chunks(query, guard)) yield make(chunk) as TypedRow<T>[];
  }

  /** @internal */
  override async encoder(): Promise<Encoder<T>> {
    return new Encoder<T>({ kind: 'row', type: await this.schema() });
  }
}

setDataFrameClass(DataFrame);

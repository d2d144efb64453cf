// rdd.toDF() and rdd.toDS(): methods that RDDs have once there is SQL, as in PySpark (SparkSession's _monkey_patch_RDD) and Scala's implicits.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { RddContext } from '../../rdd/context.ts';
import { RDD } from '../../rdd/rdd.ts';
import type { SchemaOf } from './create-dataframe.ts';
import type { DataFrame } from './dataframe.ts';
import type { Dataset } from './dataset.ts';
import type { EncoderLike } from './encoders.ts';
import type { DdlRow, InferredRow } from './row-types.ts';

declare module '../../rdd/rdd.ts' {
  interface RDD<T> {
    /** Its rows as a DataFrame, read where they are. @param schema as createDataFrame takes it; left out: all rows are looked at in a job of its own */
    toDF<const D extends string>(schema: D): DataFrame<DdlRow<D>>;
    toDF<R>(this: RDD<R>): DataFrame<InferredRow<R>>;
    toDF(schema: SchemaOf): DataFrame;
    /** Its rows as a typed Dataset. @param encoder left out: as createDataset infers it */
    toDS<R, U = R>(this: RDD<R>, encoder?: EncoderLike<U>): Dataset<U>;
  }
}

/** What of a session makes DataFrames of RDDs. */
export type FromRdds = {
  createDataFrame(rows: RDD<any>, schema?: SchemaOf): DataFrame<any>;
  createDataset<U>(rows: RDD<any>, encoder?: EncoderLike<U>): Dataset<U>;
};
const sessions = new WeakMap<RddContext, FromRdds>();

/** The session whose DataFrames RDDs of this context become. */
export function rddsBecomeDataFramesOf(context: RddContext, session: FromRdds): void {
  sessions.set(context, session);
}

function sessionOf(rdd: RDD<unknown>, method: string): FromRdds {
  const session = sessions.get(rdd.context);
  if (session === undefined)
    throw new SparkIllegalArgumentException(
      'NO_ACTIVE_SESSION',
      '08003',
      `${method}() needs a SparkSession: make one first (SparkSession.builder().getOrCreate()).`,
    );
  return session;
}

Object.assign(RDD.prototype, {
  toDF(this: RDD<any>, schema?: SchemaOf) {
    return sessionOf(this, 'toDF').createDataFrame(this, schema);
  },
  toDS(this: RDD<any>, encoder?: EncoderLike<any>) {
    return sessionOf(this, 'toDS').createDataset(this, encoder);
  },
});

// RDDs of a program's values as Datasets: the encoder, said or inferred; the columns, made by executors where the rows are. Functions over them are
// typed-functions.ts. Source: ExternalRDD and LogicalRDD of Spark 4.2, PySpark's createDataFrame for what is inferred.
import type { RowOpName } from '../../rdd/ops.ts';
import { narrow, newRdd } from '../../rdd/rdd-base.ts';
import type { RDD } from '../../rdd/rdd.ts';
import type { Relation } from '../plan/relations.ts';
import type { DataFrameSession } from './dataframe-base.ts';
import type { Dataset } from './dataset.ts';
import { Encoder, type EncoderLike, toEncoder } from './encoders.ts';
import { type Inferred, shapeOf } from './infer-shape.ts';
import { once } from './once.ts';
import { columnsOfShape } from './shapes.ts';

type Datasets = new <T>(
  session: DataFrameSession,
  relation: Relation,
  encoder: () => Promise<Encoder<T>>,
  values?: () => Promise<RDD<T>>,
) => Dataset<T>;
let datasets: Datasets;
/** dataset.ts says which class is made: what it stands on must not import it. */
export function setDatasetClass(made: Datasets): void {
  datasets = made;
}
export const datasetOf = <T>(session: DataFrameSession, relation: Relation, encoder: () => Promise<Encoder<T>>): Dataset<T> =>
  new datasets<T>(session, relation, encoder);
export const isDataset = (frame: unknown): boolean => frame instanceof datasets;

/** @internal A row operation of the engine with functions of the program. */
export function rowsOfRdd<U>(
  rdd: RDD<any>,
  name: RowOpName,
  functions: readonly unknown[],
  args: Readonly<Record<string, unknown>>,
  callSite: string,
): RDD<U> {
  return newRdd<U>(rdd.context, {
    op: { tag: 'rows', name, functions, args },
    dependencies: [narrow(rdd)],
    partitions: rdd.node.partitions,
    callSite,
  });
}

/** @internal An RDD of the program as a Dataset. @param given left out: all rows are looked at, in a job of its own */
export function datasetOfRdd<U>(
  session: DataFrameSession,
  made: () => Promise<RDD<any>>,
  given?: EncoderLike<U> | (() => Promise<Encoder<U>>),
): Dataset<U> {
  const rows = once(made);
  const encoder = once(async () => {
    if (typeof given === 'function') return given();
    return given === undefined ? new Encoder<U>(shapeOf(await inferredParts(await rows()))) : toEncoder(given);
  });
  const load = async () => {
    const { shape } = await encoder();
    return { kind: 'programRdd', schema: columnsOfShape(shape), rdd: await rows(), shape };
  };
  const values = once(async () => {
    const { shape, classes } = await encoder();
    const rdd = await rows();
    return rowsOfRdd<U>(rdd, 'typedValue', classes, { shape }, rdd.node.callSite);
  });
  return new datasets<U>(session, { kind: 'deferred', source: { load } }, encoder, values);
}

/** What each partition looks like, asked in a job. @param names for rows that are arrays */
export async function inferredParts(rdd: RDD<any>, names: readonly string[] = []): Promise<Inferred[]> {
  const parts = await rowsOfRdd<string>(rdd, 'inferRows', [], { names }, rdd.node.callSite).collect();
  return parts.map((text) => JSON.parse(text) as Inferred);
}

// What SparkSession has of SQL: sql, table, range, createDataFrame, catalog. The session itself, with its context and settings, is
// src/runtime/session.ts. Source: org.apache.spark.sql.SparkSession of Spark 4.2.
import { OF_DRIVER } from '../../../common/of-driver.ts';
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { RecordBatch, Table } from 'apache-arrow';
import type { RddContext } from '../../rdd/context.ts';
import { RDD } from '../../rdd/rdd.ts';
import type { SqlEngine } from '../engine/sql-engine.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { Relation } from '../plan/relations.ts';
import type { StructType } from '../types/data-type.ts';
import { bigWhole, rowsGiven, text as textOf } from './arguments.ts';
import { isArrow, rowsOfArrow } from './arrow.ts';
import { bindParameters, type SqlArguments } from './bind-parameters.ts';
import { Catalog } from './catalog.ts';
import { programRows, renamed, type SchemaOf } from './create-dataframe.ts';
import { DataFrame, type DataFrameSession } from './dataframe.ts';
import type { Dataset } from './dataset.ts';
import './dataset.ts'; // says which class typed functions make
import './rdd-to-dataframe.ts';
import { Encoder, type EncoderLike, toEncoder } from './encoders.ts';
import { frameShapeOf, inferRow, shapeOf } from './infer-shape.ts';
import { DataFrameReader } from './dataframe-reader.ts';
import type { DdlRow, InferredRow } from './row-types.ts';
import { TableValuedFunctions } from './table-valued-functions.ts';
import { nameParts } from './sql-text.ts';
import { datasetOf, datasetOfRdd, inferredParts } from './typed-rdd.ts';
import { programFunctions } from './program-functions.ts';
import type { StructType as TypedStruct } from './types.ts';
import { UdfRegistration } from './udf.ts';
import { UdtfRegistration } from './udtf.ts';

export abstract class SqlSession {
  /** @internal */
  static readonly [OF_DRIVER] = true;
  /** Ends of commands in the order in which they were given: what is asked later waits for them. */
  #commands: Promise<void> = Promise.resolve();
  /** Errors of commands that no action of theirs has told. */
  readonly #untold = new Set<{ readonly error: unknown }>();
  #catalog: Catalog | undefined;
  /** Functions of the program that SQL text can name. */
  readonly udf = new UdfRegistration();
  /** Table functions of the program that SQL text can name. */
  readonly udtf = new UdtfRegistration((relation) => this.#dataFrame(relation));
  readonly #program = programFunctions(this.udf, this.udtf);

  /** @internal */
  protected abstract sqlEngine(): SqlEngine;
  /** @internal */
  protected abstract rddContext(): RddContext;

  /** @internal What DataFrames see of the session. */
  readonly dataFrames: DataFrameSession = {
    engine: () => this.#engine(),
    ready: async () => {
      // Commands that came after a view wait for it, so it cannot wait for them; those before it are done.
      if (this.#engine().sessionViews.isBefore) return;
      await this.#commands;
      for (const untold of this.#untold) {
        this.#untold.delete(untold);
        throw untold.error;
      }
    },
    inOrder: (run) => {
      const done = this.#commands.then(run);
      this.#commands = done.then(
        () => undefined,
        () => undefined,
      );
      return done as Promise<any>;
    },
    context: () => this.rddContext(),
    owner: () => this,
  };

  #engine(): SqlEngine {
    const engine = this.sqlEngine();
    engine.program = this.#program;
    return engine;
  }

  get catalog(): Catalog {
    this.#catalog ??= new Catalog(this.dataFrames);
    return this.#catalog;
  }

  /**
   * A query is computed when its rows are asked for; a command or a script (BEGIN … END) runs at once, and queries after it wait for its end.
   * A script's rows are those of its last query.
   * @param args values of `:name` (an object) or of `?` (an array)
   * @throws ParseException at once; what is wrong in its meaning shows when it is used
   */
  sql(text: string, args?: SqlArguments): DataFrame {
    const plan = this.#engine().parse(textOf(text, 'sqlQuery'));
    const engine = this.#engine();
    if (plan.tag === 'script') {
      const script = args === undefined ? plan.script : bindParameters(plan.script, args);
      const site = engine.callSite('sql');
      return this.#command(() => engine.runScript(script, site));
    }
    if (plan.tag === 'command') {
      const command = args === undefined ? plan.command : bindParameters(plan.command, args);
      return this.#command(() => engine.execute(command));
    }
    return this.#dataFrame(args === undefined ? plan.relation : bindParameters(plan.relation, args));
  }

  #command(run: () => Promise<LogicalPlan>): DataFrame {
    const done = this.#commands.then(run);
    const untold = done.then(
      () => undefined,
      (error: unknown) => {
        const it = { error };
        this.#untold.add(it);
        return it;
      },
    );
    this.#commands = untold.then(() => undefined);
    const load = async () => {
      const failed = await untold;
      if (failed !== undefined) this.#untold.delete(failed);
      return done;
    };
    return this.#dataFrame({ kind: 'deferred', source: { load } });
  }

  /** Files and tables as DataFrames. */
  get read(): DataFrameReader {
    return new DataFrameReader(this.dataFrames);
  }

  /** Functions that give rows, as DataFrames. */
  get tvf(): TableValuedFunctions {
    return new TableValuedFunctions((relation) => this.#dataFrame(relation));
  }

  /** A view or a table by name. */
  table<T = any>(name: string): DataFrame<T> {
    return this.#dataFrame({ kind: 'read', namedTable: { nameParts: nameParts(textOf(name, 'tableName')), options: {} } });
  }

  /** Whole numbers in the column `id`. @param end not in it */
  range(end: number | bigint): DataFrame<{ id: bigint }>;
  range(start: number | bigint, end: number | bigint, step?: number | bigint, numPartitions?: number): DataFrame<{ id: bigint }>;
  range(first: number | bigint, end?: number | bigint, step: number | bigint = 1, numPartitions?: number): DataFrame<{ id: bigint }> {
    const by = bigWhole(step, 'step');
    if (by === 0n) throw new SparkIllegalArgumentException('VALUE_NOT_NON_ZERO', '42000', 'A range with the step 0 has no end.');
    const [from, to] = end === undefined ? [0n, bigWhole(first, 'end')] : [bigWhole(first, 'start'), bigWhole(end, 'end')];
    return this.#dataFrame({
      kind: 'range',
      start: from,
      end: to,
      step: by,
      ...(numPartitions !== undefined && { numPartitions }),
    });
  }

  /**
   * Rows of the program: objects, arrays, single values; an RDD of them, whose rows executors read where they are; a Table of the package apache-arrow
   * or bytes of Arrow's IPC format.
   * @param schema `a INT, b STRING`, a type, or names for rows that are arrays; left out: inferred from all rows (of an RDD in a job of its own)
   * @throws Error with PySpark's conditions, such as CANNOT_MERGE_TYPE
   */
  createDataFrame<const D extends string>(rows: Iterable<unknown> | RDD<any>, schema: D): DataFrame<DdlRow<D>>;
  createDataFrame<R>(rows: Iterable<unknown> | RDD<any>, schema: TypedStruct<R>): DataFrame<R>;
  createDataFrame(table: Table | RecordBatch | Uint8Array, schema?: SchemaOf): DataFrame;
  createDataFrame<R>(rows: Iterable<R>): DataFrame<InferredRow<R>>;
  createDataFrame<const N extends readonly string[]>(rows: Iterable<unknown> | RDD<any>, schema: N): DataFrame<{ [K in N[number]]: any }>;
  createDataFrame(rows: Iterable<unknown> | RDD<any>, schema?: StructType | SchemaOf): DataFrame;
  createDataFrame(rows: Iterable<unknown> | RDD<any>, schema?: SchemaOf): DataFrame<any> {
    if (rows instanceof RDD) return this.#ofRdd(rows, schema);
    if (isArrow(rows)) return this.#ofArrow(rows, schema);
    const made = programRows([...rowsGiven(rows)], schema);
    return this.#dataFrame({ kind: 'deferred', source: { load: async () => made } });
  }
  #ofArrow(table: unknown, schema: SchemaOf | undefined): DataFrame<any> {
    const made = this.#dataFrame({ kind: 'deferred', source: { load: () => rowsOfArrow(table) } });
    if (schema === undefined) return made;
    if (Array.isArray(schema)) return made.toDF(...(schema as readonly string[]));
    return made.to(schema as string | StructType);
  }

  #ofRdd(rdd: RDD<any>, schema: SchemaOf | undefined): DataFrame<any> {
    const names = Array.isArray(schema) ? (schema as readonly string[]) : undefined;
    const isSaid = schema !== undefined && names === undefined;
    const inferred = async () => new Encoder<any>(frameShapeOf(await inferredParts(rdd, names)));
    const made = datasetOfRdd<any>(this.dataFrames, async () => rdd, isSaid ? (schema as string | StructType) : inferred);
    if (names === undefined) return made.toDF();
    // Objects have names of their own, which these replace.
    const load = async () => {
      const { fields } = renamed(await made.schema(), names);
      return this.#engine().analyze(made.toDF(...fields.map((f) => f.name)).relation);
    };
    return this.#dataFrame({ kind: 'deferred', source: { load } });
  }

  /**
   * Values of the program as a typed Dataset: objects, arrays as tuples, single values; or an RDD of them.
   * @param encoder `Encoders.STRING`, `int`, `a INT, b STRING`; left out: inferred from all of them, BIGINTs come back as numbers where numbers stood
   */
  createDataset<T>(rows: Iterable<T> | RDD<T>, encoder?: EncoderLike<T>): Dataset<T> {
    if (rows instanceof RDD) return datasetOfRdd<T>(this.dataFrames, async () => rows, encoder);
    const all = [...rowsGiven(rows)];
    const made = encoder === undefined ? new Encoder<T>(shapeOf(all.map((row) => inferRow(row)))) : toEncoder(encoder);
    const given = programRows(made.shape.kind === 'value' ? all.map((value) => [value]) : all, made.schema);
    return datasetOf<T>(this.dataFrames, { kind: 'deferred', source: { load: async () => given } }, async () => made);
  }

  /** @internal Rows of a table function of the program. */
  tableFunction(relation: Relation): DataFrame {
    return this.#dataFrame(relation);
  }

  /** A DataFrame without rows or columns. */
  emptyDataFrame(): DataFrame<{}> {
    return this.createDataFrame([], { tag: 'struct', fields: [] });
  }

  #dataFrame<T = any>(relation: Relation): DataFrame<T> {
    return new DataFrame<T>(this.dataFrames, relation);
  }
}

// DataFrame: an unresolved plan and the session that can compute it. Transformations (dataframe-columns.ts, dataframe-relational.ts) only make
// larger plans; the actions here are promises. Source: org.apache.spark.sql.Dataset of Spark 4.2, its lazy analysis that of Spark Connect.
import type { RDD } from '../../rdd/rdd.ts';
import { StorageLevel } from '../../rdd/storage-level.ts';
import type { PreparedQuery } from '../engine/sql-engine.ts';
import type { KernelChunk } from '../../../common/sql-kernel.ts';
import type { Relation } from '../plan/relations.ts';
import type { StructType } from '../types/data-type.ts';
import { schemaTree } from '../types/schema-tree.ts';
import { simpleString } from '../types/type-names.ts';
import type { AnyRow } from './dataframe-base.ts';
import { DataFrameRelational } from './dataframe-relational.ts';
import type { ExplainMode } from '../explain/explain.ts';
import { call, integerLiteral } from './literals.ts';
import { DataFrameNaFunctions } from './na-functions.ts';
import { rowsMaker, type TypedRow } from './rows.ts';
import { schemaOf } from './schema.ts';
import { showText } from './show-text.ts';
import { DataFrameWriter } from './dataframe-writer.ts';
import { DataFrameStatFunctions } from './stat-functions.ts';
import { converterOf } from './values.ts';

export type { DataFrameSession } from './dataframe-base.ts';

/** What cached DataFrames were before, and their keys among the kernel's tables. */
const cached = new WeakMap<object, { readonly relation: Relation; readonly key: string; readonly level: StorageLevel }>();

export class DataFrame<T = AnyRow> extends DataFrameRelational<T> {
  get na(): DataFrameNaFunctions<T> {
    return new DataFrameNaFunctions(this);
  }
  /** Rows into files and tables. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this.session, this.relation);
  }
  get stat(): DataFrameStatFunctions<T> {
    return new DataFrameStatFunctions(this);
  }
  /** count, mean, stddev, min and max of numeric and text columns. */
  describe(...columns: readonly string[]): DataFrame {
    return this.derive({ kind: 'statDescribe', input: this.relation, cols: columns });
  }
  /** As describe, with quartiles; or the statistics that are named: `summary('min', '95%')`. */
  summary(...statistics: readonly string[]): DataFrame {
    return this.derive({ kind: 'statSummary', input: this.relation, statistics });
  }

  async #engine() {
    await this.session.ready();
    return this.session.engine();
  }
  /** @param action for the pages; left out: nothing is run */
  async #prepared(relation: Relation = this.relation, action?: string): Promise<PreparedQuery> {
    const site = action === undefined ? undefined : this.session.engine().callSite(action); // while the program's call is on the stack
    return (await this.#engine()).prepare(relation, site);
  }
  async *#chunks(query: PreparedQuery): AsyncGenerator<KernelChunk> {
    yield* (await this.#engine()).run(query);
  }

  /** @throws AnalysisException */
  async schema(): Promise<StructType> {
    return schemaOf(await (await this.#engine()).analyze(this.relation));
  }
  async columns(): Promise<string[]> {
    return (await this.schema()).fields.map((f) => f.name);
  }
  /** Name and type of each column: `[['id', 'bigint']]`. */
  async dtypes(): Promise<[string, string][]> {
    return (await this.schema()).fields.map((f) => [f.name, simpleString(f.dataType)]);
  }
  async printSchema(level?: number): Promise<void> {
    process.stdout.write(`${schemaTree(await this.schema(), level)}\n`);
  }
  /** @param mode true: `extended`; `codegen` prints the text that the kernel runs */
  async explain(mode: boolean | ExplainMode = 'simple'): Promise<void> {
    const name = typeof mode === 'boolean' ? (mode ? 'extended' : 'simple') : mode;
    process.stdout.write(`${await (await this.#engine()).explain(await this.#prepared(), name, this.relation)}\n`);
  }

  /** All rows. @throws AnalysisException, SparkRuntimeException */
  async collect(): Promise<TypedRow<T>[]> {
    const rows: TypedRow<T>[] = [];
    for await (const some of this.#batches()) for (const row of some) rows.push(row);
    return rows;
  }
  async *#batches(): AsyncGenerator<TypedRow<T>[]> {
    const query = await this.#prepared(this.relation, 'collect');
    const schema = schemaOf(query.plan);
    const make = rowsMaker(
      schema,
      schema.fields.map((f) => converterOf(f.dataType)),
    );
    for await (const chunk of this.#chunks(query)) yield make(chunk) as TypedRow<T>[];
  }
  /** Rows as they come: the kernel computes on when the next ones are asked for. */
  async *toLocalIterator(): AsyncGenerator<TypedRow<T>, void> {
    for await (const some of this.#batches()) yield* some;
  }

  take(n: number): Promise<TypedRow<T>[]> {
    return this.limit(n).collect();
  }
  /** The first row, or with a number the first rows; null when there is none. */
  head(): Promise<TypedRow<T> | null>;
  head(n: number): Promise<TypedRow<T>[]>;
  async head(n?: number): Promise<TypedRow<T> | null | TypedRow<T>[]> {
    return n === undefined ? ((await this.take(1))[0] ?? null) : this.take(n);
  }
  first(): Promise<TypedRow<T> | null> {
    return this.head();
  }
  tail(n: number): Promise<TypedRow<T>[]> {
    return this.derive<T>({ kind: 'tail', input: this.relation, limit: integerLiteral(n) }).collect();
  }
  async count(): Promise<number> {
    const counted = this.derive({
      kind: 'aggregate',
      input: this.relation,
      groupType: 'groupBy',
      groupingExpressions: [],
      aggregateExpressions: [call('count', integerLiteral(1))],
    });
    return Number((await counted.collect())[0]!.get(0));
  }
  async isEmpty(): Promise<boolean> {
    return (await this.take(1)).length === 0;
  }

  /** Calls `f` with each row, in the tasks of an RDD. */
  async foreach(f: (row: T) => unknown): Promise<void> {
    await (await this.rdd()).foreach(f as (row: T) => void);
  }
  /** Calls `f` with each partition's rows, in the tasks of an RDD. */
  async foreachPartition(f: (rows: Iterable<T>) => unknown): Promise<void> {
    await (await this.rdd()).foreachPartition(f as never);
  }
  /** The rows as an RDD of plain objects. They go through the driver. */
  async rdd(slices?: number): Promise<RDD<T>> {
    const rows = await this.collect();
    return this.session.parallelize(rows.map((r) => r.asDict(true)) as T[], slices);
  }
  /** Each row as a JSON text, in the column `value`. */
  toJSON(): DataFrame<{ value: string }> {
    const json = call('to_json', call('struct', { kind: 'unresolvedStar' }));
    return this.derive({ kind: 'project', input: this.relation, expressions: [{ kind: 'alias', expr: json, name: ['value'] }] });
  }

  /** Prints the first rows as Spark does. @param truncate cells longer than this are cut; true: 20; false or 0: never */
  async show(numRows = 20, truncate: boolean | number = true, vertical = false): Promise<void> {
    process.stdout.write(await this.showString(numRows, truncate, vertical));
  }
  /** What show prints. */
  async showString(numRows = 20, truncate: boolean | number = true, vertical = false): Promise<string> {
    const query = await this.#prepared({ kind: 'limit', input: this.relation, limit: integerLiteral(numRows + 1) }, 'show');
    const cells: unknown[][] = [];
    for await (const chunk of this.#chunks(query))
      for (let i = 0; i < chunk.rows; i++) cells.push(query.output.map((_, c) => chunk.columns[c]![i]));
    const { timeZone } = this.session.engine().settings;
    return showText(cells, query.output, { numRows, truncate: truncate === true ? 20 : Number(truncate), vertical, timeZone });
  }

  /** persist() with the level MEMORY_AND_DISK. */
  cache(): this {
    return this.persist();
  }
  /**
   * Its rows are computed once, when they are first asked for, and kept for what is made of this DataFrame from now on: by the executors, each
   * partition where it was computed; on local masters in the driver's kernel, whatever the level.
   */
  persist(level: StorageLevel = StorageLevel.MEMORY_AND_DISK): this {
    if (cached.has(this)) return this;
    const { session, relation } = this;
    const key = `dataframe ${relation.planId}`;
    let loaded: Promise<unknown> | undefined;
    const load = async () => {
      const engine = session.engine();
      await engine.cached.keep(key, await engine.analyze(relation), { level });
      return engine.cached.find(key);
    };
    cached.set(this, { relation, key, level });
    this.relation = { kind: 'deferred', source: { load: () => (loaded ??= load()) }, planId: relation.planId! };
    return this;
  }
  get isCached(): boolean {
    return cached.has(this);
  }
  /** StorageLevel.NONE when nothing is kept. */
  get storageLevel(): StorageLevel {
    return cached.get(this)?.level ?? StorageLevel.NONE;
  }
  /** DataFrames that were made of it while it was cached can't be computed after this. */
  async unpersist(): Promise<this> {
    const was = cached.get(this);
    if (was === undefined) return this;
    cached.delete(this);
    this.relation = was.relation;
    await (await this.#engine()).cached.forget(was.key);
    return this;
  }

  /** A name for the plan in this session's SQL. @throws AnalysisException TEMP_TABLE_OR_VIEW_ALREADY_EXISTS */
  async createTempView(name: string): Promise<void> {
    await this.#view(name, false);
  }
  async createOrReplaceTempView(name: string): Promise<void> {
    await this.#view(name, true);
  }
  /** As `global_temp.name`, until the application ends. @throws AnalysisException TEMP_TABLE_OR_VIEW_ALREADY_EXISTS */
  async createGlobalTempView(name: string): Promise<void> {
    await this.#view(name, false, true);
  }
  async createOrReplaceGlobalTempView(name: string): Promise<void> {
    await this.#view(name, true, true);
  }
  async #view(name: string, replace: boolean, isGlobal = false): Promise<void> {
    const engine = await this.#engine();
    const views = isGlobal ? engine.globalViews : engine.views;
    if (!replace && views.has(name))
      throw new Error(
        `[TEMP_TABLE_OR_VIEW_ALREADY_EXISTS] Cannot create the temporary view \`${name}\` because it already exists. Choose a different name, drop or replace the existing view, or add the IF NOT EXISTS clause to tolerate pre-existing views. SQLSTATE: 42P07`,
      );
    views.set(name, await engine.analyze(this.relation));
  }

  /** Whether collect() runs without executors: the plan has rows of the driver only. */
  async isLocal(): Promise<boolean> {
    const plan = await (await this.#engine()).analyze(this.relation);
    return plan.kind === 'localRelation' || (plan.kind === 'kernelTable' && plan.cached === undefined) || plan.kind === 'oneRow';
  }
  /** The files that it reads, as URLs. */
  async inputFiles(): Promise<string[]> {
    const found = new Set<string>();
    const visit = (plan: any): void => {
      if (plan.kind === 'scan') for (const f of plan.files) found.add(f.path.includes('://') ? f.path : `file://${f.path}`);
      for (const key of ['child', 'left', 'right']) if (plan[key]?.kind !== undefined) visit(plan[key]);
      if (Array.isArray(plan.children)) plan.children.forEach(visit);
    };
    visit((await this.#prepared()).plan);
    return [...found];
  }
}

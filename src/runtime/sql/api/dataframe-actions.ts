// Actions of DataFrames and Datasets: promises that run the plan. What they give of a row (O) is dataframe.ts's and dataset.ts's to say.
// Source: org.apache.spark.sql.Dataset of Spark 4.2, its lazy analysis that of Spark Connect.
import type { Table } from 'apache-arrow';
import type { PreparedQuery } from '../engine/prepared-query.ts';
import type { KernelChunk } from '../../../common/sql-kernel.ts';
import { withCaller } from '../plan/called-from.ts';
import type { Relation } from '../plan/relations.ts';
import type { DataFrameBase } from './dataframe-base.ts';
import type { DataFrame } from './dataframe.ts';
import { canonicalText, semanticHashOf } from './same-semantics.ts';
import { schemaTree } from '../types/schema-tree.ts';
import { simpleString } from '../types/type-names.ts';
import { wholeNumber } from './arguments.ts';
import { arrowField, arrowValues } from '../types/arrow-types.ts';
import { arrowTables } from './arrow.ts';
import { DataFrameRelational } from './dataframe-relational.ts';
import type { ExplainMode } from '../explain/explain.ts';
import { call, integerLiteral } from './literals.ts';
import { ResultGuard } from './result-guard.ts';
import { schemaOf } from './schema.ts';
import { showText } from './show-text.ts';
import { StructType } from './types.ts';

/** Where the program asked for a query. */
const askedAt = new WeakMap<PreparedQuery, Error>();

export abstract class DataFrameActions<T, O> extends DataFrameRelational<T> {
  /** Rows as the program sees them, some at a time. @param guard of all of them together */
  protected abstract batches(guard?: ResultGuard): AsyncGenerator<O[]>;

  protected async engine() {
    await this.session.ready();
    return this.session.engine();
  }
  /** @param action for the pages; left out: nothing is run */
  protected async prepared(relation: Relation = this.relation, action?: string): Promise<PreparedQuery> {
    // While the program's call is on the stack.
    const at = new Error();
    const site = action === undefined ? undefined : this.session.engine().callSite(action);
    try {
      const query = await (await this.engine()).prepare(relation, site);
      askedAt.set(query, at);
      return query;
    } catch (error) {
      throw withCaller(error, at);
    }
  }
  protected async *chunks(query: PreparedQuery, guard?: ResultGuard): AsyncGenerator<KernelChunk> {
    try {
      for await (const chunk of (await this.engine()).run(query)) {
        guard?.add(chunk);
        yield chunk;
      }
    } catch (error) {
      throw withCaller(error, askedAt.get(query));
    }
  }

  /** @throws AnalysisException */
  async schema(): Promise<StructType<T>> {
    return new StructType<T>(schemaOf(await (await this.engine()).analyze(this.relation)).fields);
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
    process.stdout.write(`${await (await this.engine()).explain(await this.prepared(), name, this.relation)}\n`);
  }

  /** All rows. @throws AnalysisException, SparkRuntimeException; AppError RESULT_TOO_LARGE above spark.driver.maxResultSize */
  async collect(): Promise<O[]> {
    const rows: O[] = [];
    const guard = new ResultGuard(this.session.engine().settings.get);
    for await (const some of this.batches(guard)) for (const row of some) rows.push(row);
    return rows;
  }
  /** Rows as they come: the kernel computes on when the next ones are asked for. */
  async *toLocalIterator(): AsyncGenerator<O, void> {
    for await (const some of this.batches()) yield* some;
  }

  /** All rows as a Table of the package apache-arrow, with Spark's types. @throws Error UNSUPPORTED_DATA_TYPE_FOR_ARROW_CONVERSION */
  async toArrow(): Promise<Table> {
    const query = await this.prepared(this.relation, 'toArrow');
    const { fields } = schemaOf(query.plan);
    const { timeZone } = this.session.engine().settings;
    const columns = fields.map((f) => arrowField(f, timeZone));
    const batches: KernelChunk[] = [];
    for await (const { rows, columns: values } of this.chunks(query))
      batches.push({ rows, columns: values.map((column, i) => arrowValues(fields[i]!.dataType, column)) });
    return (await arrowTables()).table(columns, batches) as Table;
  }

  take(n: number): Promise<O[]> {
    return this.limit(n).collect();
  }
  /** The first row, or with a number the first rows; null when there is none. */
  head(): Promise<O | null>;
  head(n: number): Promise<O[]>;
  async head(n?: number): Promise<O | null | O[]> {
    return n === undefined ? ((await this.take(1))[0] ?? null) : this.take(n);
  }
  first(): Promise<O | null> {
    return this.head();
  }
  tail(n: number): Promise<O[]> {
    return this.again({ kind: 'tail', input: this.relation, limit: integerLiteral(wholeNumber(n, 'num')) }).collect();
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
    const query = await this.prepared(
      { kind: 'limit', input: this.relation, limit: integerLiteral(Math.max(0, wholeNumber(numRows, 'n')) + 1) },
      'show',
    );
    const cells: unknown[][] = [];
    for await (const chunk of this.chunks(query))
      for (let i = 0; i < chunk.rows; i++) cells.push(query.output.map((_, c) => chunk.columns[c]![i]));
    const { timeZone } = this.session.engine().settings;
    return showText(cells, query.output, { numRows, truncate: truncate === true ? 20 : Number(truncate), vertical, timeZone });
  }

  /** Whether collect() runs without executors: the plan has rows of the driver only. */
  async isLocal(): Promise<boolean> {
    const plan = await (await this.engine()).analyze(this.relation);
    return (
      plan.kind === 'localRelation' ||
      (plan.kind === 'kernelTable' && plan.rdd === undefined && plan.cached === undefined) ||
      plan.kind === 'oneRow'
    );
  }
  /** Always false: there is no streaming. */
  get isStreaming(): boolean {
    return false;
  }
  /** Whether both plans give the same whatever the data; names do not count. False does not mean that results differ. */
  async sameSemantics(other: DataFrameBase<any>): Promise<boolean> {
    const engine = await this.engine();
    const [a, b] = [await engine.analyze(this.relation), await engine.analyze(other.relation)];
    return canonicalText(a) === canonicalText(b);
  }
  /** Equal for DataFrames of the same semantics. */
  async semanticHash(): Promise<number> {
    return semanticHashOf(await (await this.engine()).analyze(this.relation));
  }
  /** The files that it reads, as URLs. */
  async inputFiles(): Promise<string[]> {
    const found = new Set<string>();
    const visit = (plan: any): void => {
      if (plan.kind === 'scan' && plan.jdbc === undefined)
        for (const f of plan.files) found.add(f.path.includes('://') ? f.path : `file://${f.path}`);
      for (const key of ['child', 'left', 'right']) if (plan[key]?.kind !== undefined) visit(plan[key]);
      if (Array.isArray(plan.children)) plan.children.forEach(visit);
    };
    visit((await this.prepared()).plan);
    return [...found];
  }
}

// DataFrame: an unresolved plan and the session that can compute it. Transformations only make larger plans; actions are promises.
// Source: org.apache.spark.sql.Dataset of Spark 4.2, its lazy analysis that of Spark Connect.
import type { LogicalPlan } from '../logical/plans.ts';
import { outputOf } from '../logical/plans.ts';
import type { Expression, Literal } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';
import { type DataType, type StructType, structField, structType } from '../types/data-type.ts';
import { schemaTree } from '../types/schema-tree.ts';
import type { SqlEngine } from '../engine/sql-engine.ts';
import { type Row, rowsOf } from './rows.ts';
import { showText } from './show-text.ts';

/** What DataFrames need of their session. */
export type DataFrameSession = { readonly engine: () => SqlEngine };

export const schemaOf = (plan: LogicalPlan): StructType =>
  structType(outputOf(plan).map((a) => structField(a.name, a.dataType as DataType, a.nullable, a.metadata)));

const numberLiteral = (value: number): Literal => ({ kind: 'literal', value: { type: 'integer', value } });

export class DataFrame {
  /** @internal */
  readonly relation: Relation;
  readonly #session: DataFrameSession;

  /** @internal Programs get them from a session. */
  constructor(session: DataFrameSession, relation: Relation) {
    this.#session = session;
    this.relation = relation;
  }

  /** @throws AnalysisException */
  async schema(): Promise<StructType> {
    return schemaOf(await this.#session.engine().analyze(this.relation));
  }

  async columns(): Promise<string[]> {
    return (await this.schema()).fields.map((f) => f.name);
  }

  async printSchema(level?: number): Promise<void> {
    process.stdout.write(`${schemaTree(await this.schema(), level)}\n`);
  }

  limit(n: number): DataFrame {
    return this.#with({ kind: 'limit', input: this.relation, limit: numberLiteral(n) });
  }

  /** All rows. @throws AnalysisException, SparkRuntimeException */
  async collect(): Promise<Row[]> {
    const engine = this.#session.engine();
    const query = await engine.prepare(this.relation);
    const rows: Row[] = [];
    for await (const chunk of engine.run(query)) rows.push(...rowsOf(chunk, query.output));
    return rows;
  }

  async take(n: number): Promise<Row[]> {
    return this.limit(n).collect();
  }

  async count(): Promise<number> {
    const counted: Expression = { kind: 'unresolvedFunction', functionName: 'count', arguments: [numberLiteral(1)] };
    const [row] = await this.#with({ kind: 'project', input: this.relation, expressions: [counted] }).collect();
    return Number(row!.get(0));
  }

  /** Prints the first rows as Spark does. @param truncate cells longer than this are cut; true: 20; false or 0: never */
  async show(numRows = 20, truncate: boolean | number = true): Promise<void> {
    const engine = this.#session.engine();
    const query = await engine.prepare({ kind: 'limit', input: this.relation, limit: numberLiteral(numRows + 1) });
    const cells: unknown[][] = [];
    for await (const chunk of engine.run(query))
      for (let i = 0; i < chunk.rows; i++) cells.push(query.output.map((_, c) => chunk.columns[c]![i]));
    process.stdout.write(showText(cells, query.output, numRows, truncate === true ? 20 : Number(truncate), engine.settings.timeZone));
  }

  #with(relation: Relation): DataFrame {
    return new DataFrame(this.#session, relation);
  }
}

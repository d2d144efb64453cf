// What every part of a DataFrame stands on: its unresolved plan, its session, and how another one is made of it. The methods are in
// dataframe-columns.ts (select, withColumn …), dataframe-relational.ts (join, union, groupBy …), dataframe-actions.ts (collect, show …),
// typed-functions.ts (map, groupByKey …).
import { OF_DRIVER } from '../../../common/of-driver.ts';
import type { RddContext } from '../../rdd/context.ts';
import type { SqlEngine } from '../engine/sql-engine.ts';
import { rememberCall } from '../plan/called-from.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';
import { Column, type ColumnOrName, columnOf, namedColumn } from './column.ts';
import type { DataFrame } from './dataframe.ts';
import type { ColumnName } from './row-types.ts';
import type { SqlSession } from './sql-session.ts';
import { TableArg } from './table-arg.ts';

/** What DataFrames need of their session. */
export type DataFrameSession = {
  readonly engine: () => SqlEngine;
  /** Commands that were given before are done. @throws the error of one that nobody has seen */
  readonly ready: () => Promise<void>;
  /** After the commands that were given before, and before what is given later. */
  readonly inOrder: <T>(run: () => T) => Promise<T>;
  /** Where functions of typed Datasets run. */
  readonly context: () => RddContext;
  /** What programs know it as. */
  readonly owner: () => SqlSession;
};

/** Any row: what a DataFrame has when TypeScript knows nothing of its columns. */
export type AnyRow = any;
/** Of a union the distributive keys. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

let lastPlanId = 0;
type DataFrames = new (session: DataFrameSession, relation: Relation) => DataFrame<any>;
let dataFrames: DataFrames;
/** dataframe.ts says which class is made: the parts of the class below it must not import it. */
export function setDataFrameClass(made: DataFrames): void {
  dataFrames = made;
}

export abstract class DataFrameBase<T = AnyRow> {
  /** @internal */
  static readonly [OF_DRIVER] = true;
  /** @internal Changed by cache() and unpersist() only. */
  relation: Relation;
  /** @internal */
  readonly session: DataFrameSession;
  /** For TypeScript only: the row's type. */
  declare readonly rowType: T;

  /** @internal Programs get them from a session. */
  constructor(session: DataFrameSession, relation: Relation) {
    this.session = session;
    this.relation = { ...relation, planId: ++lastPlanId };
    rememberCall(this.relation);
  }

  /** @internal Another DataFrame of the same session. */
  derive<R = T>(relation: Relation): DataFrame<R> {
    return new dataFrames(this.session, relation);
  }

  /** @internal The same columns from another plan: a typed Dataset stays one. */
  again(relation: Relation): this {
    return this.derive(relation) as unknown as this;
  }

  /** A column of this DataFrame and of no other, also when a join has two of the name. */
  col<const K extends (keyof T & string) | (string & {})>(name: K): Column<K extends keyof T ? T[K] : any, ColumnName<K>> {
    return namedColumn(name, this.relation.planId);
  }

  /** The session that it was made with. */
  get sparkSession(): SqlSession {
    return this.session.owner();
  }

  /** The rows as the TABLE argument of a table function: `totals(df.asTable().partitionBy('k'))`. */
  asTable(): TableArg {
    return new TableArg(this.relation);
  }

  /** A column that a source has beside those of the rows: `_metadata`. */
  metadataColumn(name: string): Column {
    return this.col(name);
  }

  /** Its one value, in a query around; NULL when it has no row. @throws SparkRuntimeException SCALAR_SUBQUERY_TOO_MANY_ROWS when that query runs */
  scalar(): Column {
    return new Column({ kind: 'subqueryExpression', subqueryType: 'scalar', plan: this.relation });
  }
  /** Whether it has a row, in a query around. Columns of that query are `col('a').outer()`. */
  exists(): Column {
    return new Column({ kind: 'subqueryExpression', subqueryType: 'exists', plan: this.relation });
  }

  /** Columns whose names fit a regular expression between back quotes: `` `a.*` ``. */
  colRegex(pattern: string): Column {
    return new Column({ kind: 'unresolvedRegex', colName: pattern, planId: this.relation.planId! });
  }
}

export const expressionsOf = (columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): Expression[] =>
  columns.flat().map((c) => columnOf(c as ColumnOrName).expr);

// What every part of a DataFrame stands on: its unresolved plan, its session, and how another one is made of it. The methods are in
// dataframe-columns.ts (select, withColumn …), dataframe-relational.ts (join, union, groupBy …), dataframe.ts (actions).
import type { RDD } from '../../rdd/rdd.ts';
import type { SqlEngine } from '../engine/sql-engine.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';
import { Column, type ColumnOrName, columnOf, namedColumn } from './column.ts';
import type { DataFrame } from './dataframe.ts';

/** What DataFrames need of their session. */
export type DataFrameSession = {
  readonly engine: () => SqlEngine;
  /** Commands that were given before are done. @throws the error of one that nobody has seen */
  readonly ready: () => Promise<void>;
  /** Rows as an RDD. */
  readonly parallelize: <T>(rows: readonly T[], slices?: number) => RDD<T>;
};

/** Any row: what a DataFrame has when TypeScript knows nothing of its columns. */
export type AnyRow = any;
/** Of a union the distributive keys. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

let lastPlanId = 0;

export abstract class DataFrameBase<T = AnyRow> {
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
  }

  /** @internal Another DataFrame of the same session. */
  derive<R = T>(relation: Relation): DataFrame<R> {
    return new (this.constructor as new (session: DataFrameSession, relation: Relation) => DataFrame<R>)(this.session, relation);
  }

  /** A column of this DataFrame and of no other, also when a join has two of the name. */
  col(name: (keyof T & string) | (string & {})): Column {
    return namedColumn(name, this.relation.planId);
  }

  /** Columns whose names fit a regular expression between back quotes: `` `a.*` ``. */
  colRegex(pattern: string): Column {
    return new Column({ kind: 'unresolvedRegex', colName: pattern, planId: this.relation.planId! });
  }
}

export const expressionsOf = (columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): Expression[] =>
  columns.flat().map((c) => columnOf(c as ColumnOrName).expr);

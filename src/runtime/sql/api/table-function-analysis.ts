// What a table function's static `analyze` is given and gives: columns that depend on arguments, and how a TABLE argument's rows are to be divided.
// Executors have these classes too: a function's constructor is given the result. Source: pyspark.sql.udtf of Spark 4.2.
import type { DataType } from '../types/data-type.ts';
import { type Encoded, encodedType } from './encoded-type.ts';

/** Which class it is, in every bundle that has these classes. */
const KIND: unique symbol = Symbol.for('emberloom.table-function-analysis');
export const analysisKind = (value: unknown): string | undefined => (value as { [KIND]?: string } | null | undefined)?.[KIND];

/** An argument of a call, before there are rows. */
export type AnalyzeArgument = {
  /** Of a TABLE argument: the struct of its columns. */
  readonly dataType: DataType;
  /** Of constants, as the function will get it; else null. */
  readonly value: any;
  readonly isTable: boolean;
  readonly isConstantExpression: boolean;
};

/** @param name SQL text over the table's columns */
export class PartitioningColumn {
  /** @internal */
  get [KIND](): string {
    return 'PartitioningColumn';
  }
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** @param overrideNullsFirst left out: NULLs come first where it is ascending */
export class OrderingColumn {
  /** @internal */
  get [KIND](): string {
    return 'OrderingColumn';
  }
  readonly name: string;
  readonly ascending: boolean;
  readonly overrideNullsFirst: boolean | undefined;
  constructor(name: string, ascending = true, overrideNullsFirst?: boolean) {
    this.name = name;
    this.ascending = ascending;
    this.overrideNullsFirst = overrideNullsFirst;
  }
}

/** @param alias of what is more than a column's name */
export class SelectedColumn {
  /** @internal */
  get [KIND](): string {
    return 'SelectedColumn';
  }
  readonly name: string;
  readonly alias: string;
  constructor(name: string, alias = '') {
    this.name = name;
    this.alias = alias;
  }
}

export type AnalyzeOptions = {
  /** All rows of the TABLE argument are one partition. */
  readonly withSinglePartition?: boolean;
  readonly partitionBy?: readonly PartitioningColumn[];
  readonly orderBy?: readonly OrderingColumn[];
  /** What `eval` gets of the table; left out: all columns. */
  readonly select?: readonly SelectedColumn[];
};

/** What `analyze` gives. A class of the program may extend it: the object itself goes to the constructor of the function's class. */
export class AnalyzeResult {
  readonly schema: DataType;
  readonly withSinglePartition: boolean;
  readonly partitionBy: readonly PartitioningColumn[];
  readonly orderBy: readonly OrderingColumn[];
  readonly select: readonly SelectedColumn[];
  /** @internal */
  get [KIND](): string {
    return 'AnalyzeResult';
  }
  /** @param schema `n INT, text STRING`, or the type itself */
  constructor(schema: Encoded, { withSinglePartition = false, partitionBy = [], orderBy = [], select = [] }: AnalyzeOptions = {}) {
    this.schema = encodedType(schema);
    this.withSinglePartition = withSinglePartition;
    this.partitionBy = partitionBy;
    this.orderBy = orderBy;
    this.select = select;
  }
}

/** Thrown by `eval`: no more rows of this partition are wanted. What calls before this one gave stays, and `terminate` is called. */
export class SkipRestOfInputTableException extends Error {
  override readonly name = 'SkipRestOfInputTableException';
}

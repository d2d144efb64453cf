// The rest of Spark Connect's relations that SQL text never makes: unpivot as the API says it, statistics, missing values, observed metrics,
// parsing of text columns, and functions over partitions and groups. Relations for both are in relations.ts.
import type { DataType, StructType } from '../types/data-type.ts';
import type { CommonInlineUserDefinedFunction, Expression, Literal, SortOrder } from './expressions.ts';
import type { JoinType, Options, Relation, RelationCommon } from './relations.ts';

type On = RelationCommon & { readonly input: Relation };

export type Unpivot = On & {
  readonly kind: 'unpivot';
  readonly ids: readonly Expression[];
  readonly values?: readonly Expression[];
  readonly variableColumnName: string;
  readonly valueColumnName: string;
};
export type Transpose = On & { readonly kind: 'transpose'; readonly indexColumns: readonly Expression[] };
export type Parse = On & { readonly kind: 'parse'; readonly format: 'csv' | 'json'; readonly schema?: DataType; readonly options: Options };
export type CollectMetrics = On & {
  readonly kind: 'collectMetrics';
  readonly name: string;
  readonly metrics: readonly Expression[];
  /** Who wants to know; undefined: nobody. */
  readonly observation?: Observer;
};
/** Is told once, after the first action: the columns of the metrics and their values as the kernel gives them. */
export type Observer = { readonly isTold: () => boolean; readonly told: (schema: StructType, values: readonly unknown[]) => void };
export type MapPartitions = On & {
  readonly kind: 'mapPartitions';
  readonly func: CommonInlineUserDefinedFunction;
  readonly isBarrier?: boolean;
};
export type GroupMap = On & {
  readonly kind: 'groupMap';
  readonly groupingExpressions: readonly Expression[];
  readonly func: CommonInlineUserDefinedFunction;
  readonly sortingExpressions: readonly SortOrder[];
};
export type CoGroupMap = On & {
  readonly kind: 'coGroupMap';
  readonly inputGroupingExpressions: readonly Expression[];
  readonly other: Relation;
  readonly otherGroupingExpressions: readonly Expression[];
  readonly func: CommonInlineUserDefinedFunction;
};
/** What a typed Dataset reads of a row; without a schema all of it as it is. `byPosition`: tuples and single values, whatever the columns' names. */
export type TypedColumns = { readonly schema?: StructType; readonly byPosition: boolean; readonly isValue: boolean };
/** The input, once its columns are known to fit; cut to those columns and cast, or as it is. */
export type Typed = On & { readonly kind: 'typed'; readonly columns: TypedColumns; readonly keepsColumns: boolean };
/** Rows of both sides as two columns `_1` and `_2`. */
export type JoinWith = RelationCommon & {
  readonly kind: 'joinWith';
  readonly left: Relation;
  readonly right: Relation;
  readonly columns: readonly [left: TypedColumns, right: TypedColumns];
  readonly joinCondition: Expression;
  readonly joinType: JoinType;
};
export type NaFill = On & { readonly kind: 'naFill'; readonly cols: readonly string[]; readonly values: readonly Literal[] };
export type NaDrop = On & { readonly kind: 'naDrop'; readonly cols: readonly string[]; readonly minNonNulls?: number };
export type NaReplace = On & {
  readonly kind: 'naReplace';
  readonly cols: readonly string[];
  readonly replacements: readonly { readonly oldValue: Literal; readonly newValue: Literal }[];
};
export type StatSummary = On & { readonly kind: 'statSummary'; readonly statistics: readonly string[] };
export type StatDescribe = On & { readonly kind: 'statDescribe'; readonly cols: readonly string[] };
export type StatCrosstab = On & { readonly kind: 'statCrosstab'; readonly col1: string; readonly col2: string };
export type StatCov = On & { readonly kind: 'statCov'; readonly col1: string; readonly col2: string };
export type StatCorr = On & { readonly kind: 'statCorr'; readonly col1: string; readonly col2: string; readonly method?: string };
export type StatApproxQuantile = On & {
  readonly kind: 'statApproxQuantile';
  readonly cols: readonly string[];
  readonly probabilities: readonly number[];
  readonly relativeError: number;
};
export type StatFreqItems = On & { readonly kind: 'statFreqItems'; readonly cols: readonly string[]; readonly support?: number };
export type StatSampleBy = On & {
  readonly kind: 'statSampleBy';
  readonly col: Expression;
  readonly fractions: readonly { readonly stratum: Literal; readonly fraction: number }[];
  readonly seed?: bigint;
};

export type DatasetRelation =
  | Unpivot
  | Transpose
  | Typed
  | JoinWith
  | Parse
  | CollectMetrics
  | MapPartitions
  | GroupMap
  | CoGroupMap
  | NaFill
  | NaDrop
  | NaReplace
  | StatSummary
  | StatDescribe
  | StatCrosstab
  | StatCov
  | StatCorr
  | StatApproxQuantile
  | StatFreqItems
  | StatSampleBy;

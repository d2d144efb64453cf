// Unresolved relations: names and fields of Spark Connect's relations.proto (4.2), in camelCase. Not here: what only SQL text can say
// (sql-relations.ts), commands (commands.ts), statistics, NA functions and the shapes of functions (dataset-relations.ts).
import type { DataType } from '../types/data-type.ts';
import type { Alias, Expression, Literal, SortOrder } from './expressions.ts';
import type { DatasetRelation } from './dataset-relations.ts';
import type { Origin } from './origin.ts';
import type { SqlRelation } from './sql-relations.ts';
import type { UserTableFunction } from './user-function.ts';

/** What every relation has. `planId` is how a DataFrame's columns find their DataFrame again. */
export type RelationCommon = { readonly planId?: number; readonly origin?: Origin };
export type Options = { readonly [key: string]: string };
export type JoinType = 'inner' | 'fullOuter' | 'leftOuter' | 'rightOuter' | 'leftAnti' | 'leftSemi' | 'cross';
export type SetOpType = 'intersect' | 'union' | 'except';

/** `namedTable` has the parts of the name; Connect's text form is joined with dots. */
export type Read = RelationCommon & {
  readonly kind: 'read';
  readonly isStreaming?: boolean;
  readonly namedTable?: { readonly nameParts: readonly string[]; readonly options: Options };
  readonly dataSource?: {
    readonly format?: string;
    readonly schema?: string;
    readonly options: Options;
    readonly paths: readonly string[];
    readonly predicates: readonly string[];
  };
};
/** Without input it has one row without columns: SELECT without FROM. */
export type Project = RelationCommon & { readonly kind: 'project'; readonly input?: Relation; readonly expressions: readonly Expression[] };
export type Filter = RelationCommon & { readonly kind: 'filter'; readonly input: Relation; readonly condition: Expression };
/** `isNatural` only SQL can say. */
export type Join = RelationCommon & {
  readonly kind: 'join';
  readonly left: Relation;
  readonly right: Relation;
  readonly joinCondition?: Expression;
  readonly joinType: JoinType;
  readonly usingColumns: readonly string[];
  readonly isNatural?: boolean;
};
export type LateralJoin = RelationCommon & {
  readonly kind: 'lateralJoin';
  readonly left: Relation;
  readonly right: Relation;
  readonly joinCondition?: Expression;
  readonly joinType: JoinType;
};
export type AsOfJoin = RelationCommon & {
  readonly kind: 'asOfJoin';
  readonly left: Relation;
  readonly right: Relation;
  readonly leftAsOf: Expression;
  readonly rightAsOf: Expression;
  readonly joinExpr?: Expression;
  readonly usingColumns: readonly string[];
  readonly joinType: string;
  readonly tolerance?: Expression;
  readonly allowExactMatches: boolean;
  readonly direction: string;
};
export type NearestByJoin = RelationCommon & {
  readonly kind: 'nearestByJoin';
  readonly left: Relation;
  readonly right: Relation;
  readonly rankingExpression: Expression;
  readonly numResults: number;
  readonly joinType: JoinType;
  readonly mode: 'approx' | 'exact';
  readonly direction: 'distance' | 'similarity';
};
export type SetOperation = RelationCommon & {
  readonly kind: 'setOperation';
  readonly leftInput: Relation;
  readonly rightInput: Relation;
  readonly setOpType: SetOpType;
  readonly isAll: boolean;
  readonly byName?: boolean;
  readonly allowMissingColumns?: boolean;
};
/** Counts are expressions in SQL; the DataFrame API gives literals. */
export type Limit = RelationCommon & { readonly kind: 'limit'; readonly input: Relation; readonly limit: Expression };
export type Offset = RelationCommon & { readonly kind: 'offset'; readonly input: Relation; readonly offset: Expression };
export type Tail = RelationCommon & { readonly kind: 'tail'; readonly input: Relation; readonly limit: Expression };
export type Aggregate = RelationCommon & {
  readonly kind: 'aggregate';
  readonly input?: Relation;
  readonly groupType: 'groupBy' | 'rollup' | 'cube' | 'pivot' | 'groupingSets';
  readonly groupingExpressions: readonly Expression[];
  readonly aggregateExpressions: readonly Expression[];
  readonly pivot?: { readonly col: Expression; readonly values: readonly Literal[] };
  readonly groupingSets?: readonly (readonly Expression[])[];
  /** SQL: GROUP BY ALL. */
  readonly isGroupByAll?: boolean;
  /** SQL pipe |> AGGREGATE: the result has the grouping columns first. */
  readonly keepsGroupingColumns?: boolean;
};
export type Sort = RelationCommon & {
  readonly kind: 'sort';
  readonly input: Relation;
  readonly order: readonly SortOrder[];
  readonly isGlobal: boolean;
};
/** SQL's pipe |> DROP gives columns only. */
export type Drop = RelationCommon & {
  readonly kind: 'drop';
  readonly input: Relation;
  readonly columns: readonly Expression[];
  readonly columnNames: readonly string[];
};
export type Deduplicate = RelationCommon & {
  readonly kind: 'deduplicate';
  readonly input: Relation;
  readonly columnNames: readonly string[];
  readonly allColumnsAsKeys: boolean;
  readonly withinWatermark?: boolean;
};
/** `data` is Arrow IPC. */
export type LocalRelation = RelationCommon & { readonly kind: 'localRelation'; readonly data?: Uint8Array; readonly schema?: string };
export type Sample = RelationCommon & {
  readonly kind: 'sample';
  readonly input: Relation;
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly withReplacement?: boolean;
  readonly seed?: bigint;
  readonly deterministicOrder?: boolean;
};
export type Range = RelationCommon & {
  readonly kind: 'range';
  readonly start?: bigint;
  readonly end: bigint;
  readonly step: bigint;
  readonly numPartitions?: number;
};
/** `columnAliases` only SQL can say: AS t(a, b). */
export type SubqueryAlias = RelationCommon & {
  readonly kind: 'subqueryAlias';
  readonly input: Relation;
  readonly alias: string;
  readonly qualifier: readonly string[];
  readonly columnAliases?: readonly string[];
};
export type Repartition = RelationCommon & {
  readonly kind: 'repartition';
  readonly input: Relation;
  readonly numPartitions: number;
  readonly shuffle?: boolean;
};
export type RepartitionByExpression = RelationCommon & {
  readonly kind: 'repartitionByExpression';
  readonly input: Relation;
  readonly partitionExprs: readonly Expression[];
  readonly numPartitions?: number;
};
export type Hint = RelationCommon & {
  readonly kind: 'hint';
  readonly input: Relation;
  readonly name: string;
  readonly parameters: readonly Expression[];
};
export type UnresolvedTableValuedFunction = RelationCommon & {
  readonly kind: 'unresolvedTableValuedFunction';
  /** SQL: IDENTIFIER(…) as the function's name. */
  readonly nameExpression?: Expression;
  readonly functionName: string;
  readonly arguments: readonly Expression[];
  readonly nameParts?: readonly string[];
  /** The function itself, where the program called it and no name is looked up. */
  readonly program?: UserTableFunction;
};
export type WithRelations = RelationCommon & {
  readonly kind: 'withRelations';
  readonly root: Relation;
  readonly references: readonly Relation[];
};
export type ToDf = RelationCommon & { readonly kind: 'toDf'; readonly input: Relation; readonly columnNames: readonly string[] };
export type WithColumnsRenamed = RelationCommon & {
  readonly kind: 'withColumnsRenamed';
  readonly input: Relation;
  readonly renames: readonly { readonly colName: string; readonly newColName: string }[];
};
export type WithColumns = RelationCommon & { readonly kind: 'withColumns'; readonly input: Relation; readonly aliases: readonly Alias[] };
export type ToSchema = RelationCommon & { readonly kind: 'toSchema'; readonly input: Relation; readonly schema: DataType };
/** A relation that the API knows later: a command's result, rows of an RDD, a pivot whose values are asked of the data first. */
export type Deferred = RelationCommon & { readonly kind: 'deferred'; readonly source: DeferredSource };
/** `plan` is a resolved plan (opaque here), there once `load` was called and is done. */
export type DeferredSource = { plan?: unknown; readonly load: () => Promise<unknown> };

export type Relation =
  | Deferred
  | Read
  | Project
  | Filter
  | Join
  | LateralJoin
  | AsOfJoin
  | NearestByJoin
  | SetOperation
  | Limit
  | Offset
  | Tail
  | Aggregate
  | Sort
  | Drop
  | Deduplicate
  | LocalRelation
  | Sample
  | Range
  | SubqueryAlias
  | Repartition
  | RepartitionByExpression
  | Hint
  | UnresolvedTableValuedFunction
  | WithRelations
  | ToDf
  | WithColumnsRenamed
  | WithColumns
  | ToSchema
  | DatasetRelation
  | SqlRelation;

// Resolved logical plans: operators over attributes. What the analyser makes, the optimiser rewrites, ../emit/ prints as DuckDB SQL and
// ../physical/ cuts into stages. Names are Catalyst's. Source: basicLogicalOperators.scala of Spark 4.2.
import type { ProgramRdd } from '../../rdd/sql-fragment.ts';
import type { JoinType } from '../plan/relations.ts';
import {
  type Alias,
  type Attribute,
  type Expr,
  type Generator,
  type Literal,
  type NamedExpr,
  type SortOrder,
  type WindowExpr,
  attributeOf,
} from './expressions.ts';
import type { Scan } from './scan.ts';

export type { Scan, ValueCut } from './scan.ts';

/** One row without columns. */
export type OneRowRelation = { readonly kind: 'oneRow' };
/** Rows of constants. */
export type LocalRelation = {
  readonly kind: 'localRelation';
  readonly output: readonly Attribute[];
  readonly rows: readonly (readonly Expr[])[];
};
/** Rows that the driver holds as columns in the kernel already (createDataFrame, cached results): `table` is a table of the session's kernel. */
export type KernelTable = {
  readonly kind: 'kernelTable';
  /** The table goes when no plan has this any more; left out: whoever made it drops it. */
  readonly owner?: object;
  readonly output: readonly Attribute[];
  readonly columns: readonly string[];
  readonly table: string;
  /** Executors keep them instead, from the first query that reads them; `table` is what these rows are called there. */
  readonly cached?: CachedRelation;
  /** The rows are an RDD's: executors read them where they are; the kernel's table is there only while a query of the driver's needs it. */
  readonly rdd?: ProgramRdd;
};
/** A plan whose rows executors keep. Source: InMemoryRelation. */
export interface CachedRelation {
  readonly source: LogicalPlan;
  /** `StorageLevel(disk, memory, deserialized, 1 replicas)` */
  readonly level: string;
  /** Nobody keeps the rows any more: they are the source's. */
  readonly isReleased: boolean;
  /** How the source runs, as soon as somebody has planned it: a PhysicalPlan. */
  physical?: unknown;
}
export type Range = {
  readonly kind: 'range';
  readonly output: readonly [Attribute];
  readonly start: bigint;
  readonly end: bigint;
  readonly step: bigint;
  readonly numPartitions: number | undefined;
};
type Unary = { readonly child: LogicalPlan };
export type Project = Unary & { readonly kind: 'project'; readonly projectList: readonly NamedExpr[] };
/** `keeps`: the share of rows that it was seen to leave, 0 to 1 (a sample); left out: nobody looked. */
export type Filter = Unary & { readonly kind: 'filter'; readonly condition: Expr; readonly keeps?: number };
/** Without grouping: one row, whatever comes. Each aggregate is named; what stands beside aggregate functions in them is a grouping expression. */
export type Aggregate = Unary & {
  readonly kind: 'aggregate';
  readonly grouping: readonly Expr[];
  readonly aggregates: readonly NamedExpr[];
  /** Of the rows of each task alone: as many rows for a group as tasks have it. */
  readonly isOfTask?: boolean;
};
/** Each window expression is the child of an alias; output is the child's and these. */
export type Window = Unary & { readonly kind: 'window'; readonly windows: readonly (NamedExpr & { readonly child?: WindowExpr | Expr })[] };
/** Each input row once per projection: grouping sets, distinct aggregates. */
export type Expand = Unary & {
  readonly kind: 'expand';
  readonly projections: readonly (readonly Expr[])[];
  readonly output: readonly Attribute[];
};
export type Generate = Unary & {
  readonly kind: 'generate';
  readonly generator: Generator;
  readonly isOuter: boolean;
  readonly generatorOutput: readonly Attribute[];
};
/** The child's rows with a column for each call: functions of the program that give promises, which the kernel cannot wait for. */
export type EvalAsync = Unary & { readonly kind: 'evalAsync'; readonly calls: readonly Alias[] };
export type Sort = Unary & { readonly kind: 'sort'; readonly order: readonly SortOrder[]; readonly isGlobal: boolean };
export type Limit = Unary & { readonly kind: 'limit'; readonly limit: Expr };
export type Offset = Unary & { readonly kind: 'offset'; readonly offset: Expr };
export type Tail = Unary & { readonly kind: 'tail'; readonly limit: Expr };
export type Distinct = Unary & { readonly kind: 'distinct' };
/** The first row of each combination of keys. */
export type Deduplicate = Unary & { readonly kind: 'deduplicate'; readonly keys: readonly Attribute[] };
export type Sample = Unary & {
  readonly kind: 'sample';
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly withReplacement: boolean;
  readonly seed: bigint;
};
export type SubqueryAlias = Unary & { readonly kind: 'subqueryAlias'; readonly alias: string; readonly qualifier: readonly string[] };
/** `expressions` empty: round robin. `order` instead: by range. */
export type Repartition = Unary & {
  readonly kind: 'repartition';
  readonly expressions: readonly Expr[];
  readonly order?: readonly SortOrder[];
  readonly numPartitions: number | undefined;
  readonly shuffle: boolean;
};
export type JoinHint = 'broadcast' | 'merge' | 'shuffleHash' | 'shuffleReplicateNl' | 'noBroadcast';
export type Join = {
  readonly kind: 'join';
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly joinType: JoinType | 'existence';
  readonly condition: Expr | undefined;
  readonly leftHint?: JoinHint;
  readonly rightHint?: JoinHint;
  /** The right side may have outer references to the left. */
  readonly isLateral?: boolean;
  /** Of a semi or anti join whose left side is far the smaller one: its keys say first which rows of the right side are of use. */
  readonly isByLeftKeys?: boolean;
  /** Of an existence join: the column that says whether a row of the left side has a partner; all of them stay. */
  readonly exists?: Attribute;
  /** Of an inner join: what is no equality of two columns is looked at when rows have met, as few meet. */
  readonly isFilterAbove?: boolean;
  /** Null-aware anti join (NOT IN): a NULL on the right side leaves no row. */
  readonly isNullAware?: boolean;
};
/** By position; the analyser has cast and renamed the children. `output` has ids of its own. */
export type Union = { readonly kind: 'union'; readonly children: readonly LogicalPlan[]; readonly output: readonly Attribute[] };
export type SetOperation = {
  readonly kind: 'intersect' | 'except';
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly isAll: boolean;
};
export type Hint = Unary & { readonly kind: 'hint'; readonly name: string; readonly parameters: readonly unknown[] };
/** A CTE that is used more than once or is recursive; one used once is put in its place by the analyser. */
export type WithCte = Unary & { readonly kind: 'withCte'; readonly definitions: readonly CteDefinition[] };
export type CteDefinition = {
  readonly id: number;
  readonly name: string;
  readonly output: readonly Attribute[];
  readonly plan: LogicalPlan;
  /** The recursive term refers to itself by a CteRef of this id; `plan` is the anchor then. */
  readonly recursion?: { readonly plan: LogicalPlan; readonly isAll: boolean; readonly maxLevel: number };
};
/** `source[i]` of the definition becomes `output[i]`, with an id of its own. */
export type CteRef = {
  readonly kind: 'cteRef';
  readonly id: number;
  readonly output: readonly Attribute[];
  readonly source: readonly Attribute[];
};

export type LogicalPlan =
  | OneRowRelation
  | LocalRelation
  | KernelTable
  | Range
  | Scan
  | Project
  | Filter
  | Aggregate
  | Window
  | Expand
  | Generate
  | EvalAsync
  | Sort
  | Limit
  | Offset
  | Tail
  | Distinct
  | Deduplicate
  | Sample
  | SubqueryAlias
  | Repartition
  | Join
  | Union
  | SetOperation
  | Hint
  | WithCte
  | CteRef;

const outputs = new WeakMap<LogicalPlan, readonly Attribute[]>();

/** The columns that a plan gives, in order. */
export function outputOf(plan: LogicalPlan): readonly Attribute[] {
  let output = outputs.get(plan);
  if (output === undefined) outputs.set(plan, (output = makeOutput(plan)));
  return output;
}

function makeOutput(plan: LogicalPlan): readonly Attribute[] {
  switch (plan.kind) {
    case 'oneRow':
      return [];
    case 'localRelation':
    case 'kernelTable':
    case 'range':
    case 'scan':
    case 'expand':
    case 'union':
    case 'cteRef':
      return plan.output;
    case 'project':
      return plan.projectList.map(attributeOf);
    case 'aggregate':
      return plan.aggregates.map(attributeOf);
    case 'window':
      return [...outputOf(plan.child), ...plan.windows.map(attributeOf)];
    case 'evalAsync':
      return [...outputOf(plan.child), ...plan.calls.map(attributeOf)];
    case 'generate':
      return [...outputOf(plan.child), ...(plan.isOuter ? plan.generatorOutput.map(asNullable) : plan.generatorOutput)];
    case 'subqueryAlias':
      return outputOf(plan.child).map((a) => ({ ...a, qualifier: [...plan.qualifier, plan.alias] }));
    case 'join':
      return joinOutput(plan);
    case 'intersect':
      return outputOf(plan.left).map((a, i) => ({ ...a, nullable: a.nullable && outputOf(plan.right)[i]!.nullable }));
    case 'except':
      return outputOf(plan.left);
    default:
      return outputOf(plan.child);
  }
}

function joinOutput({ left, right, joinType, exists }: Join): readonly Attribute[] {
  const [l, r] = [outputOf(left), outputOf(right)];
  switch (joinType) {
    case 'leftSemi':
    case 'leftAnti':
      return l;
    case 'existence':
      return [...l, exists!];
    case 'leftOuter':
      return [...l, ...r.map(asNullable)];
    case 'rightOuter':
      return [...l.map(asNullable), ...r];
    case 'fullOuter':
      return [...l.map(asNullable), ...r.map(asNullable)];
    default:
      return [...l, ...r];
  }
}

const asNullable = (a: Attribute): Attribute => (a.nullable ? a : { ...a, nullable: true });

export const childrenOf = (plan: LogicalPlan): readonly LogicalPlan[] =>
  'child' in plan ? [plan.child] : 'children' in plan ? plan.children : 'left' in plan ? [plan.left, plan.right] : [];
export type { ColumnBounds, FileColumn, ScanFile } from './scan-file.ts';
export type { Literal };

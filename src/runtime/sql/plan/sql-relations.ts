// Relations that only SQL text can say; Spark Connect sends them inside its `SQL` relation as text. Everything else is in relations.ts.
// The analyser rewrites each of them into relations of Connect, or refuses it.
import type { Expression, WindowSpec } from './expressions.ts';
import type { Relation, RelationCommon } from './relations.ts';
import type { DataType } from '../types/data-type.ts';

/** WITH [RECURSIVE] name [(columns)] [MAX RECURSION LEVEL n] AS (query), …: the names hold in `child` and in later definitions. */
export type WithCte = RelationCommon & {
  readonly kind: 'withCte';
  readonly isRecursive: boolean;
  readonly definitions: readonly CteDefinition[];
  readonly child: Relation;
};
export type CteDefinition = {
  readonly name: string;
  readonly columnAliases?: readonly string[];
  readonly maxRecursionLevel?: number;
  readonly query: Relation;
};
/** HAVING: a filter that may name aggregates and columns from below the aggregate. */
export type Having = RelationCommon & { readonly kind: 'having'; readonly input: Relation; readonly condition: Expression };
/** QUALIFY: a filter over window functions. */
export type Qualify = RelationCommon & { readonly kind: 'qualify'; readonly input: Relation; readonly condition: Expression };
/** SELECT DISTINCT. */
export type Distinct = RelationCommon & { readonly kind: 'distinct'; readonly input: Relation };
/** WINDOW w AS (…), …: the names hold in the input's OVER w. */
export type WithWindowDefinitions = RelationCommon & {
  readonly kind: 'withWindowDefinitions';
  readonly input: Relation;
  readonly windows: ReadonlyMap<string, WindowSpec>;
};
/** VALUES: rows of expressions; every row has as many. Column names are col1, col2 … without aliases. */
export type InlineTable = RelationCommon & { readonly kind: 'inlineTable'; readonly rows: readonly (readonly Expression[])[] };
/** LATERAL VIEW [OUTER] f(…) alias AS columns. */
export type Generate = RelationCommon & {
  readonly kind: 'generate';
  readonly input: Relation;
  readonly generator: Expression;
  readonly isOuter: boolean;
  readonly alias: string;
  readonly columnAliases: readonly string[];
};
/** PIVOT (aggregates FOR columns IN (values)). More than one pivot column makes each value a struct. */
export type SqlPivot = RelationCommon & {
  readonly kind: 'sqlPivot';
  readonly input: Relation;
  readonly aggregates: readonly Expression[];
  readonly columns: readonly string[];
  readonly values: readonly Expression[];
};
/** UNPIVOT: each entry of `columns` is a set of as many columns as `valueColumns`. */
export type SqlUnpivot = RelationCommon & {
  readonly kind: 'sqlUnpivot';
  readonly input: Relation;
  readonly includesNulls: boolean;
  readonly valueColumns: readonly string[];
  readonly nameColumn: string;
  readonly columns: readonly { readonly names: readonly (readonly string[])[]; readonly alias?: string }[];
};
/** A sample that is no fraction: a number of rows. */
export type SampleRows = RelationCommon & { readonly kind: 'sampleRows'; readonly input: Relation; readonly rows: Expression };
/** t VERSION AS OF v, t TIMESTAMP AS OF e. */
export type TimeTravel = RelationCommon & {
  readonly kind: 'timeTravel';
  readonly input: Relation;
  readonly version?: string;
  readonly timestamp?: Expression;
};
/** FROM t or a statement's target where the name is IDENTIFIER(expression). */
export type RelationByExpression = RelationCommon & { readonly kind: 'relationByExpression'; readonly nameExpression: Expression };
/** A relation LATERAL to those on its left in the same FROM list, before it is joined. */
export type Lateral = RelationCommon & { readonly kind: 'lateral'; readonly input: Relation };
/** |> EXTEND, |> SET: all columns of the input and these, or these in place of those with their names. */
export type PipeExtend = RelationCommon & {
  readonly kind: 'pipeExtend';
  readonly input: Relation;
  readonly expressions: readonly Expression[];
};
export type PipeSet = RelationCommon & {
  readonly kind: 'pipeSet';
  readonly input: Relation;
  readonly assignments: readonly { readonly column: string; readonly value: Expression }[];
};
/** |> SELECT, |> WHERE …: the input must be taken as it is; aggregates and, in WHERE, windows are not allowed. */
export type PipeSelect = RelationCommon & {
  readonly kind: 'pipeSelect';
  readonly input: Relation;
  readonly expressions: readonly Expression[];
};
/** |> JOIN and other operators whose right side has its own scope are plain relations; this marks where a pipe begins. */
export type PipeInput = RelationCommon & { readonly kind: 'pipeInput'; readonly input: Relation };
/** SELECT TRANSFORM(…) USING 'script' runs a process per partition; it is parsed whole so that a refusal can say what is not built. */
export type ScriptTransform = RelationCommon & {
  readonly kind: 'scriptTransform';
  /** Its columns are what the script is given. */
  readonly input: Relation;
  readonly script: string;
  /** Without a type: STRING. Empty: `key` and `value`. */
  readonly output: readonly { readonly name: string; readonly dataType?: DataType }[];
  /** ROW FORMAT of what the script reads, and of what it writes. */
  readonly formats: { readonly input?: RowFormat; readonly output?: RowFormat };
};
export type RowFormat = { readonly serde?: string; readonly options: { readonly [key: string]: string } };
/** JOIN LATERAL with a condition is Connect's lateralJoin; this is the shape while joins are read. */
/** t CHANGES FROM VERSION a TO VERSION b. */
export type RelationChanges = RelationCommon & {
  readonly kind: 'relationChanges';
  readonly nameParts: readonly string[];
  readonly options: { readonly [key: string]: string };
};

export type SqlRelation =
  | WithCte
  | Having
  | Qualify
  | Distinct
  | WithWindowDefinitions
  | InlineTable
  | Generate
  | SqlPivot
  | SqlUnpivot
  | SampleRows
  | TimeTravel
  | RelationByExpression
  | Lateral
  | PipeExtend
  | PipeSet
  | PipeSelect
  | PipeInput
  | ScriptTransform
  | RelationChanges;

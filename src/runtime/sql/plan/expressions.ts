// Unresolved expressions: names and fields of Spark Connect's expressions.proto (4.2), in camelCase, plus what only SQL text can say.
// Nothing is looked up here: no types of columns, no functions. Relations are in relations.ts; both refer to each other.
import type { DataType } from '../types/data-type.ts';
import type { LiteralValue } from './literal.ts';
import type { Origin } from './origin.ts';
import type { Relation } from './relations.ts';

/** What every expression has. `origin` is there when it came from SQL text. */
type Common = { readonly origin?: Origin };

export type Literal = Common & { readonly kind: 'literal'; readonly value: LiteralValue };
/** `nameParts` is `unparsedIdentifier` read: the parser has the parts already, and reading them twice costs. */
export type UnresolvedAttribute = Common & {
  readonly kind: 'unresolvedAttribute';
  readonly nameParts: readonly string[];
  readonly planId?: number;
  readonly isMetadataColumn?: boolean;
  /** Of the query around this subquery, never of this one. */
  readonly isOuter?: boolean;
};
/** Operators too: `+`, `==`, `and`, `like`, `when` … as Spark Connect's clients name them. The last five fields only SQL can say. */
export type UnresolvedFunction = Common & {
  readonly kind: 'unresolvedFunction';
  readonly functionName: string;
  readonly arguments: readonly Expression[];
  readonly isDistinct?: boolean;
  readonly isUserDefinedFunction?: boolean;
  readonly isInternal?: boolean;
  /** SQL: `cat.db.f` in parts where there are more than one. */
  readonly nameParts?: readonly string[];
  /** SQL: written without parentheses (`current_date`), as it is written: a column of this name is meant before the function. */
  readonly keyword?: string;
  /** SQL: FILTER (WHERE …). */
  readonly filter?: Expression;
  /** SQL: IGNORE NULLS true, RESPECT NULLS false. */
  readonly ignoreNulls?: boolean;
  /** SQL: WITHIN GROUP (ORDER BY …). */
  readonly withinGroup?: readonly SortOrder[];
  /** SQL: IDENTIFIER(…) as the function's name, known after evaluation. */
  readonly nameExpression?: Expression;
};
export type ExpressionString = Common & { readonly kind: 'expressionString'; readonly expression: string };
/** `exceptColumns` only SQL can say: `* EXCEPT (a, b.c)`. */
export type UnresolvedStar = Common & {
  readonly kind: 'unresolvedStar';
  readonly unparsedTarget?: readonly string[];
  readonly planId?: number;
  readonly exceptColumns?: readonly (readonly string[])[];
};
export type Alias = Common & {
  readonly kind: 'alias';
  readonly expr: Expression;
  readonly name: readonly string[];
  readonly metadata?: string;
};
export type Cast = Common & {
  readonly kind: 'cast';
  readonly expr: Expression;
  readonly type: DataType;
  readonly evalMode?: 'legacy' | 'ansi' | 'try';
};
export type UnresolvedRegex = Common & { readonly kind: 'unresolvedRegex'; readonly colName: string; readonly planId?: number };
export type SortOrder = Common & {
  readonly kind: 'sortOrder';
  readonly child: Expression;
  readonly direction: 'ascending' | 'descending';
  readonly nullOrdering: 'nullsFirst' | 'nullsLast';
};
export type LambdaFunction = Common & {
  readonly kind: 'lambdaFunction';
  readonly function: Expression;
  readonly arguments: readonly UnresolvedNamedLambdaVariable[];
};
export type UnresolvedNamedLambdaVariable = Common & {
  readonly kind: 'unresolvedNamedLambdaVariable';
  readonly nameParts: readonly string[];
};
export type FrameBoundary =
  | { readonly tag: 'currentRow' }
  | { readonly tag: 'unbounded' }
  | { readonly tag: 'value'; readonly value: Expression };
export type WindowFrame = { readonly frameType: 'row' | 'range'; readonly lower: FrameBoundary; readonly upper: FrameBoundary };
export type WindowSpec = {
  readonly partitionSpec: readonly Expression[];
  readonly orderSpec: readonly SortOrder[];
  readonly frameSpec?: WindowFrame;
};
/** `windowName` only SQL can say: OVER w, a window of the WINDOW clause. Then the specs are empty. */
export type Window = Common & WindowSpec & { readonly kind: 'window'; readonly windowFunction: Expression; readonly windowName?: string };
export type UnresolvedExtractValue = Common & {
  readonly kind: 'unresolvedExtractValue';
  readonly child: Expression;
  readonly extraction: Expression;
};
export type UpdateFields = Common & {
  readonly kind: 'updateFields';
  readonly structExpression: Expression;
  readonly fieldName: string;
  readonly valueExpression?: Expression;
};
/** A function of the user's program. What it holds is the closure layer's matter, so it is opaque here. */
export type CommonInlineUserDefinedFunction = Common & {
  readonly kind: 'commonInlineUserDefinedFunction';
  readonly functionName: string;
  readonly deterministic: boolean;
  readonly arguments: readonly Expression[];
  readonly isDistinct?: boolean;
  readonly outputType: DataType;
  readonly function: unknown;
};
export type CallFunction = Common & {
  readonly kind: 'callFunction';
  readonly functionName: string;
  readonly arguments: readonly Expression[];
};
export type NamedArgumentExpression = Common & {
  readonly kind: 'namedArgumentExpression';
  readonly key: string;
  readonly value: Expression;
};
export type MergeAction = Common & {
  readonly kind: 'mergeAction';
  readonly actionType: 'delete' | 'insert' | 'insertStar' | 'update' | 'updateStar';
  readonly condition?: Expression;
  readonly assignments: readonly Assignment[];
};
export type Assignment = { readonly key: Expression; readonly value: Expression };
/** In Connect the plan stands in WithRelations under `planId`; SQL has it in place. One of the two is there. */
export type SubqueryExpression = Common & {
  readonly kind: 'subqueryExpression';
  readonly subqueryType: 'scalar' | 'exists' | 'tableArg' | 'in';
  readonly planId?: number;
  readonly plan?: Relation;
  readonly tableArgOptions?: TableArgOptions;
  readonly inSubqueryValues?: readonly Expression[];
};
export type TableArgOptions = {
  readonly partitionSpec: readonly Expression[];
  readonly orderSpec: readonly SortOrder[];
  readonly withSinglePartition?: boolean;
};

// ---- Only SQL text can say the rest. ----

/** `:name` or `?`; `position` is the offset of the question mark, by which they are numbered. */
export type Parameter = Common & { readonly kind: 'parameter'; readonly name?: string; readonly position?: number };
/** IDENTIFIER(expression) as a column. */
export type IdentifierClause = Common & { readonly kind: 'identifierClause'; readonly expression: Expression };
/** `v:a.b[0]`: a path into a variant. */
export type SemiStructuredExtract = Common & { readonly kind: 'semiStructuredExtract'; readonly child: Expression; readonly path: string };
/** `e COLLATE name`. */
export type Collate = Common & { readonly kind: 'collate'; readonly child: Expression; readonly collation: readonly string[] };
/** `(a, b)`. */
export type RowConstructor = Common & { readonly kind: 'rowConstructor'; readonly elements: readonly Expression[] };

export type Expression =
  | Literal
  | UnresolvedAttribute
  | UnresolvedFunction
  | ExpressionString
  | UnresolvedStar
  | Alias
  | Cast
  | UnresolvedRegex
  | SortOrder
  | LambdaFunction
  | UnresolvedNamedLambdaVariable
  | Window
  | UnresolvedExtractValue
  | UpdateFields
  | CommonInlineUserDefinedFunction
  | CallFunction
  | NamedArgumentExpression
  | MergeAction
  | SubqueryExpression
  | Parameter
  | IdentifierClause
  | SemiStructuredExtract
  | Collate
  | RowConstructor;

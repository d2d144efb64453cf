// Resolved expressions: every node knows its type and nullability; columns are attributes with unique ids; functions are names in the
// registry (../functions/). Made by the analyser, rewritten by the optimiser, printed by ../emit/. Source: Catalyst's expressions of Spark 4.2.
import type { AggregateSpec, GeneratorSpec, ScalarSpec, WindowFunctionSpec } from '../functions/spec.ts';
import type { Origin } from '../plan/origin.ts';
import type { UserFunction, UserFunctionHow } from '../plan/user-function.ts';
import type { DataType, Metadata } from '../types/data-type.ts';
import type { LogicalPlan } from './plans.ts';

/** Unique in the process. The emitter calls a column `c<id>`, so names never meet DuckDB. */
export type ExprId = number;
let lastId = 0;
export const nextExprId = (): ExprId => ++lastId;

type Typed = { readonly dataType: DataType; readonly nullable: boolean; readonly origin?: Origin | undefined };

/** A column of an operator's output. `qualifier` is what may stand before the name: ['t'] or ['spark_catalog', 'db', 't']. */
export type Attribute = Typed & {
  readonly kind: 'attribute';
  readonly exprId: ExprId;
  readonly name: string;
  readonly qualifier: readonly string[];
  readonly metadata?: Metadata;
};

/**
 * A constant. By type: boolean; number (byte, short, integer, float, double, date as days, year-month interval as months);
 * bigint (long, timestamps as µs, day-time interval as µs, time as ns); string (string, and decimal as text without exponent);
 * Uint8Array (binary); CalendarInterval; arrays, `[key, value][]` for maps, arrays of fields for structs. null is NULL of any type.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | CalendarInterval | readonly Value[];
export type CalendarInterval = { readonly months: number; readonly days: number; readonly microseconds: bigint };
/** `shown` is its text in names and messages where that depends on the session: a timestamp's local time. */
export type Literal = Typed & { readonly kind: 'literal'; readonly value: Value; readonly shown?: string };

/** A scalar function or operator of the registry, arguments coerced already. `spec.name` is the canonical name: `+`, `and`, `upper`, `when`. */
export type Call = Typed & { readonly kind: 'call'; readonly spec: ScalarSpec; readonly args: readonly Expr[] };

/** An aggregate function. Stands under Aggregate or in a Window. */
export type AggregateCall = Typed & {
  readonly kind: 'aggregateCall';
  readonly spec: AggregateSpec;
  readonly args: readonly Expr[];
  readonly isDistinct: boolean;
  readonly filter?: Expr;
  /** WITHIN GROUP (ORDER BY …). */
  readonly order?: readonly SortOrder[];
  readonly ignoreNulls?: boolean;
};

/** row_number, rank, lag, …: functions that only a window has. */
export type WindowCall = Typed & {
  readonly kind: 'windowCall';
  readonly spec: WindowFunctionSpec;
  readonly args: readonly Expr[];
  readonly ignoreNulls?: boolean;
};
export type FrameBound =
  | { readonly tag: 'currentRow' | 'unboundedPreceding' | 'unboundedFollowing' }
  /** Rows or a range's distance; `preceding` or `following` says the side. */
  | { readonly tag: 'preceding' | 'following'; readonly value: Expr };
export type Frame = { readonly type: 'rows' | 'range'; readonly lower: FrameBound; readonly upper: FrameBound };
export type WindowExpr = Typed & {
  readonly kind: 'window';
  readonly function: WindowCall | AggregateCall;
  readonly partition: readonly Expr[];
  readonly order: readonly SortOrder[];
  /** Always there: the analyser says the default. */
  readonly frame: Frame;
};

/** 'ansi' fails on what does not fit, 'try' gives NULL, 'legacy' wraps around or gives NULL. */
export type Cast = Typed & {
  readonly kind: 'cast';
  readonly child: Expr;
  readonly mode: 'ansi' | 'try' | 'legacy';
  /** The user wrote it: only such a cast is printed in names. */
  readonly isExplicit?: boolean;
};
export type Alias = Typed & {
  readonly kind: 'alias';
  readonly child: Expr;
  readonly name: string;
  readonly exprId: ExprId;
  readonly qualifier?: readonly string[];
  readonly metadata?: Metadata;
};
export type GetField = Typed & {
  readonly kind: 'getField';
  /** A struct, an array of structs (gives the field of each), or a generator (one of its columns). */
  readonly child: Expr;
  readonly ordinal: number;
  readonly name: string;
  /** Written as a name, a.b: the result is called b. */
  readonly isDereference?: boolean;
};
export type SortOrder = {
  readonly kind: 'sortOrder';
  readonly child: Expr;
  readonly ascending: boolean;
  readonly nullsFirst: boolean;
};
export type LambdaVariable = Typed & { readonly kind: 'lambdaVariable'; readonly exprId: ExprId; readonly name: string };
export type Lambda = Typed & { readonly kind: 'lambda'; readonly body: Expr; readonly args: readonly LambdaVariable[] };

/** A column of the query around a subquery. Inside the subquery's plan only. */
export type OuterReference = Typed & { readonly kind: 'outer'; readonly attribute: Attribute };
type WithPlan = Typed & { readonly plan: LogicalPlan };
export type ScalarSubquery = WithPlan & { readonly kind: 'scalarSubquery' };
export type Exists = WithPlan & { readonly kind: 'exists' };
export type InSubquery = WithPlan & { readonly kind: 'inSubquery'; readonly values: readonly Expr[] };

/** explode, inline, stack …: only as a Generate's generator; the analyser lifts them out of select lists. */
export type Generator = Typed & { readonly kind: 'generator'; readonly spec: GeneratorSpec; readonly args: readonly Expr[] };

/** A function of the user's program with a value for each row. */
export type UdfCall = Typed & {
  readonly kind: 'udf';
  readonly name: string;
  readonly function: UserFunction;
  readonly args: readonly Expr[];
  readonly deterministic: boolean;
};

const ASYNC: ReadonlySet<UserFunctionHow> = new Set(['async', 'asyncBatch', 'script']);
/** Its function gives promises. */
export const isAsync = (e: Expr): e is UdfCall => e.kind === 'udf' && ASYNC.has(e.function.how);

export type Expr =
  | Attribute
  | Literal
  | Call
  | AggregateCall
  | WindowCall
  | WindowExpr
  | Cast
  | Alias
  | GetField
  | LambdaVariable
  | Lambda
  | OuterReference
  | ScalarSubquery
  | Exists
  | InSubquery
  | Generator
  | UdfCall;
export type NamedExpr = Attribute | Alias;

/** The column that an item of a list passes on, be it under another name; undefined: it computes something. */
export function passedOn(e: NamedExpr): ExprId | undefined {
  const source = e.kind === 'alias' ? e.child : e;
  return source.kind === 'attribute' ? source.exprId : undefined;
}

/** The column below that stands behind a column of a list. */
export function sourceOf(list: readonly NamedExpr[], id: ExprId): ExprId | undefined {
  const e = list.find((x) => x.exprId === id);
  return e && passedOn(e);
}

export const attributeOf = (e: NamedExpr): Attribute =>
  e.kind === 'attribute'
    ? e
    : {
        kind: 'attribute',
        exprId: e.exprId,
        name: e.name,
        dataType: e.dataType,
        nullable: e.nullable,
        qualifier: e.qualifier ?? [],
        ...(e.metadata && { metadata: e.metadata }),
      };
export const aliasOf = (child: Expr, name: string, more: { exprId?: ExprId; metadata?: Metadata } = {}): Alias => ({
  kind: 'alias',
  child,
  name,
  exprId: more.exprId ?? nextExprId(),
  dataType: child.dataType,
  nullable: child.nullable,
  origin: child.origin,
  ...(more.metadata && { metadata: more.metadata }),
});
export const newAttribute = (name: string, dataType: DataType, nullable = true, qualifier: readonly string[] = []): Attribute => ({
  kind: 'attribute',
  exprId: nextExprId(),
  name,
  dataType,
  nullable,
  qualifier,
});
export const literal = (value: Value, dataType: DataType, origin?: Origin): Literal => ({
  kind: 'literal',
  value,
  dataType,
  nullable: value === null,
  origin,
});

// What the registry knows of a function, as data: how many arguments, which types they are brought to, the result's type and nullability, its
// name in results, and how the kernel computes it. Topics are files of specs (arithmetic.ts, strings.ts …); registry.ts finds them by name.
import type { PathEntry } from '../plan/path-entry.ts';
import type { AggregateCall, Call, Expr, Generator, Literal, SortOrder, WindowCall } from '../logical/expressions.ts';
import type { UserAggregate, UserFunction } from '../plan/user-function.ts';
import { type DataType, type StructField, TIMESTAMP, TIMESTAMP_NTZ } from '../types/data-type.ts';

/** Settings of the session that meaning depends on. */
export type SessionSettings = {
  readonly ansi: boolean;
  /** IANA name, Spark's `spark.sql.session.timeZone`. */
  readonly timeZone: string;
  /** Decimals in aggregates are computed in Spark's full widths at once: set when 64 bits were too narrow. */
  readonly wideDecimals?: boolean;
  /** What current_schema() and current_path() say. Left out: those of a new session. */
  readonly names?: { readonly database: string; readonly path: readonly PathEntry[] };
  /** Any other setting of the session. */
  readonly get: (key: string) => string | undefined;
};

/** What TIMESTAMP means without more words. */
export const timestampType = (settings: SessionSettings): DataType =>
  settings.get('spark.sql.timestampType') === 'TIMESTAMP_NTZ' ? TIMESTAMP_NTZ : TIMESTAMP;

/** An argument's expected type: what fits as it is, what an implicit cast makes of the rest. Source: AbstractDataType. */
export type InputType = {
  /** For messages: `"STRING"`, `("NUMERIC" or "INTERVAL")`. */
  readonly name: string;
  readonly accepts: (type: DataType) => boolean;
  /** What an argument of another type is cast to, when that is allowed implicitly; undefined: it is an error. */
  readonly castFrom: (type: DataType, settings: SessionSettings) => DataType | undefined;
};

/** DuckDB text of a call: `$1`, `$2` … are the arguments, `$*` all of them with commas; or a function that writes it. Arguments come in parentheses where they need them. */
export type Kernel<C> = string | ((args: readonly string[], call: C, emit: KernelContext) => string);
export type KernelContext = {
  readonly settings: SessionSettings;
  /** DuckDB's name of a type. */
  readonly typeName: (type: DataType) => string;
  /** A literal text, quoted. */
  readonly quote: (text: string) => string;
  /** An expression that is an error of this condition when it is computed: `error('…')`. */
  readonly raise: (condition: string, parameters?: Readonly<Record<string, string>>) => string;
  /** The same with parameters whose values are DuckDB texts of strings, computed with the row. */
  readonly raiseWith: (
    condition: string,
    parameters: Readonly<Record<string, string>>,
    computed: Readonly<Record<string, string>>,
  ) => string;
  /** A name that nothing else in the text has: for a lambda's variable. */
  readonly nextAlias: () => string;
  readonly emit: (expr: Expr) => string;
  /**
   * Whether a decimal may be computed in the 64 bits of its operands, which is many times as fast as 128: where it overflows, the whole query
   * is computed again in full widths. Only below aggregates: no row has been given out before all were computed. Asking counts as doing so.
   */
  readonly narrowsDecimals: () => boolean;
  /**
   * DuckDB's aggregate of this name over these arguments, with the call's DISTINCT and FILTER and the window around it: what kernels of aggregates
   * stand on. `where` is a condition besides the call's; `order` stands after the arguments (`x DESC NULLS LAST`). A name with `$1` is a text to fill.
   */
  readonly aggregateOf: (
    call: AggregateCall,
    name: string,
    args: readonly string[],
    more?: { readonly where?: string; readonly order?: string; readonly isDistinct?: boolean },
  ) => string;
  /** A window function of DuckDB with the call's IGNORE NULLS and the window around it. `more` are arguments after the first. */
  readonly windowOf: (call: { readonly ignoreNulls?: boolean }, name: string, args: readonly string[]) => string;
  /** Whether an aggregate's text will stand in a window. */
  readonly isWindow: () => boolean;
  readonly sortKey: (order: SortOrder) => string;
  /** A JavaScript function of the engine (../kernel/js-functions.ts) by name, registered with the kernel before the query runs. @returns its name in SQL */
  readonly jsFunction: (name: string, ...parameters: string[]) => string;
  /** A function of the program for arguments of these types, registered likewise. @returns its name in SQL */
  readonly userFunction: (f: UserFunction, types: readonly DataType[]) => string;
};

/** Resolves a call of another function of the registry: arguments are coerced. */
export type MakeCall = (name: string, args: readonly Expr[]) => Expr;

export type LambdaVariableType = { readonly dataType: DataType; readonly nullable: boolean };

type Base = {
  /** Canonical, lower case. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Of functions whose arguments can be given by name: `explode(collection => …)`. */
  readonly parameterNames?: readonly string[];
  /** Of the last of `parameterNames`: what stands where one is left out between others. */
  readonly parameterDefaults?: readonly Expr[];
  /** Least and most arguments. */
  readonly arity: readonly [least: number, most: number];
  /** By position; the last one holds for all after it. Left out: `coerce` does it all, or arguments are taken as they are. */
  readonly inputs?: readonly InputType[];
  /** Brings the arguments to their types where positions alone do not say them. Runs before `inputs`. @throws AnalysisException DATATYPE_MISMATCH.… */
  readonly coerce?: (args: readonly Expr[], settings: SessionSettings) => readonly Expr[];
  readonly result: DataType | ((args: readonly Expr[], settings: SessionSettings) => DataType);
  /** Left out: nullable when an argument is. */
  readonly nullable?: boolean | ((args: readonly Expr[], settings: SessionSettings) => boolean);
  /** The column's name when there is no alias; left out: `name(arg, arg)`. `args` are the arguments' names. */
  readonly resultName?: (args: readonly string[], exprs: readonly Expr[]) => string;
  /**
   * Functions with lambdas: the types of the variables of argument `index`, at most so many (a lambda may take fewer); undefined: no lambda can stand
   * there. `args` are the arguments before it, lambdas too.
   */
  readonly lambdaTypes?: (args: readonly Expr[], index: number, settings: SessionSettings) => readonly LambdaVariableType[] | undefined;
  /** False: rand(), uuid(), monotonically_increasing_id(). */
  readonly deterministic?: boolean;
};
export type ScalarSpec = Base & {
  readonly kind: 'scalar';
  /** A constant of the query, known when it starts: current_date(). The analyser puts it in the call's place. */
  readonly atStart?: (settings: SessionSettings, nowMicros: bigint, args: readonly Expr[]) => Literal;
  readonly kernel?: Kernel<Call>;
  /** Instead of a kernel: another expression that means the same (Spark's RuntimeReplaceable). Arguments are coerced. */
  readonly rewrite?: (args: readonly Expr[], make: MakeCall, settings: SessionSettings) => Expr;
};
/**
 * How an aggregate is computed in two steps: columns of the partial step, how each is merged, and the value from the merged ones.
 * `merge` is the name of DuckDB's aggregate, a text with the part as `$1`, or what writes it.
 */
export type Partials = {
  readonly parts: readonly {
    readonly dataType: DataType;
    /** Of the program: `partial` and `merge` over rows as they come. */
    readonly streamed?: { readonly partial: Streamed; readonly merge: Streamed };
    readonly partial: Kernel<AggregateCall>;
    readonly merge: string | Exclude<Kernel<AggregateCall>, string>;
    /** Type of the merged part, where it is another. */
    readonly merged?: DataType;
  }[];
  /** `$1` … are the merged parts. */
  readonly final: Kernel<AggregateCall>;
};
/** A step of an Aggregator whose rows may come one after the other, group by group, instead of as a list: `types` are the list's. */
export type Streamed = { readonly user: UserFunction; readonly types: readonly DataType[] };
export type AggregateSpec = Base & {
  readonly kind: 'aggregate';
  /** In one step. A text is one DuckDB aggregate, `name($1)`: DISTINCT and FILTER are put in. A function uses `aggregateOf`. */
  readonly kernel: Kernel<AggregateCall>;
  /** What WITHIN GROUP (ORDER BY …) says of the call: called when `order` is there. */
  readonly withinGroup?: (call: AggregateCall) => AggregateCall;
  /** An Aggregator of the program: two of one name may be two functions. */
  readonly program?: UserAggregate;
  /** The same as `kernel`, without a list. */
  readonly streamed?: Streamed;
  /** Whether WITHIN GROUP, or its absence, goes with the rest of the call. Without this and `withinGroup` there is none. @throws AnalysisException */
  readonly checkOrder?: (call: AggregateCall) => void;
  /** In two steps; left out: rows are brought together first. */
  readonly partials?: (call: AggregateCall) => Partials;
};
export type WindowFunctionSpec = Base & { readonly kind: 'window'; readonly kernel: Kernel<WindowCall> };
export type GeneratorSpec = Base & {
  readonly kind: 'generator';
  readonly elements: (args: readonly Expr[]) => readonly StructField[];
} & (
    | {
        /** A table expression with columns in order, LATERAL to the child: its text. `columns` are the names that it must give. */
        readonly kernel: (args: readonly string[], call: Generator, columns: readonly string[], emit: KernelContext) => string;
      }
    | {
        /** A list of structs for each row of the child: called once for each, in order, as functions of the program must be. */
        readonly list: (args: readonly string[], call: Generator, emit: KernelContext) => string;
      }
  );
export type FunctionSpec = ScalarSpec | AggregateSpec | WindowFunctionSpec | GeneratorSpec;

/** Fills a text kernel. */
export function fill(template: string, args: readonly string[]): string {
  return template.replace(/\$(\*|\d+)/g, (_, which: string) => (which === '*' ? args.join(', ') : (args[Number(which) - 1] ?? 'NULL')));
}
export const kernelText = <C>(kernel: Kernel<C>, args: readonly string[], call: C, emit: KernelContext): string =>
  typeof kernel === 'string' ? fill(kernel, args) : kernel(args, call, emit);
